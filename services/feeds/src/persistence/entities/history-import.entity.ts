import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { ImportAnswer, ImportInput } from '../../messages.js';

/** An import that somebody asked for, and what became of it. */
@Entity('history_import')
@Index('history_import_source', ['source', 'turn'])
export class HistoryImportEntity {
  @PrimaryColumn({ name: 'import_id', type: 'uuid' })
  importId!: string;

  @Column({ name: 'source', type: 'text' })
  source!: string;

  @Column({ name: 'synthetic', type: 'boolean' })
  synthetic!: boolean;

  /** Whether bars that are known may be given other values. */
  @Column({ name: 'replaces', type: 'boolean' })
  replaces!: boolean;

  @Column({ name: 'input', type: 'jsonb' })
  input!: ImportInput;

  @Column({ name: 'status', type: 'text' })
  status!: 'running' | 'imported' | 'known' | 'refused';

  @Column({ name: 'content_hash', type: 'text', nullable: true })
  contentHash!: string | null;

  @Column({ name: 'code', type: 'text', nullable: true })
  code!: string | null;

  @Column({ name: 'reason', type: 'text', nullable: true })
  reason!: string | null;

  /** What the reading of the file came to, as it was answered. */
  @Column({ name: 'outcome', type: 'jsonb', nullable: true })
  outcome!: ImportAnswer | null;

  /** The place among all imports that have ended, for two of them can end at one instant; null while it runs. */
  @Column({ name: 'turn', type: 'integer', nullable: true, unique: true })
  turn!: number | null;

  @Column({ name: 'requested_at', type: 'timestamptz', precision: 3 })
  requestedAt!: string;

  @Column({ name: 'finished_at', type: 'timestamptz', precision: 3, nullable: true })
  finishedAt!: string | null;
}
