// Goal: what is seen of a live source is judged in the service, told once an episode, and shown; a recording says so.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AlertRaised } from '@ballast/contracts';
import { Metrics } from '@ballast/platform';
import { benchOf, type Bench } from '@ballast/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { zipSync } from 'fflate';
import { LiveFeed } from '../adapters/live/live-feed.js';
import { heard, silentTally, type ChannelTally } from '../domain/live/channel-tally.js';
import type { Observation } from '../domain/live/observation.js';
import { venueTimeOfMs, type Trade } from '../domain/live/tick.js';
import { ChannelsObserved } from '../messages-live.js';
import { feeds } from '../module.js';

const OPEN = Date.parse('2024-03-04T14:30:00.000Z');
const iso = (ms: number): string => new Date(ms).toISOString();
const COUNTS = { conflated: 0, repeated: 0, refused: 0, fetched: 0, lost: 0, gaps: 0, losses: 0 };

const tradeAt = (atMs: number): Trade => ({
  ...{ kind: 'trade', symbol: 'SPY', at: venueTimeOfMs(atMs), id: `${atMs}`, exchange: 'P', price: '1', size: '1' },
  ...{ conditions: [], tape: 'B', update: null },
});

/** SPY traded each second for an hour, and then no more. */
function spoke(): ChannelTally {
  let tally = silentTally(OPEN);
  const session = { date: '2024-03-04', open: iso(OPEN), close: '2024-03-04T21:00:00.000Z', halfDay: false };
  for (let s = 0; s <= 3_600; s += 1) tally = heard(tally, tradeAt(OPEN + s * 1_000), OPEN + s * 1_000, session);
  return tally;
}
const LAST = OPEN + 3_600_000;

function observed(atMs: number, more: Partial<Observation> = {}): Observation {
  return {
    ...{ source: 'alpaca:iex', simulated: false, startedAt: iso(OPEN), at: iso(atMs), counts: COUNTS, losses: [] },
    connection: { state: 'open', since: iso(OPEN), aliveAt: iso(atMs), reason: null, refusal: null, opened: 1 },
    channels: [{ symbol: 'SPY', channel: 'trades', tally: spoke(), recovering: false }],
    ...more,
  };
}

describe('a live source', () => {
  let bench: Bench;
  beforeEach(async () => {
    bench = await benchOf(feeds, { now: iso(LAST) });
  });
  afterEach(() => bench.close());
  const see = (observation: Observation) => bench.tell(ChannelsObserved, observation.source, observation);
  const alerts = async () => (await bench.said(AlertRaised.feeds)).map(({ code, severity }) => `${code} ${severity}`);
  const shown = async () => (await bench.get('/api/v1/feeds/channels')).body as Record<string, unknown>;

  it('that nobody ever heard of is not healthy', async () => {
    expect(await shown()).toMatchObject({ mode: 'off', healthy: false, channels: [] });
  });

  it('that falls silent is told of once, with numbers and what to do, and once more when it speaks again', async () => {
    await see(observed(LAST + 10_000));
    await see(observed(LAST + 31_000));
    await see(observed(LAST + 36_000));
    const [alert] = await bench.said(AlertRaised.feeds);
    expect(alert).toMatchObject({
      ...{
        code: 'FEED_SILENT',
        severity: 'warning',
        numbers: { source: 'alpaca:iex', channels: '1', silent_seconds_max: '31' },
      },
      ...{
        message: expect.stringContaining('SPY trades (31 s, bound 30 s)'),
        nextStep: expect.stringContaining('halted'),
      },
    });
    expect(await shown()).toMatchObject({
      ...{ healthy: false, unwell: 1, listening: false },
      channels: [{ symbol: 'SPY', channel: 'trades', state: 'silent', boundSeconds: 30, lastTick: { price: '1' } }],
    });
    const again = { ...spoke(), lastReceivedMs: LAST + 40_000 };
    await see(
      observed(LAST + 41_000, { channels: [{ symbol: 'SPY', channel: 'trades', tally: again, recovering: false }] }),
    );
    expect(await alerts()).toEqual(['FEED_SILENT warning', 'FEED_SILENT info']);
    expect(await shown()).toMatchObject({ unwell: 0, channels: [{ state: 'live' }] });
  });

  it('is judged by a bound that its pauses made, whatever digits that has', async () => {
    const tally = { ...spoke(), longestPauseMs: 20_000.123_456 };
    await see(observed(LAST + 60_000, { channels: [{ symbol: 'SPY', channel: 'trades', tally, recovering: false }] }));
    expect(await shown()).toMatchObject({ channels: [{ state: 'live', boundSeconds: 60.001 }] });
  });

  it('whose line is dead is told of once, not channel by channel', async () => {
    const connection = {
      state: 'waiting',
      since: iso(LAST),
      aliveAt: iso(LAST),
      reason: 'gone',
      refusal: null,
      opened: 1,
    } as const;
    for (const after of [5, 20, 31, 60, 300]) await see(observed(LAST + after * 1_000, { connection }));
    expect(await alerts()).toEqual(['FEED_SILENT critical']);
    await see(observed(LAST + 310_000));
    expect((await alerts()).filter((each) => each === 'FEED_SILENT info')).toHaveLength(1);
  });

  it('that never spoke is unhealthy at once, and told of after three minutes of session', async () => {
    const channels = [{ symbol: 'XYZ', channel: 'quotes', tally: silentTally(OPEN), recovering: false }] as const;
    await see(observed(OPEN - 60_000, { channels }));
    await see(observed(OPEN + 180_000, { channels }));
    expect(await alerts()).toEqual([]);
    expect(await shown()).toMatchObject({ unwell: 1, channels: [{ state: 'never_seen', healthy: false }] });
    await see(observed(OPEN + 185_000, { channels }));
    await see(observed(OPEN + 190_000, { channels }));
    expect(await alerts()).toEqual(['FEED_NEVER_SEEN warning']);
  });

  it('that loses ticks says which, once while it goes on, and when it is over', async () => {
    const losses = [{ symbol: 'SPY', from: '2024-03-04T15:00:00.000000000Z', to: null, reason: 'WINDOW_EXCEEDED' }];
    const at = (seconds: number, counts: Partial<typeof COUNTS>) =>
      see(observed(OPEN + seconds * 1_000, { channels: [], counts: { ...COUNTS, ...counts }, losses }));
    await at(0, { refused: 5 });
    await at(5, { refused: 9 });
    await at(10, { refused: 9, losses: 1 });
    await at(15, { refused: 9, losses: 2 });
    await at(74, { refused: 9, losses: 2 });
    await at(76, { refused: 9, losses: 2 });
    expect(await alerts()).toEqual(['TICKS_DROPPED warning', 'TICKS_DROPPED critical', 'TICKS_DROPPED info']);
    expect((await bench.said(AlertRaised.feeds))[1]!.message).toContain('SPY from 2024-03-04T15:00:00.000000000Z');
  });

  it('gives way to another one whole', async () => {
    await see(observed(LAST + 31_000));
    await see(observed(LAST + 31_000, { source: 'replay', simulated: true, channels: [] }));
    expect(await shown()).toMatchObject({ source: 'replay', simulated: true, channels: [] });
  });
});

