import { Instant, local, TickerSymbol } from '@ballast/contracts';
import { z } from 'zod';
import type { Observation } from './domain/live/observation.js';
import { CHANNELS, type Tick } from './domain/live/tick.js';

/** A tick as it was heard; its shape was checked when it was. */
const HeardTick = z.custom<Tick>(
  (value) => typeof value === 'object' && value !== null && 'kind' in value && 'symbol' in value,
);

const Tally = z.object({
  listeningMs: z.number(),
  received: z.int(),
  lastReceivedMs: z.number().nullable(),
  lastVenueAt: z.string().nullable(),
  longestPauseMs: z.number().nullable(),
  pauses: z.int(),
  watchedMs: z.number(),
  pauseFromMs: z.number().nullable(),
  gaps: z.int(),
  /** The tick that was looked at, copied: the stream of ticks forgets it. */
  last: HeardTick.nullable(),
});

const Connection = z.object({
  state: z.enum(['connecting', 'open', 'waiting', 'refused', 'ended']),
  since: Instant,
  aliveAt: Instant.nullable(),
  reason: z.string().nullable(),
  refusal: z.object({ code: z.string(), reason: z.string(), nextStep: z.string(), triesAgain: z.boolean() }).nullable(),
  opened: z.int(),
});

const Observed = z.object({
  source: z.string(),
  simulated: z.boolean(),
  startedAt: Instant,
  at: Instant,
  connection: Connection,
  channels: z.array(
    z.object({ symbol: TickerSymbol, channel: z.enum(CHANNELS), tally: Tally, recovering: z.boolean() }),
  ),
  counts: z.object({
    ...{ conflated: z.int(), repeated: z.int(), refused: z.int(), fetched: z.int() },
    ...{ lost: z.int(), gaps: z.int(), losses: z.int() },
  }),
  losses: z.array(
    z.object({ symbol: z.string(), from: z.string().nullable(), to: z.string().nullable(), reason: z.string() }),
  ),
}) satisfies z.ZodType<Observation>;

/** What was seen of the live source and its channels at a moment. */
export const ChannelsObserved = local('command.channels-observed', Observed);
export type ChannelsObserved = Observation;
