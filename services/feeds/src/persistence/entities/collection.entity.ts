import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { What } from '../../domain/facts/catalog.js';

/** Something that was to be fetched from a source or read from a file, and what became of it. */
@Entity('collection')
@Index('collection_running', ['what', 'status'])
export class CollectionEntity {
  @PrimaryColumn({ name: 'collection_id', type: 'uuid' })
  collectionId!: string;

  @Column({ name: 'what', type: 'text' })
  what!: What;

  @Column({ name: 'source', type: 'text' })
  source!: string;

  @Column({ name: 'subject', type: 'text', nullable: true })
  subject!: string | null;

  @Column({ name: 'date', type: 'date', nullable: true })
  date!: string | null;

  @Column({ name: 'synthetic', type: 'boolean' })
  synthetic!: boolean;

  /** The file that is read; null where the source is asked. */
  @Column({ name: 'path', type: 'text', nullable: true })
  path!: string | null;

  @Column({ name: 'status', type: 'text' })
  status!: 'running' | 'collected' | 'refused';

  @Column({ name: 'code', type: 'text', nullable: true })
  code!: string | null;

  @Column({ name: 'reason', type: 'text', nullable: true })
  reason!: string | null;

  @Column({ name: 'next_step', type: 'text', nullable: true })
  nextStep!: string | null;

  /** What the reading came to. */
  @Column({ name: 'report', type: 'jsonb', nullable: true })
  report!: object | null;

  @Column({ name: 'requested_at', type: 'timestamptz', precision: 3 })
  requestedAt!: string;

  @Column({ name: 'finished_at', type: 'timestamptz', precision: 3, nullable: true })
  finishedAt!: string | null;
}
