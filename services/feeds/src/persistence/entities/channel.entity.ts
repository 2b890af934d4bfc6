import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ChannelState } from '../../domain/live/channel-health.js';
import type { Channel, Tick } from '../../domain/live/tick.js';

/** A channel of the live source, as it was judged last. */
@Entity('channel')
export class ChannelEntity {
  @PrimaryColumn({ name: 'symbol', type: 'text' })
  symbol!: string;

  /** trades, quotes or bars. */
  @PrimaryColumn({ name: 'channel', type: 'text' })
  channel!: Channel;

  @Column({ name: 'source', type: 'text' })
  source!: string;

  @Column({ name: 'simulated', type: 'boolean' })
  simulated!: boolean;

  @Column({ name: 'state', type: 'text' })
  state!: ChannelState;

  /** In the time of the source, as all moments here. */
  @Column({ name: 'since_at', type: 'timestamptz', precision: 3 })
  since!: string;

  /** Whether people were told of this state. */
  @Column({ name: 'told', type: 'boolean' })
  told!: boolean;

  /** How long it may be silent; null where nobody can say. */
  @Column({ name: 'bound_ms', type: 'integer', nullable: true })
  boundMs!: number | null;

  @Column({ name: 'received', type: 'integer' })
  received!: number;

  @Column({ name: 'gaps', type: 'integer' })
  gaps!: number;

  @Column({ name: 'last_received_at', type: 'timestamptz', precision: 3, nullable: true })
  lastReceivedAt!: string | null;

  /** With nine digits of fraction, as the venue told it. */
  @Column({ name: 'last_venue_at', type: 'text', nullable: true })
  lastVenueAt!: string | null;

  /** The tick that was looked at. */
  @Column({ name: 'last_tick', type: 'jsonb', nullable: true })
  lastTick!: Tick | null;

  @Column({ name: 'observed_at', type: 'timestamptz', precision: 3 })
  observedAt!: string;
}
