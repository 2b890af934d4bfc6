// Goal: silence is noticed within the documented bound, in session only; a venue that refuses is not hammered; what
// cannot be fetched again is said.
import { SimulatedClock } from '@ballast/platform';
import { addMilliseconds } from '@ballast/kernel/calendar';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { RecordedTick } from '../../domain/live/recording.js';
import { HALF_OPEN_MS_MAX } from './alpaca-line.js';
import {
  BOUNDS,
  LiveBench,
  OBSERVE_MS,
  smallDay,
  tradeAt,
  tradesOf,
  type LiveBenchOptions,
} from './live-bench.fixture.js';

const SYMBOLS = ['IBM', 'SPY'];
/** A Monday; the exchange is open from 14:30 to 21:00 UTC. */
const OPEN = '2024-03-04T14:30:00.000Z';
const MINUTE_MS = 60_000;
const ms = (instant: string): number => Date.parse(instant);

let bench: LiveBench | undefined;
let clock: SimulatedClock;
let day: RecordedTick[] = [];
let next = 0;
afterEach(async () => {
  await bench?.stop();
  bench = undefined;
  next = 0;
});

async function begin(
  now: string,
  more: Partial<LiveBenchOptions> & { minutes?: number; key?: string } = {},
): Promise<LiveBench> {
  clock = new SimulatedClock(now);
  day = smallDay(ms(now), (more.minutes ?? 30) * 60, SYMBOLS);
  bench = await LiveBench.start({ clock, symbols: SYMBOLS, ...more }, more.key);
  await bench.settle();
  return bench;
}

/** Lets time pass a second at a time, and what happens in it be told. `only` leaves ticks untold that never happened. */
async function pass(forMs: number, only: (tick: RecordedTick) => boolean = () => true): Promise<void> {
  const until = addMilliseconds(clock.now(), forMs);
  while (clock.now() < until) {
    clock.advanceTo(addMilliseconds(clock.now(), 1_000));
    const from = next;
    while (next < day.length && day[next]!.knownMs <= ms(clock.now())) next += 1;
    const due = day.slice(from, next).filter(only);
    if (due.length > 0) await bench!.stub.tell(due);
    await bench!.settle();
  }
}

const nothing = (): boolean => false;
const told = (code: string, severity?: string) =>
  bench!.told.filter((each) => each.code === code && (severity === undefined || each.severity === severity));
const noticed = (what: string, from: string, at: string | undefined): number => {
  const seconds = (ms(at!) - ms(from)) / 1_000;
  console.info(`${what}: noticed ${seconds} s after the last word, in simulated time`);
  return seconds * 1_000;
};

