import type { AlertData, Instant } from '@ballast/contracts';
import { sessionAt } from '@ballast/kernel/calendar';
import { judgeChannel, type ChannelJudgement, type ChannelState, type SilenceBounds } from './channel-health.js';
import type { ChannelObservation, ChannelRow, FeedRow, Observation } from './observation.js';
import type { BufferCounts } from './tick-buffer.js';

type Alert = Omit<AlertData, 'at'>;

/** How long a channel may have told nothing at all in session before people are told. */
export const NEVER_SEEN_MS = 180_000;
/** How long no tick may have been dropped, and a line must have been open, before an episode counts as over. */
const OVER_MS = 60_000;
/** Channels that an alert names; it counts all of them. */
const NAMED_MAX = 5;

export interface Decided {
  readonly feed: FeedRow;
  readonly channels: readonly ChannelRow[];
  readonly alerts: readonly Alert[];
}

/**
 * Judges what was observed of a source against what was known of it, and says what people have to know: once an episode,
 * and once more when it is over. While the line itself is away its channels are not told of one by one.
 * @param feed what was known of the source; null where another source, or none, was listened to before.
 * @param known what was known of the channels of that source, by `symbol channel`.
 */
export function decideChannels(
  feed: FeedRow | null,
  known: ReadonlyMap<string, ChannelRow>,
  observed: Observation,
  bounds: SilenceBounds,
): Decided {
  const line = judgeLine(feed, observed, bounds);
  const lineIsWell = observed.connection.state === 'open' && line.silentSince === null;
  const judged = observed.channels.map((channel) => judgeRow(known, channel, observed, bounds, lineIsWell));
  const refusal = judgeRefusal(feed, observed);
  const drops = judgeDrops(feed, observed);
  return {
    feed: {
      ...{ source: observed.source, simulated: observed.simulated, startedAt: observed.startedAt },
      ...{ observedAt: observed.at, connection: observed.connection, counts: observed.counts },
      ...{ silentSince: line.silentSince, refusedCode: refusal.refusedCode },
      ...{ droppedAt: drops.droppedAt, lossTold: drops.lossTold },
    },
    channels: judged.map(({ row }) => row),
    alerts: [...line.alerts, ...refusal.alerts, ...channelAlerts(judged, observed), ...drops.alerts],
  };
}

export const rowKey = (row: { readonly symbol: string; readonly channel: string }): string =>
  `${row.symbol} ${row.channel}`;

const msBetween = (from: Instant, to: Instant): number => Math.max(0, Date.parse(to) - Date.parse(from));
const seconds = (ms: number): string => `${Math.round(ms / 1_000)}`;
const nameOf = ({ source, simulated }: Observation): string => (simulated ? `${source} (simulated)` : source);

function judgeLine(feed: FeedRow | null, observed: Observation, { connectionMs }: SilenceBounds) {
  const { connection, at, startedAt } = observed;
  const was = feed?.silentSince ?? null;
  const expected = sessionAt(at) !== null && connection.state !== 'refused' && connection.state !== 'ended';
  const silentMs = msBetween(connection.aliveAt ?? startedAt, at);
  const numbers = { source: nameOf(observed), silent_seconds: seconds(silentMs), bound_seconds: seconds(connectionMs) };
  if (expected && silentMs > connectionMs) {
    if (was !== null) return { silentSince: was, alerts: [] };
    const why = connection.reason === null ? '' : `: ${connection.reason}`;
    const alert: Alert = {
      code: 'FEED_SILENT',
      severity: 'critical',
      message: `${nameOf(observed)} has given no sign of life for ${seconds(silentMs)} s in session (bound ${seconds(connectionMs)} s)${why}`,
      numbers: { ...numbers, state: connection.state, opened: `${connection.opened}` },
      nextStep: `It is connected to again by itself. If this stays, look at the network, and at the venue's status page; prices of this source are not to be relied on meanwhile.`,
    };
    return { silentSince: at, alerts: [alert] };
  }
  if (was === null || connection.state !== 'open') return { silentSince: expected ? was : null, alerts: [] };
  const message = `${nameOf(observed)} is heard again after ${seconds(msBetween(was, at))} s`;
  return { silentSince: null, alerts: [over('FEED_SILENT', message, numbers)] };
}

