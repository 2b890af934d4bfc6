import type { Session } from '@ballast/kernel/calendar';
import type { Tick, VenueTime } from './tick.js';

/** How fast the longest pause of a channel is forgotten: to 37 % in half an hour of session. */
const PAUSE_FORGOTTEN_MS = 30 * 60_000;

/** What a channel of a symbol has told so far. Moments are ms since 1970, in the time of the source. */
export interface ChannelTally {
  /** When listening began. */
  readonly listeningMs: number;
  readonly received: number;
  readonly lastReceivedMs: number | null;
  readonly lastVenueAt: VenueTime | null;
  /** The longest pause between two ticks within one session and connection, forgotten slowly. Null before the second. */
  readonly longestPauseMs: number | null;
  /** How many pauses that was told from. */
  readonly pauses: number;
  /** Within sessions, the time that ticks were watched for. */
  readonly watchedMs: number;
  /** When the tick came that the next pause is counted from; null after an interruption. */
  readonly pauseFromMs: number | null;
  readonly gaps: number;
  /** The tick that came last. */
  readonly last: Tick | null;
}

/** A channel that has told nothing yet. */
export const silentTally = (listeningMs: number): ChannelTally => ({
  ...{ listeningMs, received: 0, lastReceivedMs: null, lastVenueAt: null, longestPauseMs: null },
  ...{ pauses: 0, watchedMs: 0, pauseFromMs: null, gaps: 0, last: null },
});

/**
 * Counts a tick that came at a moment. Pauses count within a session only: what a market does outside of it says nothing
 * of how long it may be silent within.
 * @param session the session at that moment; null outside of one.
 */
export function heard(tally: ChannelTally, tick: Tick, nowMs: number, session: Session | null): ChannelTally {
  const from = tally.pauseFromMs;
  const counts = session !== null && from !== null && from >= Date.parse(session.open);
  const pause = counts ? Math.max(0, nowMs - from) : 0;
  const faded = (tally.longestPauseMs ?? 0) * Math.exp(-pause / PAUSE_FORGOTTEN_MS);
  return {
    ...tally,
    received: tally.received + 1,
    lastReceivedMs: nowMs,
    lastVenueAt: tick.at,
    longestPauseMs: counts ? Math.max(pause, faded) : tally.longestPauseMs,
    pauses: tally.pauses + (counts ? 1 : 0),
    watchedMs: tally.watchedMs + pause,
    pauseFromMs: session === null ? null : nowMs,
    last: tick,
  };
}

/** The connection broke: the pause until the next tick is not the channel's. */
export const interrupted = (tally: ChannelTally): ChannelTally => ({ ...tally, pauseFromMs: null });

/** A gap was opened in what the channel told. */
export const gapped = (tally: ChannelTally): ChannelTally => ({ ...tally, gaps: tally.gaps + 1 });