describe('silence', () => {
  it('of a line that is half open is noticed, and the line opened again once the venue lets it', async () => {
    const { stub, sink, listening } = await begin(OPEN);
    await pass(5 * MINUTE_MS);
    const last = clock.now();
    stub.goHalfOpen();
    await pass(HALF_OPEN_MS_MAX + OBSERVE_MS);
    expect(bench!.observations.at(-1)!.connection.state).not.toBe('open');
    const gone = bench!.observations.find(({ connection }) => connection.state === 'waiting')!;
    expect(noticed('half-open line', last, gone.connection.since)).toBeLessThanOrEqual(HALF_OPEN_MS_MAX);
    await pass(3 * MINUTE_MS);
    const [alert] = told('FEED_SILENT', 'critical');
    expect(noticed('half-open line, people told', last, alert?.at)).toBeLessThanOrEqual(
      BOUNDS.connectionMs + OBSERVE_MS + 1_000,
    );
    // 406 while the venue has not given up the old line: waited out, not hammered.
    expect(stub.asked.connections).toBe(3);
    expect(told('FEED_REFUSED', 'warning')).toHaveLength(1);
    expect(told('FEED_SILENT', 'info').length).toBeGreaterThan(0);
    await pass(MINUTE_MS);
    for (const symbol of SYMBOLS) {
      expect(sink.trades.get(symbol)).toEqual(tradesOf(day.slice(0, next)).get(symbol));
    }
    expect(listening.buffer.losses).toEqual([]);
  });

  it('of one channel is noticed within its bound, told once, and told to be over', async () => {
    await begin(OPEN);
    await pass(15 * MINUTE_MS);
    const last = clock.now();
    const withoutTrades = ({ tick }: RecordedTick): boolean => tick.symbol !== 'SPY' || tick.kind !== 'trade';
    await pass(3 * MINUTE_MS, withoutTrades);
    const alerts = told('FEED_SILENT');
    expect(alerts).toHaveLength(1);
    expect(alerts[0]!.message).toContain('SPY trades');
    const within = bench!.channels.get('SPY trades')!.boundMs! + OBSERVE_MS;
    expect(noticed('one silent channel', last, alerts[0]!.at)).toBeLessThanOrEqual(within);
    expect(bench!.stateOf('SPY', 'trades')).toBe('silent');
    expect(bench!.stateOf('IBM', 'trades')).toBe('live');
    await pass(10_000);
    expect(bench!.stateOf('SPY', 'trades')).toBe('live');
    expect(told('FEED_SILENT').map(({ severity }) => severity)).toEqual(['warning', 'info']);
  });

  it('of a line that answers pings and tells nothing has the line opened anew, and what was missed fetched', async () => {
    const { stub, sink } = await begin(OPEN);
    await pass(15 * MINUTE_MS);
    stub.mute = true;
    // Minute bars may stay out for three minutes before they count as silent.
    await pass(5 * MINUTE_MS);
    expect(stub.asked.connections).toBeGreaterThan(1);
    stub.mute = false;
    await pass(2 * MINUTE_MS);
    for (const symbol of SYMBOLS) {
      expect(sink.trades.get(symbol)).toEqual(tradesOf(day.slice(0, next)).get(symbol));
    }
  });

  it('out of session is none, nor is that of a symbol that rarely trades', async () => {
    const beforeOpen = '2024-03-04T13:30:00.000Z';
    clock = new SimulatedClock(beforeOpen);
    bench = await LiveBench.start({ clock, symbols: ['RARE'] });
    await bench.settle();
    // A trade each seven minutes, from before the opening on.
    day = Array.from({ length: 40 }, (_, n) => {
      const knownMs = ms(beforeOpen) + n * 7 * MINUTE_MS;
      return { knownMs, tick: tradeAt('RARE', knownMs, `${n}`) };
    });
    await pass(59 * MINUTE_MS);
    expect(bench.told).toEqual([]);
    expect(bench.stateOf('RARE', 'trades')).toBe('out_of_session');
    await pass(150 * MINUTE_MS);
    expect(bench.stateOf('RARE', 'trades')).toBe('live');
    expect(told('FEED_SILENT').filter(({ at }) => at > addMilliseconds(OPEN, 20 * MINUTE_MS))).toEqual([]);
    // Its quotes and bars were never seen: that is unhealthy, and said once.
    expect(bench.stateOf('RARE', 'quotes')).toBe('never_seen');
    expect(told('FEED_NEVER_SEEN')).toHaveLength(1);
  });

  it('is not told after the close', async () => {
    await begin('2024-03-04T20:50:00.000Z');
    await pass(10 * MINUTE_MS);
    bench!.stub.goHalfOpen();
    await pass(20 * MINUTE_MS, nothing);
    expect(told('FEED_SILENT')).toEqual([]);
  });
});

