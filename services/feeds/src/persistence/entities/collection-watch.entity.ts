import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { DailyWhat } from '../../domain/facts/daily.js';

/** Why a collection was refused. */
export interface CollectionFailure {
  readonly at: string;
  readonly code: string;
  readonly reason: string;
  readonly nextStep: string;
}

/** Something that is collected every day: when it is next, and how it went last. */
@Entity('collection_watch')
export class CollectionWatchEntity {
  @PrimaryColumn({ name: 'what', type: 'text' })
  what!: DailyWhat;

  /** Empty where the kind has none. */
  @PrimaryColumn({ name: 'subject', type: 'text' })
  subject!: string;

  @Column({ name: 'due_at', type: 'timestamptz', precision: 3 })
  dueAt!: string;

  /** When it was last taken in whole; null where it never was. */
  @Column({ name: 'collected_at', type: 'timestamptz', precision: 3, nullable: true })
  collectedAt!: string | null;

  /** Why nothing was taken the last time; null where something was. */
  @Column({ name: 'failure', type: 'jsonb', nullable: true })
  failure!: CollectionFailure | null;
}
