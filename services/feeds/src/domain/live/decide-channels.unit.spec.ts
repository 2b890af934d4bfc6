// Goal: people are told once an episode, and once when it is over; in session only, and not channel by channel of a dead line.
import { describe, expect, it } from '@jest/globals';
import { sessionAt } from '@ballast/kernel/calendar';
import type { SilenceBounds } from './channel-health.js';
import { heard, silentTally, type ChannelTally } from './channel-tally.js';
import { decideChannels, rowKey } from './decide-channels.js';
import type {
  ChannelObservation,
  ChannelRow,
  ConnectionObservation,
  FeedRow,
  Observation,
  Refusal,
} from './observation.js';
import { venueTimeOfMs, type Channel, type Trade } from './tick.js';

const BOUNDS: SilenceBounds = { silenceMinMs: 30_000, silenceMaxMs: 300_000, connectionMs: 30_000 };
const OPEN = Date.parse('2024-03-04T14:30:00.000Z');
const NOON = OPEN + 9_000_000;
const CLOSE = Date.parse('2024-03-04T21:00:00.000Z');
const iso = (ms: number): string => new Date(ms).toISOString();
const NO_COUNTS = { conflated: 0, repeated: 0, refused: 0, fetched: 0, lost: 0, gaps: 0, losses: 0 };

const tick = (atMs: number): Trade => ({
  ...{ kind: 'trade', symbol: 'SPY', at: venueTimeOfMs(atMs), id: '1', exchange: 'P', price: '1', size: '1' },
  ...{ conditions: [], tape: 'B', update: null },
});

/** Spoke each second of the quarter of an hour before noon, and last at `lastMs`. */
function busy(lastMs = NOON): ChannelTally {
  let tally = silentTally(OPEN);
  for (let at = NOON - 900_000; at <= NOON; at += 1_000) tally = heard(tally, tick(at), at, sessionAt(iso(at)));
  return { ...tally, lastReceivedMs: lastMs };
}

const seen = (
  tally: ChannelTally,
  symbol = 'SPY',
  channel: Channel = 'trades',
  recovering = false,
): ChannelObservation => ({
  ...{ symbol, channel, tally, recovering },
});

/** A source that is watched: each step is seen at a moment, and answers what people are told then. */
class Watch {
  feed: FeedRow | null = null;
  readonly rows = new Map<string, ChannelRow>();

  constructor(private readonly more: Partial<Observation> = {}) {}

  see(
    atMs: number,
    what: {
      line?: Partial<ConnectionObservation>;
      channels?: ChannelObservation[];
      counts?: Partial<typeof NO_COUNTS>;
      startedAt?: string;
    } = {},
  ): string[] {
    const decided = decideChannels(
      this.feed,
      this.rows,
      {
        ...{ source: 'alpaca:iex', simulated: false, at: iso(atMs), losses: [], ...this.more },
        startedAt: what.startedAt ?? iso(OPEN),
        connection: {
          state: 'open',
          since: iso(OPEN),
          aliveAt: iso(atMs),
          reason: null,
          refusal: null,
          opened: 1,
          ...what.line,
        },
        channels: what.channels ?? [],
        counts: { ...NO_COUNTS, ...what.counts },
      },
      BOUNDS,
    );
    this.feed = decided.feed;
    for (const row of decided.channels) this.rows.set(rowKey(row), row);
    for (const alert of decided.alerts) expect(alert.nextStep).not.toBe('');
    this.messages = decided.alerts.map(({ message }) => message);
    return decided.alerts.map(({ code, severity }) => `${code} ${severity}`);
  }

  messages: string[] = [];
  state = (key = 'SPY trades'): string | undefined => this.rows.get(key)?.state;
}

