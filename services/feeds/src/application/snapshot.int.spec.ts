import { chmod, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  AlertRaised,
  CycleOpened,
  Mark,
  SnapshotRefused,
  SnapshotSealed,
  uuid5,
  type DataOf,
} from '@ballast/contracts';
import { decodePack, unpackRows } from '@ballast/platform';
import { benchOf, type Bench } from '@ballast/testing';
import { feeds } from '../module.js';

type Cycle = DataOf<typeof CycleOpened>;

let bench: Bench;
beforeAll(async () => {
  bench = await benchOf(feeds, { now: '2017-06-30T21:00:00.000Z' });
});
afterAll(() => bench.close());

let cycles = 0;
const open = async (more: Partial<Cycle> = {}): Promise<Cycle> => {
  const cycle: Cycle = {
    ...{
      cycleId: uuid5('cycle', ++cycles),
      portfolioId: 'main',
      trigger: 'operator',
      asOf: '2017-06-28',
      mode: 'paper',
    },
    ...{ patternId: 'daily-rebalance', seed: 1, universe: { universeId: 'default' }, strategies: ['momentum'] },
    configHash: 'a'.repeat(64),
    tradeSession: { date: '2017-06-29', open: '2017-06-29T13:30:00.000Z', close: '2017-06-29T20:00:00.000Z' },
    deadlines: { decideBy: '2017-06-30T22:00:00.000Z', completeBy: '2017-06-30T23:00:00.000Z' },
    openedAt: '2017-06-30T21:00:00.000Z',
    ...more,
  };
  expect(await bench.hear(CycleOpened, cycle)).toMatchObject({ status: 'handled' });
  return cycle;
};
const lastSealed = async () => (await bench.said(SnapshotSealed)).at(-1)!;
const lastRefused = async () => (await bench.said(SnapshotRefused)).at(-1)!;

describe('the snapshot of a cycle', () => {
  it('is refused before there is a history', async () => {
    await open();
    expect(await lastRefused()).toMatchObject({ code: 'NO_HISTORY' });
  });

  it('is sealed as of its date and never looks beyond it', async () => {
    await bench.post(
      '/api/v1/feeds/synthetic',
      { seed: 3, symbols: 30, sessions: 80, until: '2017-06-30', name: 'market' },
      'm',
    );
    await bench.work();
    const cycle = await open();
    const sealed = await lastSealed();
    expect(sealed).toMatchObject({
      ...{ cycleId: cycle.cycleId, universeId: 'default', asOf: '2017-06-28', symbols: 30, sessions: 78 },
      staleness: { lastSession: '2017-06-28', sessionsBehind: 0 },
      source: { name: 'market', synthetic: true },
    });
    const pack = decodePack(await bench.packs.get(sealed.packId));
    expect(pack).toMatchObject({ asOf: '2017-06-28', synthetic: true });
    expect(pack.dates.at(-1)).toBe('2017-06-28');
    const marks = await unpackRows(bench.packs, sealed.marks, Mark);
    const bars = (await bench.get('/api/v1/feeds/bars?date=2017-06-28')).body as { bars: { close: string }[] };
    expect(marks.map(({ price }) => price)).toEqual(bars.bars.map(({ close }) => close));
    expect(marks.every(({ sector, adv }) => sector !== null && adv !== null)).toBe(true);
    expect(await bench.audited()).toContain('snapshot.sealed');
    expect((await bench.get('/health/pack')).body).toMatchObject({
      ...{ status: 'fresh', pricing_pack_id: sealed.pricingPackId, as_of: '2017-06-28' },
    });
  });

  it('is the same for the same date and universe, whether or not it was made before', async () => {
    const before = await lastSealed();
    await open({ portfolioId: 'second' });
    const reused = await lastSealed();
    await bench.service.dataSource.query(`delete from snapshot`);
    await open({ portfolioId: 'third' });
    for (const again of [reused, await lastSealed()]) {
      expect({ ...again, cycleId: '', portfolioId: '' }).toEqual({ ...before, cycleId: '', portfolioId: '' });
    }
  });

  it('looks at named symbols, or the most liquid', async () => {
    await open({ universe: { universeId: 'named', symbols: ['SYN003', 'SYN001'] } });
    expect(await lastSealed()).toMatchObject({ universeId: 'named', symbols: 2 });
    await open({ universe: { universeId: 'liquid', size: 5 } });
    expect(await lastSealed()).toMatchObject({ universeId: 'liquid', symbols: 5 });
  });

  it.each([
    ['UNKNOWN_SYMBOLS', { universe: { universeId: 'named', symbols: ['SYN001', 'AAPL'] } }],
    ['STALE_HISTORY', { asOf: '2017-07-07' }],
    ['NO_HISTORY', { asOf: '2010-01-04' }],
    ['HISTORY_TOO_SHORT', { asOf: '2017-03-20' }],
  ])('is refused with %s, and a person is told', async (code, more) => {
    await open(more);
    expect(await lastRefused()).toMatchObject({ code, reason: expect.any(String) });
    expect((await bench.said(AlertRaised.feeds)).at(-1)).toMatchObject({ code });
  });

  it('gets stale prices where somebody answers for them, and says how old they are', async () => {
    await open({ asOf: '2017-07-14', packOverride: { by: 'ada', reason: 'the feed is down' } });
    expect(await lastSealed()).toMatchObject({ staleness: { lastSession: '2017-06-30', sessionsBehind: 9 } });
  });

  it('allows a history that is a little behind', async () => {
    await open({ asOf: '2017-07-06' });
    expect(await lastSealed()).toMatchObject({ staleness: { lastSession: '2017-06-30', sessionsBehind: 3 } });
  });
});

