// Goal: a recorded day told through the stream's protocol arrives whole, once and in order, whatever becomes of the line.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { SimulatedClock, SystemClock } from '@ballast/platform';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { RecordedTick } from '../../domain/live/recording.js';
import { LiveBench, smallDay, tradesOf } from './live-bench.fixture.js';
import { PacedClock } from './paced-clock.js';
import { readRecording } from './recorded-files.js';

const SHARED = resolve(process.env['BALLAST_SHARED_DATA'] ?? '../shared/data', 'intraday');
const FILES = [
  'tick/ibm_20131007_trade.zip',
  'tick/ibm_20131007_quote.zip',
  'tick/spy_20131007_trade.zip',
  'minute_trade.csv.gz',
].map((file) => resolve(SHARED, file));
const recorded = FILES.every((file) => existsSync(file));
if (!recorded) {
  console.warn(`the recorded day is not in ${SHARED}; a small made one is told instead (set BALLAST_SHARED_DATA)`);
}

const SYMBOLS = ['IBM', 'SPY'];
/** 2013-10-07 was a Monday; the exchange was open from 13:30 to 20:00 UTC. */
const at = (time: string): number => Date.parse(`2013-10-07T${time}.000Z`);
const iso = (ms: number): string => new Date(ms).toISOString();
/** A machine that does other work beside this one must not fail it. */
const PATIENCE_MS = 300_000;

async function theDay(): Promise<{ day: RecordedTick[]; fromMs: number }> {
  if (!recorded) return { day: smallDay(at('13:30:00'), 3_600, SYMBOLS), fromMs: at('13:30:00') };
  const recording = await readRecording(FILES, { date: '2013-10-07', only: SYMBOLS });
  return { day: [...recording.ticks()], fromMs: recording.fromMs };
}

let bench: LiveBench | undefined;
afterEach(async () => {
  await bench?.stop();
  bench = undefined;
});

/** What happens to the line at parts of the day, each from 0 to 1 of its time. */
type Trouble = readonly [part: number, what: (bench: LiveBench) => void | Promise<void>];

const TROUBLES: readonly Trouble[] = [
  [0.2, ({ stub }) => stub.cut()],
  [0.3, ({ stub }) => stub.goHalfOpen()],
  [0.45, ({ stub }) => void (stub.failures = [500, 429, 503])],
  [0.45, ({ stub }) => stub.cut()],
  [0.5, ({ sink }) => sink.block()],
  [0.52, ({ sink }) => sink.release()],
  [0.6, ({ stub }) => stub.throwOut(407)],
  [0.7, ({ stub }) => stub.goHalfOpen()],
  [0.8, ({ stub }) => stub.cut()],
];