function judgeRefusal(feed: FeedRow | null, observed: Observation) {
  const { connection, at } = observed;
  const was = feed?.refusedCode ?? null;
  const { refusal } = connection;
  if (refusal && refusal.code !== was) {
    const again = refusal.triesAgain ? 'It is tried again later.' : 'It is not tried again.';
    const alert: Alert = {
      code: 'FEED_REFUSED',
      severity: refusal.triesAgain ? 'warning' : 'critical',
      message: `${nameOf(observed)} does not let us listen (${refusal.code}): ${refusal.reason}. ${again}`,
      numbers: { source: nameOf(observed), refusal: refusal.code, opened: `${connection.opened}` },
      nextStep: refusal.nextStep,
    };
    return { refusedCode: refusal.code, alerts: [alert] };
  }
  const stable = connection.state === 'open' && refusal === null && msBetween(connection.since, at) >= OVER_MS;
  if (was === null || !stable) return { refusedCode: was, alerts: [] };
  const message = `${nameOf(observed)} lets us listen again`;
  return { refusedCode: null, alerts: [over('FEED_REFUSED', message, { source: nameOf(observed), refusal: was })] };
}

interface Judged {
  readonly row: ChannelRow;
  readonly before: ChannelRow | null;
  readonly silentMs: number;
  readonly tell: boolean;
}

function judgeRow(
  known: ReadonlyMap<string, ChannelRow>,
  { symbol, channel, tally, recovering }: ChannelObservation,
  observed: Observation,
  bounds: SilenceBounds,
  lineIsWell: boolean,
): Judged {
  const before = known.get(rowKey({ symbol, channel })) ?? null;
  const judged = judgeChannel(tally, lineIsWell && !recovering, observed.at, bounds);
  const wasTold = before !== null && before.told && isSameEpisode(before.state, judged.state);
  const worthTelling = lineIsWell && sessionAt(observed.at) !== null && isWorthTelling(judged);
  const row: ChannelRow = {
    ...{ symbol, channel, source: observed.source, simulated: observed.simulated },
    ...{ state: judged.state, boundMs: judged.boundMs, told: wasTold || worthTelling },
    since: before?.state === judged.state ? before.since : observed.at,
    ...{ received: tally.received, gaps: tally.gaps, lastVenueAt: tally.lastVenueAt, observedAt: observed.at },
    lastReceivedAt: tally.lastReceivedMs === null ? null : new Date(tally.lastReceivedMs).toISOString(),
  };
  return { row, before, silentMs: judged.silentMs, tell: worthTelling && !wasTold };
}

/** While a channel recovers it is neither heard again nor silent anew. */
const isSameEpisode = (before: ChannelState, now: ChannelState): boolean =>
  before === now || now === 'recovering' || (before === 'recovering' && now === 'silent');

const isWorthTelling = ({ state, silentMs }: ChannelJudgement): boolean =>
  state === 'silent' || (state === 'never_seen' && silentMs > NEVER_SEEN_MS);

function channelAlerts(judged: readonly Judged[], observed: Observation): Alert[] {
  const silent = judged.filter(({ tell, row }) => tell && row.state === 'silent');
  const unseen = judged.filter(({ tell, row }) => tell && row.state === 'never_seen');
  const heardAgain = judged.filter(({ row, before }) => row.state === 'live' && before?.told === true);
  const alerts: Alert[] = [];
  if (silent.length > 0) {
    const named = listed(silent, ({ silentMs, row }) => `${seconds(silentMs)} s, bound ${seconds(row.boundMs ?? 0)} s`);
    alerts.push({
      code: 'FEED_SILENT',
      severity: 'warning',
      message: `${nameOf(observed)}: ${counted(silent)} fell silent in session although the line is open: ${named}`,
      numbers: numbersOf(silent, observed),
      nextStep: 'See "GET /api/v1/feeds/channels". Find out whether the symbol is halted; else ask the venue.',
    });
  }
  if (unseen.length > 0) {
    alerts.push({
      code: 'FEED_NEVER_SEEN',
      severity: 'warning',
      message: `${nameOf(observed)}: ${counted(unseen)} never told anything, ${seconds(NEVER_SEEN_MS)} s into listening in session: ${listed(unseen, ({ silentMs }) => `${seconds(silentMs)} s`)}`,
      numbers: { ...numbersOf(unseen, observed), bound_seconds: seconds(NEVER_SEEN_MS) },
      nextStep: 'Check the spelling in FEEDS_LIVE_SYMBOLS, and that the plan and feed include the symbol.',
    });
  }
  for (const code of ['FEED_SILENT', 'FEED_NEVER_SEEN'] as const) {
    const ended = heardAgain.filter(({ before }) => (before?.state === 'never_seen') === (code === 'FEED_NEVER_SEEN'));
    if (ended.length === 0) continue;
    const named = listed(ended, ({ before }) => `after ${seconds(msBetween(before!.since, observed.at))} s`);
    const message = `${nameOf(observed)}: ${counted(ended)} heard: ${named}`;
    alerts.push(over(code, message, { source: nameOf(observed), channels: `${ended.length}` }));
  }
  return alerts;
}