describe('a channel', () => {
  const silent = [seen(busy())];

  it('that falls silent is told once, goes on being so while its line recovers, and ends once', () => {
    const watch = new Watch();
    expect(watch.see(NOON + 30_000, { channels: silent })).toEqual([]);
    expect(watch.see(NOON + 31_000, { channels: silent })).toEqual(['FEED_SILENT warning']);
    expect(watch.see(NOON + 36_000, { channels: silent })).toEqual([]);
    expect(watch.see(NOON + 40_000, { channels: [seen(busy(), 'SPY', 'trades', true)] })).toEqual([]);
    expect(watch.state()).toBe('recovering');
    expect(watch.see(NOON + 50_000, { channels: silent })).toEqual([]);
    expect(watch.see(NOON + 60_000, { channels: [seen(busy(NOON + 59_000))] })).toEqual(['FEED_SILENT info']);
    expect(watch.see(NOON + 91_000, { channels: [seen(busy(NOON + 59_000))] })).toEqual(['FEED_SILENT warning']);
  });

  it('that is silent when the exchange closes ends without a word, and is told anew in the next session', () => {
    const watch = new Watch();
    const late = [seen(busy(CLOSE - 60_000))];
    expect(watch.see(CLOSE - 1_000, { channels: late })).toEqual(['FEED_SILENT warning']);
    expect(watch.see(CLOSE, { channels: late })).toEqual([]);
    expect(watch.state()).toBe('out_of_session');
    expect(watch.see(OPEN + 86_400_000 + 31_000, { channels: late })).toEqual(['FEED_SILENT warning']);
  });

  it('that falls silent with others is told of together with them, five by name', () => {
    const watch = new Watch();
    const channels = Array.from({ length: 7 }, (_, i) => seen(busy(), `S${i}`));
    expect(watch.see(NOON + 31_000, { channels })).toEqual(['FEED_SILENT warning']);
    expect(watch.messages[0]).toMatch(/7 channels .*S0 trades \(31 s, bound 30 s\), .*S4 trades .* and 2 more/);
  });

  it('that never spoke is told after three minutes of session, once, and when it speaks at last', () => {
    const watch = new Watch();
    const never = [seen(silentTally(OPEN - 3_600_000), 'XYZ', 'quotes')];
    expect(watch.see(OPEN - 60_000, { channels: never })).toEqual([]);
    expect(watch.see(OPEN + 180_000, { channels: never })).toEqual([]);
    expect(watch.see(OPEN + 181_000, { channels: never })).toEqual(['FEED_NEVER_SEEN warning']);
    expect(watch.see(OPEN + 190_000, { channels: never })).toEqual([]);
    const spoke = heard(silentTally(OPEN), tick(OPEN + 195_000), OPEN + 195_000, sessionAt(iso(OPEN)));
    expect(watch.see(OPEN + 196_000, { channels: [seen(spoke, 'XYZ', 'quotes')] })).toEqual(['FEED_NEVER_SEEN info']);
  });
});

describe('a line', () => {
  const away = (aliveMs: number): Partial<ConnectionObservation> => ({
    state: 'waiting',
    aliveAt: iso(aliveMs),
    reason: 'cut',
  });

  it('that is dead is told once, its channels not at all, and its return once', () => {
    const watch = new Watch();
    const channels = [seen(busy())];
    expect(watch.see(NOON + 30_000, { line: away(NOON), channels })).toEqual([]);
    expect(watch.see(NOON + 31_000, { line: away(NOON), channels })).toEqual(['FEED_SILENT critical']);
    expect(watch.see(NOON + 300_000, { line: away(NOON), channels })).toEqual([]);
    expect(watch.see(NOON + 310_000)).toEqual(['FEED_SILENT info']);
    expect(watch.messages[0]).toContain('after 279 s');
  });

  it.each([
    ['out of session', CLOSE, away(CLOSE - 1_000)],
    ['when a recording has ended', NOON, { ...away(NOON - 900_000), state: 'ended' as const }],
  ])('that tells nothing %s is not told of', (_, atMs, line) => {
    expect(new Watch().see(atMs + 600_000, { line })).toEqual([]);
  });

  it('that never opened is told of too', () => {
    const watch = new Watch();
    const line = { state: 'connecting', aliveAt: null } as const;
    expect(watch.see(NOON + 31_000, { line, startedAt: iso(NOON) })).toEqual(['FEED_SILENT critical']);
  });
});