describe('a day through the stream', () => {
  it(
    'at a hundred times its speed arrives whole, once and in order, through cut, half-open and slow lines',
    async () => {
      const { day, fromMs } = await theDay();
      const base = new SimulatedClock(iso(at('00:00:00')));
      const clock = new PacedClock(base, iso(fromMs - 10_000), 100);
      bench = await LiveBench.start({ clock, symbols: SYMBOLS, ticksMax: 4_000 });
      const { stub, sink, listening } = bench;
      await bench.settle();
      const endMs = day.at(-1)!.knownMs;
      const troubles = [...TROUBLES];
      let blocked = false;
      let next = 0;
      // Ten milliseconds are a second of the day; an eighth of an hour after it, for what is still to be fetched.
      for (let baseMs = at('00:00:00'); Date.parse(clock.now()) < endMs + 450_000; baseMs += 10) {
        base.advanceTo(iso(baseMs));
        const nowMs = Date.parse(clock.now());
        for (
          let [trouble] = troubles;
          trouble && nowMs >= fromMs + trouble[0] * (endMs - fromMs);
          [trouble] = troubles
        ) {
          troubles.shift();
          await trouble[1](bench);
          blocked = trouble[0] === 0.5;
        }
        const from = next;
        while (next < day.length && day[next]!.knownMs <= nowMs) next += 1;
        if (next > from) await stub.tell(day.slice(from, next));
        await bench.settle({ blocked });
      }
      const wanted = tradesOf(day);
      expect(troubles).toEqual([]);
      for (const symbol of SYMBOLS) expect(sink.trades.get(symbol)).toEqual(wanted.get(symbol));
      const { counts, losses, gaps } = listening.buffer;
      expect({ losses, gaps, lost: counts.lost }).toEqual({ losses: [], gaps: [], lost: 0 });
      expect(bench.sizeSeen).toBeLessThanOrEqual(listening.buffer.sizeMax);
      // The blocked sink cost quotes, and what it cost was said; nothing else did.
      expect(counts.conflated).toBeGreaterThan(0);
      const quotes = day.filter(({ tick }) => tick.kind === 'quote').length;
      expect(sink.others.filter(({ kind }) => kind === 'quote').length + counts.conflated).toBeLessThanOrEqual(quotes);
      expect(bench.told.map(({ code }) => code)).toEqual(expect.arrayContaining(['FEED_SILENT', 'FEED_REFUSED']));
      console.info(
        `100x: ${day.length} ticks, ${stub.asked.connections} connections, ${counts.fetched} trades fetched, ` +
          `${counts.refused} refused, ${counts.conflated} quotes conflated, at most ${bench.sizeSeen} ticks waiting; ` +
          bench.told.map((each) => `\n  ${each.at} ${each.code} ${each.severity}: ${each.message}`).join(''),
      );
    },
    PATIENCE_MS,
  );

  it(
    'at full speed arrives whole, once and in order, though it comes faster than it is taken',
    async () => {
      const { day, fromMs } = await theDay();
      const clock = new PacedClock(new SystemClock(), iso(fromMs - 10_000), 1);
      bench = await LiveBench.start({ clock, symbols: SYMBOLS, ticksMax: 4_000 });
      const { stub, sink, listening } = bench;
      await bench.settle();
      const started = performance.now();
      const chunk = Math.ceil(day.length / 200);
      let whole = 0;
      for (let part = 0; part < 200; part += 1) {
        if (part === 100) sink.block();
        if (part === 110) sink.release();
        await stub.tell(day.slice(part * chunk, (part + 1) * chunk));
        // Cut while frames are on their way; else no faster than they are read.
        if (part === 120 || part === 160) stub.cut();
        else await stub.flush();
        if (part === 99) whole = (performance.now() - started) / 1_000;
        bench.sizeSeen = Math.max(bench.sizeSeen, listening.buffer.size);
      }
      const wanted = tradesOf(day);
      const all = [...wanted.values()].reduce((sum, ids) => sum + ids.length, 0);
      const came = (): number => [...sink.trades.values()].reduce((sum, ids) => sum + ids.length, 0);
      await bench.until(() => came() >= all && listening.buffer.gaps.length === 0);
      const seconds = (performance.now() - started) / 1_000;
      for (const symbol of SYMBOLS) expect(sink.trades.get(symbol)).toEqual(wanted.get(symbol));
      const { counts, losses } = listening.buffer;
      expect({ losses, lost: counts.lost }).toEqual({ losses: [], lost: 0 });
      expect(bench.sizeSeen).toBeLessThanOrEqual(listening.buffer.sizeMax);
      console.info(
        `full speed: ${Math.round(day.length / 2 / whole)} ticks/s through an unbroken line; all ${all} trades of ${day.length} ` +
          `ticks in order after ${seconds.toFixed(1)} s; ${counts.fetched} trades fetched, ${counts.refused} refused, ` +
          `${counts.conflated} quotes conflated, at most ${bench.sizeSeen} of ${listening.buffer.sizeMax} ticks waiting`,
      );
    },
    PATIENCE_MS,
  );
});