const counted = (judged: readonly Judged[]): string =>
  judged.length === 1 ? 'one channel' : `${judged.length} channels`;

function listed(judged: readonly Judged[], detail: (each: Judged) => string): string {
  const named = judged.slice(0, NAMED_MAX).map((each) => `${each.row.symbol} ${each.row.channel} (${detail(each)})`);
  const more = judged.length - named.length;
  return named.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

const numbersOf = (judged: readonly Judged[], observed: Observation): Record<string, string> => ({
  source: nameOf(observed),
  channels: `${judged.length}`,
  silent_seconds_max: seconds(Math.max(...judged.map(({ silentMs }) => silentMs))),
});

interface DropEpisode {
  readonly droppedAt: Instant | null;
  readonly lossTold: boolean;
  readonly alerts: readonly Alert[];
}

function judgeDrops(feed: FeedRow | null, observed: Observation): DropEpisode {
  const before = feed?.startedAt === observed.startedAt ? feed.counts : null;
  const grew = (name: keyof BufferCounts): boolean => observed.counts[name] > (before?.[name] ?? 0);
  const gone = grew('lost') || grew('losses');
  const was = { droppedAt: feed?.droppedAt ?? null, lossTold: feed?.lossTold ?? false };
  if (!gone && !grew('refused')) return dropsOver(was, observed);
  const lossTold = gone || was.lossTold;
  // Within an episode people are told once more, where what could be fetched becomes what is lost.
  const known = was.droppedAt !== null && lossTold === was.lossTold;
  return { droppedAt: observed.at, lossTold, alerts: known ? [] : [dropAlert(gone, observed)] };
}

function dropsOver(was: { droppedAt: Instant | null; lossTold: boolean }, observed: Observation): DropEpisode {
  if (was.droppedAt === null || msBetween(was.droppedAt, observed.at) < OVER_MS) return { ...was, alerts: [] };
  const message = `${nameOf(observed)}: no tick has been dropped since ${was.droppedAt}`;
  return { droppedAt: null, lossTold: false, alerts: [over('TICKS_DROPPED', message, dropNumbers(observed))] };
}

function dropAlert(gone: boolean, observed: Observation): Alert {
  const [name, numbers] = [nameOf(observed), dropNumbers(observed)];
  if (!gone) {
    return {
      ...{ code: 'TICKS_DROPPED', severity: 'warning', numbers },
      message: `${name}: ${observed.counts.refused} trades found no room and are fetched again; quotes are down to the latest`,
      nextStep:
        'If it comes again, list fewer symbols in FEEDS_LIVE_SYMBOLS, raise FEEDS_LIVE_TICKS_MAX, or give NATS more of the machine.',
    };
  }
  const last = observed.losses.at(-1);
  const which = last ? ` The last: ${last.symbol} from ${last.from ?? '?'} to ${last.to ?? '?'} (${last.reason}).` : '';
  return {
    ...{ code: 'TICKS_DROPPED', severity: 'critical', numbers, message: `${name}: ticks are lost for good.${which}` },
    nextStep: 'Treat what was made from these ticks as incomplete. See "GET /api/v1/feeds/channels" for the windows.',
  };
}

function dropNumbers(observed: Observation): Record<string, string> {
  const { refused, fetched, conflated, lost, losses } = observed.counts;
  return {
    source: nameOf(observed),
    trades_refused: `${refused}`,
    trades_fetched: `${fetched}`,
    quotes_conflated: `${conflated}`,
    others_lost: `${lost}`,
    windows_lost: `${losses}`,
  };
}

/** Tells the end of an episode under the code that told its beginning. */
const over = (code: string, message: string, numbers: Record<string, string>): Alert => ({
  code,
  severity: 'info',
  message,
  numbers,
  nextStep: 'Nothing: the episode is over.',
});
