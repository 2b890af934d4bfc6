import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { CheckAnswer } from '../../messages.js';

/** What the last check of a source came to. */
@Entity('source_quality')
export class SourceQualityEntity {
  @PrimaryColumn({ name: 'source', type: 'text' })
  source!: string;

  /** The import after which it was checked. */
  @Column({ name: 'import_id', type: 'uuid' })
  importId!: string;

  @Column({ name: 'totals', type: 'jsonb' })
  totals!: CheckAnswer;

  @Column({ name: 'checked_at', type: 'timestamptz', precision: 3 })
  checkedAt!: string;
}
