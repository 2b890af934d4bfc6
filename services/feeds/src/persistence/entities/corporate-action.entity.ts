import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { ActionType } from '../../domain/actions.js';

/** What is, or was, known of one type of action of a symbol on a date; see `domain/actions.ts`. */
@Entity('corporate_action')
@Index('corporate_action_current', ['source', 'symbol', 'date', 'type'], {
  unique: true,
  where: 'superseded_at is null',
})
export class CorporateActionEntity {
  @PrimaryColumn({ name: 'source', type: 'text' })
  source!: string;

  @PrimaryColumn({ name: 'symbol', type: 'text' })
  symbol!: string;

  /** The ex-date. */
  @PrimaryColumn({ name: 'date', type: 'date' })
  date!: string;

  @PrimaryColumn({ name: 'type', type: 'text' })
  type!: ActionType;

  /** The import that told it. */
  @PrimaryColumn({ name: 'import_id', type: 'uuid' })
  importId!: string;

  @Column({ name: 'terms', type: 'text', array: true })
  terms!: string[];

  @Column({ name: 'known_at', type: 'timestamptz', precision: 3 })
  knownAt!: string;

  /** When another import said otherwise; null while it is believed. */
  @Column({ name: 'superseded_at', type: 'timestamptz', precision: 3, nullable: true })
  supersededAt!: string | null;
}