describe('a venue that refuses', () => {
  it('because of the keys is asked once and never again', async () => {
    const { stub } = await begin(OPEN, { key: 'somebody-else' });
    await pass(30 * MINUTE_MS, nothing);
    expect(stub.asked).toMatchObject({ connections: 1, authentications: 1 });
    const [alert, ...more] = told('FEED_REFUSED');
    expect(more).toEqual([]);
    expect(alert).toMatchObject({ severity: 'critical', message: expect.stringContaining('STREAM_402') });
    // No key or secret in anything that is told.
    expect(JSON.stringify([bench!.observations, bench!.told])).not.toMatch(/somebody-else|secret-of/);
  });

  it.each([405, 409, 410])('with %i is not asked again', async (code) => {
    const { stub } = await begin(OPEN);
    stub.refusesAlways = code;
    stub.cut();
    await pass(10 * MINUTE_MS, nothing);
    expect(stub.asked.connections).toBe(2);
    expect(told('FEED_REFUSED', 'critical')).toHaveLength(1);
  });

  it('with 403 does no harm', async () => {
    const { stub, sink } = await begin(OPEN);
    stub.say([{ T: 'error', code: 403, msg: 'already authenticated' }]);
    await pass(10_000);
    expect(stub.asked.connections).toBe(1);
    expect(sink.trades.get('SPY')?.length).toBeGreaterThan(0);
  });

  it('with faults of its own is asked later each time', async () => {
    const { stub } = await begin(OPEN);
    stub.refusesAlways = 500;
    stub.cut();
    await pass(10 * MINUTE_MS, nothing);
    // 0.4, 0.8, 1.5, 3, 6, 12 and then each 22.5 seconds.
    expect(stub.asked.connections).toBeGreaterThan(20);
    expect(stub.asked.connections).toBeLessThan(40);
  });

  it('to speak JSON is spoken to in MessagePack, without losing a digit of a moment', async () => {
    clock = new SimulatedClock(OPEN);
    bench = await LiveBench.start({ clock, symbols: ['SPY'] });
    bench.stub.onlyMsgpack = true;
    bench.stub.cut();
    await bench.settle();
    await pass(5_000, nothing);
    expect(bench.stub.formats.at(-1)).toBe('application/msgpack');
    const at = '2024-03-04T14:30:06.123456789Z';
    await bench.stub.tell([{ knownMs: ms(OPEN), tick: { ...tradeAt('SPY', ms(OPEN), '7'), at } as never }]);
    await bench.settle();
    expect(bench.listening.observe().channels[0]!.tally.lastVenueAt).toBe(at);
  });
});

describe('what was missed', () => {
  it('and lies further back than trades are fetched is lost, and said', async () => {
    const { stub, listening, sink } = await begin(OPEN, { refetchWindowMs: 2 * MINUTE_MS });
    await pass(MINUTE_MS);
    stub.refusesAlways = 500;
    stub.cut();
    await pass(10 * MINUTE_MS);
    stub.refusesAlways = null;
    await pass(2 * MINUTE_MS);
    expect(listening.buffer.losses.map(({ symbol }) => symbol).sort()).toEqual(SYMBOLS);
    const [alert] = told('TICKS_DROPPED', 'critical');
    expect(alert!.message).toMatch(/lost for good.*WINDOW_EXCEEDED/s);
    const wanted = tradesOf(day.slice(0, next)).get('SPY')!;
    const had = sink.trades.get('SPY')!;
    expect(had.length).toBeLessThan(wanted.length);
    expect(had.at(-1)).toBe(wanted.at(-1));
  });

  it('and is refused by the venue is lost, and said with what to do', async () => {
    const { stub, listening } = await begin(OPEN);
    await pass(MINUTE_MS);
    stub.failures = [403, 403];
    stub.cut();
    await pass(30_000);
    expect(listening.buffer.losses[0]!.reason).toMatch(/^TRADES_REFUSED: .*403.*plan/);
    expect(listening.buffer.gaps).toEqual([]);
    expect(told('TICKS_DROPPED', 'critical')).toHaveLength(1);
  });

  it('because a message cannot be read is fetched', async () => {
    const { stub, sink, listening } = await begin(OPEN);
    await pass(10_000);
    stub.say([{ T: 't', S: 'SPY', i: 1.5, x: 'P', p: 'much', s: 1, t: 'now' }]);
    await pass(10_000);
    expect(sink.trades.get('SPY')).toEqual(tradesOf(day.slice(0, next)).get('SPY'));
    expect(listening.buffer.counts.gaps).toBe(1);
    expect(stub.asked.connections).toBe(1);
  });
});
