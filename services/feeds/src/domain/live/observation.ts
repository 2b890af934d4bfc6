import type { Instant } from '@ballast/contracts';
import type { ChannelState } from './channel-health.js';
import type { ChannelTally } from './channel-tally.js';
import type { Channel } from './tick.js';
import type { BufferCounts, Loss } from './tick-buffer.js';

/** Why the venue does not let us listen, and what a person can do. */
export interface Refusal {
  /** Stable, in capitals: `STREAM_402`. */
  readonly code: string;
  readonly reason: string;
  readonly nextStep: string;
  /** False where connecting again cannot help before a person has changed something. */
  readonly triesAgain: boolean;
}

/** How the line to a source stands. */
export interface ConnectionObservation {
  /** `ended` is a recording that was played to its end. */
  readonly state: 'connecting' | 'open' | 'waiting' | 'refused' | 'ended';
  readonly since: Instant;
  /** The last sign of life: a message, or the answer to a ping. */
  readonly aliveAt: Instant | null;
  /** Why it is not open; null while it is. */
  readonly reason: string | null;
  /** The last refusal; it stands until it was told while the line was open again. */
  readonly refusal: Refusal | null;
  /** How often it was opened. */
  readonly opened: number;
}

export interface ChannelObservation {
  readonly symbol: string;
  readonly channel: Channel;
  /** What it told so far, with the tick that was looked at. */
  readonly tally: ChannelTally;
  /** Whether missed trades are being fetched, or the line was opened again just now and nothing came yet. */
  readonly recovering: boolean;
}

/** What was seen of a source at a moment. Moments are in the time of the source, which for a recording is that of its day. */
export interface Observation {
  readonly source: string;
  /** True where the ticks are not those of a market now. */
  readonly simulated: boolean;
  /** When this listening began; counts begin anew with it. */
  readonly startedAt: Instant;
  readonly at: Instant;
  readonly connection: ConnectionObservation;
  /** The channels that may have changed; all of them from time to time. */
  readonly channels: readonly ChannelObservation[];
  readonly counts: BufferCounts;
  readonly losses: readonly Loss[];
}

/** A channel as it was judged last. */
export interface ChannelRow {
  readonly symbol: string;
  readonly channel: Channel;
  readonly source: string;
  readonly simulated: boolean;
  readonly state: ChannelState;
  readonly since: Instant;
  /** Whether people were told of its state. */
  readonly told: boolean;
  readonly boundMs: number | null;
  readonly received: number;
  readonly gaps: number;
  readonly lastReceivedAt: Instant | null;
  readonly lastVenueAt: string | null;
  readonly observedAt: Instant;
}

/** A source as it was judged last. */
export interface FeedRow {
  readonly source: string;
  readonly simulated: boolean;
  readonly startedAt: Instant;
  readonly observedAt: Instant;
  readonly connection: ConnectionObservation;
  /** Since when people have known of its silence; null where there is none. */
  readonly silentSince: Instant | null;
  /** The code of the refusal that people were told of. */
  readonly refusedCode: string | null;
  /** When ticks were dropped last in the episode that people were told of. */
  readonly droppedAt: Instant | null;
  readonly lossTold: boolean;
  readonly counts: BufferCounts;
}
