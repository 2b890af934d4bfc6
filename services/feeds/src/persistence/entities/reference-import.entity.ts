import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Market, ReferenceKind } from '../../domain/reference/fact.js';
import type { ReferenceAnswer, ReferenceRequest } from '../../messages-reference.js';

/** An import of reference facts that somebody asked for, and what became of it. */
@Entity('reference_import')
export class ReferenceImportEntity {
  @PrimaryColumn({ name: 'import_id', type: 'uuid' })
  importId!: string;

  @Column({ name: 'kind', type: 'text' })
  kind!: ReferenceKind;

  @Column({ name: 'market', type: 'text' })
  market!: Market;

  @Column({ name: 'source', type: 'text' })
  source!: string;

  @Column({ name: 'request', type: 'jsonb' })
  request!: ReferenceRequest;

  @Column({ name: 'status', type: 'text' })
  status!: 'running' | 'imported' | 'known' | 'refused';

  @Column({ name: 'code', type: 'text', nullable: true })
  code!: string | null;

  @Column({ name: 'reason', type: 'text', nullable: true })
  reason!: string | null;

  /** What the reading of the file came to, as it was answered. */
  @Column({ name: 'outcome', type: 'jsonb', nullable: true })
  outcome!: ReferenceAnswer | null;

  @Column({ name: 'requested_at', type: 'timestamptz', precision: 3 })
  requestedAt!: string;

  @Column({ name: 'finished_at', type: 'timestamptz', precision: 3, nullable: true })
  finishedAt!: string | null;
}