describe('a recording', () => {
  let folder: string;
  let bench: Bench;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ballast-recording-'));
  });
  afterEach(async () => {
    await bench.close();
    await rm(folder, { recursive: true, force: true });
  });

  const play = async (paths: string): Promise<LiveFeed> => {
    const env = { FEEDS_LIVE: 'replay', FEEDS_LIVE_REPLAY_FILES: paths, FEEDS_LIVE_REPLAY_SPEED: 'max' };
    bench = await benchOf(feeds, { env });
    const live = bench.service.app.get(LiveFeed);
    await live.start();
    return live;
  };
  const shown = async () => (await bench.get('/api/v1/feeds/channels')).body as { connection: { state: string } };
  const until = async (state: string): Promise<void> => {
    while ((await shown()).connection?.state !== state) await new Promise((resolve) => setImmediate(resolve));
  };

  it('is played to its end, measured, and says that it is simulated', async () => {
    const lines = Array.from({ length: 600 }, (_, s) => `${34_200_000 + s * 1_000},1815200,100,P,0,0`).join('\n');
    const path = join(folder, 'ibm.zip');
    await writeFile(path, zipSync({ '20131007_ibm_Trade_Tick.csv': Buffer.from(lines) }));
    const live = await play(path);
    await until('ended');
    expect(await shown()).toMatchObject({ source: 'replay', simulated: true, mode: 'replay', listening: true });
    expect(live.sight()!.channels.find(({ channel }) => channel === 'trades')).toMatchObject({
      symbol: 'IBM',
      received: 600,
    });
    const metrics = await bench.service.app.get(Metrics).text();
    expect(metrics).toMatch(/ballast_feeds_receive_age_seconds\{symbol="IBM",channel="trades",.*\} 0/);
    expect(metrics).toMatch(/ballast_feeds_receive_age_seconds\{symbol="IBM",channel="quotes",.*\} \+Inf/);
    await live.stop();
  });

  it('that is not there is refused, and told of with what to do', async () => {
    await play(join(folder, 'nowhere.zip'));
    const [alert] = await bench.said(AlertRaised.feeds);
    expect(alert).toMatchObject({
      code: 'FEED_REFUSED',
      severity: 'critical',
      numbers: { refusal: 'RECORDING_NOT_FOUND' },
    });
    expect(alert!.message).toContain('replay (simulated)');
  });
});
