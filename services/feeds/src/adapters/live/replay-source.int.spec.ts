// Goal: recorded files are played in order, each tick at its moment, at any speed; files that cannot be are refused whole.
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { SimulatedClock, type Clock } from '@ballast/platform';
import { addMilliseconds } from '@ballast/kernel/calendar';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { zipSync } from 'fflate';
import type { Refusal } from '../../domain/live/observation.js';
import type { Tick } from '../../domain/live/tick.js';
import type { LiveListener } from './ports.js';
import { readRecording } from './recorded-files.js';
import { ReplaySource, type ReplayOptions } from './replay-source.js';

const SHARED = resolve(process.env['BALLAST_SHARED_DATA'] ?? '../shared/data', 'intraday');
const there = existsSync(SHARED);
if (!there) console.warn(`skipped: the recorded files are not in ${SHARED}; set BALLAST_SHARED_DATA to where they are`);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ballast-replay-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const write = async (name: string, bytes: Uint8Array): Promise<string> => {
  const path = join(folder, name);
  await writeFile(path, bytes);
  return path;
};
const archive = (entry: string, lines: readonly string[]): Uint8Array =>
  zipSync({ [entry]: Buffer.from(`${lines.join('\n')}\n`) });

const MINUTES = `timestamp_et,symbol,open,high,low,close,volume
2013-10-07T09:30:00,IBM,181.5,182,181,181.75,1000
2013-10-07T09:31:00,IBM,181.75,182,181,181.5,900
2013-10-08T09:30:00,IBM,180,181,179,180.5,800
2013-10-07T09:30:00,SPY,167,168,166,167.5,5000
`;

/** Hears a source and writes down what it hears and when by the clock of the source. */
class Hearing implements LiveListener {
  readonly heard_: { readonly at: string; readonly tick: Tick }[] = [];
  ended: { readonly state: string; readonly refusal: Refusal | null } | undefined;
  clock: Clock | undefined;

  opened(): void {}
  alive(): void {}
  unreadable(): void {}
  heard(ticks: readonly Tick[]): void {
    const at = this.clock!.now();
    for (const tick of ticks) this.heard_.push({ at, tick });
  }
  away(state: string, _reason: string, refusal: Refusal | null): void {
    this.ended = { state, refusal };
  }
  room(): Promise<void> {
    return Promise.resolve();
  }
}

