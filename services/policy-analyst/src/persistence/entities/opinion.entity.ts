import type { Instant } from '@ballast/contracts';
import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { Opinion, Stance } from '../../domain/stance.js';

/** The opinion on one text of one source, once. */
@Entity('opinion')
@Index('opinion_published', ['publishedAt', 'sourceId', 'textId'])
export class OpinionEntity implements Opinion {
  @PrimaryColumn({ name: 'source_id', type: 'text' })
  sourceId!: string;

  @PrimaryColumn({ name: 'text_id', type: 'text' })
  textId!: string;

  @Column({ name: 'title', type: 'text' })
  title!: string;

  @Column({ name: 'stance', type: 'text' })
  stance!: Stance;

  @Column({ name: 'index', type: 'double precision', nullable: true })
  index!: number | null;

  @Column({ name: 'sentences', type: 'jsonb' })
  sentences!: Readonly<Record<Stance, number>>;

  @Column({ name: 'published_at', type: 'timestamptz', precision: 3 })
  publishedAt!: Instant;

  @Column({ name: 'recorded_at', type: 'timestamptz', precision: 3 })
  recordedAt!: Instant;
}
