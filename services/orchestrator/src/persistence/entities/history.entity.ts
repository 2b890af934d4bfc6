import type { Instant, SessionDate } from '@ballast/contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The last import of a source: with one of them, packs can be sealed. */
@Entity('history')
export class HistoryEntity {
  @PrimaryColumn({ name: 'source', type: 'text' })
  source!: string;

  @Column({ name: 'first_session', type: 'date' })
  firstSession!: SessionDate;

  @Column({ name: 'last_session', type: 'date' })
  lastSession!: SessionDate;

  @Column({ name: 'imported_at', type: 'timestamptz', precision: 3 })
  importedAt!: Instant;
}