async function play(
  options: Partial<ReplayOptions> & Pick<ReplayOptions, 'paths'>,
  clock = new SimulatedClock('2026-01-05T00:00:00.000Z'),
) {
  const source = new ReplaySource({ date: undefined, only: [], speed: null, clock, ...options });
  const hearing = new Hearing();
  const symbols = await source.prepare();
  hearing.clock = source.clock;
  source.start(hearing);
  return { source, hearing, symbols, clock };
}
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a recording', () => {
  it('at a hundred times its speed tells each tick a hundredth of the time after the first', async () => {
    const path = await write(
      'a.zip',
      archive('20131007_ibm_Trade_Tick.csv', [
        '34200000,1815200,1,P,0,0',
        '34201000,1815300,1,P,0,0',
        '34260000,1815400,1,P,0,0',
      ]),
    );
    const { hearing, clock, source } = await play({ paths: [path], speed: 100 });
    const told: number[] = [];
    for (let step = 0; hearing.ended === undefined; step += 1) {
      await turn();
      await turn();
      told.push(hearing.heard_.length);
      clock.advanceTo(addMilliseconds(clock.now(), 10));
    }
    // A second of the day is a step; a minute is sixty.
    expect(told.slice(0, 3)).toEqual([1, 2, 2]);
    expect(told.indexOf(3)).toBe(60);
    expect(hearing.heard_.map(({ at }) => at)).toEqual([
      '2013-10-07T13:30:00.000Z',
      '2013-10-07T13:30:01.000Z',
      '2013-10-07T13:31:00.000Z',
    ]);
    expect(source.simulated).toBe(true);
    await source.stop();
  });

  it('of several files is told in order of time, at full speed in the time of its day', async () => {
    const ticks = await write(
      'b.zip',
      archive('20131007_ibm_Trade_Tick.csv', ['34200500,1815200,1,P,0,0', '34260500,1815300,1,P,0,0']),
    );
    const minutes = await write('b.csv.gz', gzipSync(MINUTES));
    const { hearing, symbols, source } = await play({ paths: [ticks, minutes] });
    while (hearing.ended === undefined) await turn();
    expect(symbols).toEqual(['IBM', 'SPY']);
    expect(hearing.heard_.map(({ at, tick }) => `${at.slice(11, 21)} ${tick.symbol} ${tick.kind}`)).toEqual([
      '13:30:00.5 IBM trade',
      '13:31:00.0 IBM bar',
      '13:31:00.0 SPY bar',
      '13:31:00.5 IBM trade',
      '13:32:00.0 IBM bar',
    ]);
    await source.stop();
  });

  it('tells of the day and the symbols that are asked for', async () => {
    const minutes = await write('c.csv', Buffer.from(MINUTES));
    const { hearing, source } = await play({ paths: [minutes], date: '2013-10-08', only: ['IBM'] });
    while (hearing.ended === undefined) await turn();
    expect(hearing.heard_.map(({ tick }) => tick.at)).toEqual(['2013-10-08T13:30:00.000000000Z']);
    await source.stop();
  });

  it('that ends in a line that cannot be read says so, after what could be', async () => {
    const path = await write('d.zip', archive('20131007_ibm_Trade_Tick.csv', ['34200000,1815200,1,P,0,0', 'nonsense']));
    const { hearing, source } = await play({ paths: [path] });
    while (hearing.ended === undefined) await turn();
    expect(hearing.heard_).toHaveLength(1);
    expect(hearing.ended).toMatchObject({
      state: 'refused',
      refusal: { code: 'RECORDING_UNREADABLE', triesAgain: false },
    });
    await source.stop();
  });

  it('that cannot be played is refused before anything of it is', async () => {
    const whole = archive(
      '20131007_ibm_Trade_Tick.csv',
      Array.from({ length: 5_000 }, (_, i) => `${i},1815200,${i * 7},P,0,0`),
    );
    const cases: [Uint8Array | null, string][] = [
      [null, 'RECORDING_NOT_FOUND'],
      [whole.subarray(0, whole.length / 2), 'RECORDING_UNREADABLE'],
      [archive('readme.csv', ['1']), 'RECORDING_UNKNOWN'],
      [archive('20131006_ibm_Trade_Tick.csv', ['1,1,1,P,0,0']), 'RECORDING_NO_SESSION'],
      [archive('20131007_ibm_Trade_Tick.csv', []), 'RECORDING_EMPTY'],
      [Buffer.from('a,b\n1,2\n'), 'RECORDING_UNKNOWN'],
      [Buffer.from('timestamp_et,symbol,open\n2013-10-07T09:30:00,IBM,much\n'), 'RECORDING_UNREADABLE'],
    ];
    for (const [i, [bytes, code]] of cases.entries()) {
      const path = bytes === null ? join(folder, 'nowhere') : await write(`wrong-${i}`, bytes);
      await expect(readRecording([path], { only: [] })).rejects.toMatchObject({ code });
    }
  });
});

(there ? describe : describe.skip)('the recorded files', () => {
  it('hold what is known to be in them', async () => {
    const counts: Record<string, number> = {};
    const paths = [
      'tick/ibm_20131007_trade.zip',
      'tick/ibm_20131007_quote.zip',
      'second/spy_20131007_trade.zip',
      'second/spy_20131007_quote.zip',
    ];
    const recording = await readRecording(
      paths.map((path) => resolve(SHARED, path)),
      { only: [] },
    );
    let last = 0;
    for (const { knownMs, tick } of recording.ticks()) {
      expect(knownMs).toBeGreaterThanOrEqual(last);
      last = knownMs;
      counts[`${tick.symbol} ${tick.kind}`] = (counts[`${tick.symbol} ${tick.kind}`] ?? 0) + 1;
    }
    expect(counts).toEqual({
      'IBM trade': 24_293,
      'IBM quote': 109_067,
      'SPY bar': 16_675,
      'SPY quote': 27_409,
    });
  });

  it('of minutes are read whole', async () => {
    const paths = ['minute_trade.csv.gz', 'minute_quote.csv.gz'].map((path) => resolve(SHARED, path));
    const recording = await readRecording(paths, { date: '2013-10-07', only: ['BAC'] });
    expect(recording.symbols).toEqual(['BAC']);
    const kinds = [...recording.ticks()].map(({ tick }) => tick.kind);
    expect(kinds.filter((kind) => kind === 'bar')).toHaveLength(595);
    expect(kinds.filter((kind) => kind === 'quote').length).toBeGreaterThan(500);
  });
});
