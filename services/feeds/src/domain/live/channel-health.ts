import { sessionAt } from '@ballast/kernel/calendar';
import type { Instant } from '@ballast/contracts';
import type { ChannelTally } from './channel-tally.js';

/**
 * - `never_seen`: nothing was ever told; unhealthy.
 * - `live`: it tells what it can be expected to.
 * - `silent`: in session, and without a word for longer than its bound; unhealthy.
 * - `recovering`: the connection is away, or what was missed is being fetched; unhealthy.
 * - `out_of_session`: the exchange is closed, and silence means nothing.
 */
export type ChannelState = 'never_seen' | 'live' | 'silent' | 'recovering' | 'out_of_session';

/** The bounds on silence, in ms of session time. */
export interface SilenceBounds {
  /** No channel is called silent sooner. */
  readonly silenceMinMs: number;
  /** No bound of a channel is longer; one that would need a longer has none, and is judged by its connection. */
  readonly silenceMaxMs: number;
  /** How long a connection may be without a sign of life. */
  readonly connectionMs: number;
}

/** How often the longest pause a channel may be silent. */
const PAUSES = 3;
/** How much longer than its bound a channel may take to recover before it counts as silent. */
const RECOVERY_MS = 120_000;
/** Before it made so many pauses nothing is known of a channel, and its bound is the longest there is. */
const PAUSES_KNOWN = 20;
/** Before it was watched for this long its pauses may yet become longer, and its bound is a minute at the least. */
const WATCHED_MS_MIN = 10 * 60_000;
const WATCHED_LITTLE_MS = 60_000;

/**
 * How long a channel may be silent in session before it counts as such, in ms: three times the longest pause it lately
 * made, within the bounds. Null for one that pauses so long that silence says nothing: a symbol that rarely trades
 * must not be taken for a dead line.
 */
export function silenceBoundMs(tally: ChannelTally, bounds: SilenceBounds): number | null {
  const { silenceMinMs, silenceMaxMs } = bounds;
  const bound = Math.ceil(Math.max(leastMs(tally, bounds), silenceMinMs, PAUSES * (tally.longestPauseMs ?? 0)));
  return bound > silenceMaxMs ? null : bound;
}

function leastMs({ pauses, watchedMs }: ChannelTally, { silenceMaxMs }: SilenceBounds): number {
  if (watchedMs >= WATCHED_MS_MIN) return 0;
  return pauses < PAUSES_KNOWN ? silenceMaxMs : WATCHED_LITTLE_MS;
}

/** What is judged of a channel. */
export interface ChannelJudgement {
  readonly state: ChannelState;
  /** How long it has been silent in this session, in ms; 0 out of session. */
  readonly silentMs: number;
  readonly boundMs: number | null;
  /** Whether it was watched for long enough to rely on its bound. */
  readonly known: boolean;
}

/**
 * Judges a channel by the session clock of NYSE at a moment of the source's time.
 * A channel that recovers without a word for two minutes beyond its bound counts as silent: lines that break again and
 * again must not hide it.
 * @param well whether the connection is open and the channel does not recover from an interruption.
 */
export function judgeChannel(tally: ChannelTally, well: boolean, at: Instant, bounds: SilenceBounds): ChannelJudgement {
  const boundMs = silenceBoundMs(tally, bounds);
  const known = tally.watchedMs >= WATCHED_MS_MIN;
  const session = sessionAt(at);
  const { lastReceivedMs, listeningMs } = tally;
  const since = session && Math.max(Date.parse(session.open), lastReceivedMs ?? listeningMs);
  const silentMs = since === null ? 0 : Math.max(0, Date.parse(at) - since);
  const judged = (state: ChannelState): ChannelJudgement => ({ state, silentMs, boundMs, known });
  if (lastReceivedMs === null) return judged('never_seen');
  if (session === null) return judged('out_of_session');
  const recovering = !well && silentMs <= (boundMs ?? bounds.silenceMaxMs) + RECOVERY_MS;
  if (recovering) return judged('recovering');
  if (!well) return judged('silent');
  return judged(boundMs !== null && silentMs > boundMs ? 'silent' : 'live');
}

/**
 * Whether a connection that answers pings tells nothing: at least one channel has a bound on its silence that can be
 * relied on, and every one that has is beyond it. Such a connection is given up for another.
 */
export function isMute(judgements: readonly ChannelJudgement[]): boolean {
  const expected = judgements.filter(
    ({ state, boundMs, known }) => known && boundMs !== null && state !== 'never_seen',
  );
  return expected.length > 0 && expected.every(({ state }) => state === 'silent');
}