describe('packs', () => {
  it('are listed, described, and verified against their name', async () => {
    const { packId } = await lastSealed();
    const { body } = await bench.get('/api/v1/packs?limit=1');
    expect(body).toMatchObject({ items: [{ kind: 'arrow' }], next: expect.any(String) });
    expect((await bench.get(`/api/v1/packs/${packId}`)).body).toMatchObject({
      symbols: 30,
      to: '2017-06-30',
      synthetic: true,
    });
    expect((await bench.get(`/api/v1/packs/${packId}/verify`)).body).toMatchObject({
      state: 'ok',
      expected: packId,
      found: packId,
    });
    expect(await bench.get(`/api/v1/packs/${'0'.repeat(64)}`)).toMatchObject({
      status: 404,
      body: { code: 'PACK_NOT_FOUND' },
    });

    const earlier = (await bench.said(SnapshotSealed)).map((each) => each.packId).find((each) => each !== packId)!;
    expect((await bench.get(`/api/v1/packs/${earlier}/diff/${packId}`)).body).toMatchObject({
      before: { hash: earlier, synthetic: true },
      after: { hash: packId, synthetic: true },
      symbols: { common: 30, added: { count: 0 } },
      restated: { count: 0, symbols: 0, first: [] },
    });
    expect(await bench.get(`/api/v1/packs/${packId}/diff/${'0'.repeat(64)}`)).toMatchObject({
      status: 404,
      body: { code: 'PACK_NOT_FOUND' },
    });

    const folder = join((bench.packs as unknown as { folder: string }).folder, packId.slice(0, 2));
    const file = join(
      folder,
      (await readdir(folder)).find((name) => name.startsWith(packId))!,
    );
    await chmod(file, 0o644);
    await writeFile(file, 'edited');
    expect((await bench.get(`/api/v1/packs/${packId}/verify`)).body).toMatchObject({
      ...{ state: 'corrupt', expected: packId, found: expect.not.stringMatching(packId) },
    });
    expect(await bench.get(`/api/v1/packs/${packId}`)).toMatchObject({ status: 409, body: { code: 'PACK_CORRUPT' } });
  });
});
