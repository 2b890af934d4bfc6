import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { FeedRow } from '../../domain/live/observation.js';

/** The source that live ticks come from, as it was judged last; there is one at a time. */
@Entity('live_feed')
export class LiveFeedEntity {
  @PrimaryColumn({ name: 'source', type: 'text' })
  source!: string;

  @Column({ name: 'judged', type: 'jsonb' })
  judged!: FeedRow;

  /** By our clock; what was judged tells the time of the source. */
  @Column({ name: 'told_at', type: 'timestamptz', precision: 3 })
  toldAt!: string;
}