describe('a refusal', () => {
  const refusal = (code: string, triesAgain: boolean): Refusal => ({
    code,
    reason: 'no',
    nextStep: 'do something',
    triesAgain,
  });

  it('for good is critical, and told once', () => {
    const watch = new Watch();
    const line = { state: 'refused', refusal: refusal('STREAM_402', false) } as const;
    expect(watch.see(NOON, { line })).toEqual(['FEED_REFUSED critical']);
    expect(watch.see(NOON + 600_000, { line: { ...line, aliveAt: iso(NOON) } })).toEqual([]);
  });

  it('for now is a warning, another one is told anew, and it is over after a minute of an open line', () => {
    const watch = new Watch();
    const waiting = (code: string) => ({ line: { state: 'waiting', refusal: refusal(code, true) } as const });
    expect(watch.see(NOON, waiting('STREAM_406'))).toEqual(['FEED_REFUSED warning']);
    expect(watch.see(NOON + 5_000, waiting('STREAM_406'))).toEqual([]);
    expect(watch.see(NOON + 9_000, waiting('STREAM_407'))).toEqual(['FEED_REFUSED warning']);
    const open = { line: { since: iso(NOON + 10_000) } };
    expect(watch.see(NOON + 60_000, open)).toEqual([]);
    expect(watch.see(NOON + 70_000, open)).toEqual(['FEED_REFUSED info']);
    expect(watch.see(NOON + 80_000, open)).toEqual([]);
  });
});

describe('drops', () => {
  it('are told once while they go on, once more where they are for good, and when they are over', () => {
    const watch = new Watch({ losses: [{ symbol: 'SPY', from: null, to: null, reason: 'WINDOW_EXCEEDED' }] });
    expect(watch.see(NOON, { counts: { conflated: 900 } })).toEqual([]);
    expect(watch.see(NOON + 5_000, { counts: { refused: 3 } })).toEqual(['TICKS_DROPPED warning']);
    expect(watch.see(NOON + 10_000, { counts: { refused: 9 } })).toEqual([]);
    expect(watch.see(NOON + 15_000, { counts: { refused: 9, lost: 1 } })).toEqual(['TICKS_DROPPED critical']);
    expect(watch.messages[0]).toContain('SPY from ? to ? (WINDOW_EXCEEDED)');
    expect(watch.see(NOON + 20_000, { counts: { refused: 12, lost: 2 } })).toEqual([]);
    expect(watch.see(NOON + 79_000, { counts: { refused: 12, lost: 2 } })).toEqual([]);
    expect(watch.see(NOON + 80_000, { counts: { refused: 12, lost: 2 } })).toEqual(['TICKS_DROPPED info']);
  });

  it('count anew with a new listening', () => {
    const watch = new Watch();
    expect(watch.see(NOON, { counts: { losses: 5 } })).toEqual(['TICKS_DROPPED critical']);
    expect(watch.see(NOON + 60_000, { counts: { losses: 5 } })).toEqual(['TICKS_DROPPED info']);
    expect(watch.see(NOON + 90_000, { counts: { losses: 1 }, startedAt: iso(NOON + 80_000) })).toEqual([
      'TICKS_DROPPED critical',
    ]);
  });
});

describe('what is simulated', () => {
  it('says so in all that people are told', () => {
    const watch = new Watch({ source: 'replay', simulated: true });
    watch.see(NOON + 31_000, { channels: [seen(busy())] });
    expect(watch.messages).toEqual([expect.stringMatching(/^replay \(simulated\): /)]);
  });
});
