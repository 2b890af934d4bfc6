import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ConfigFault, loadConfig, metricsFor, type Metrics } from '@ballast/platform';
import { FeedsConfig } from '../../config.js';
import { Circuits } from '../http/circuits.js';
import type { HistoryVendors } from '../vendor-ports.js';
import { ALPACA_KEYS, startAlpaca } from './alpaca-stub.fixture.js';
import { historyVendors } from './history-vendors.js';
import { POLYGON_KEY, startPolygon } from './polygon-stub.fixture.js';
import { allOf, logOf, type VendorStub } from './vendor-stub.fixture.js';

const REQUEST = { symbols: ['X'], from: '2024-01-01', to: '2024-12-31' };
const NEVER = new AbortController().signal;
const OPEN_AFTER = 10;

let alpaca: VendorStub;
let polygon: VendorStub;
beforeAll(async () => {
  alpaca = await startAlpaca({ bars: {}, actions: {}, pageMax: 10_000 });
  polygon = await startPolygon({ bars: {}, splits: [], dividends: [], pageMax: 50_000, nextHost: 'https://x.test' });
});
afterAll(() => Promise.all([alpaca.close(), polygon.close()]));

const vendorsOf = (env: Record<string, string>, metrics: Metrics = metricsFor('feeds')): HistoryVendors =>
  historyVendors.useFactory(loadConfig(FeedsConfig, env, 'feeds'), logOf([]), new Circuits(metrics)) as HistoryVendors;
const bars = (vendors: HistoryVendors, name: string) => allOf(vendors.get(name)!.dailyBars(REQUEST, NEVER));

describe('the vendors of history', () => {
  it('are there without a key and say which settings they lack when they are asked', async () => {
    const vendors = vendorsOf({});
    expect([...vendors.keys()]).toEqual(['alpaca', 'polygon']);
    await expect(bars(vendors, 'alpaca')).rejects.toMatchObject({
      code: 'VENDOR_KEY_MISSING',
      nextStep: expect.stringContaining('Set FEEDS_ALPACA_KEY_ID and FEEDS_ALPACA_SECRET'),
    });
    await expect(bars(vendors, 'polygon')).rejects.toMatchObject({
      code: 'VENDOR_KEY_MISSING',
      nextStep: expect.stringContaining('Set FEEDS_POLYGON_KEY'),
    });
  });

  it('are asked at the addresses and with the keys of the settings', async () => {
    const vendors = vendorsOf({
      FEEDS_ALPACA_KEY_ID: ALPACA_KEYS.keyId,
      FEEDS_ALPACA_SECRET: ALPACA_KEYS.secret,
      FEEDS_ALPACA_DATA_URL: alpaca.url,
      FEEDS_ALPACA_FEED: 'iex',
      FEEDS_POLYGON_KEY: POLYGON_KEY,
      FEEDS_POLYGON_URL: polygon.url,
    });
    expect(await bars(vendors, 'alpaca')).toEqual([]);
    expect(await bars(vendors, 'polygon')).toEqual([]);
    expect(alpaca.asked[0]!.query['feed']).toBe('iex');
  });

  it('show in the metrics whether one of them is given up for a while', async () => {
    const metrics = metricsFor('feeds');
    const vendors = vendorsOf(
      { FEEDS_POLYGON_KEY: POLYGON_KEY, FEEDS_POLYGON_URL: polygon.url, FEEDS_POLYGON_REQUESTS_PER_MINUTE: '1000' },
      metrics,
    );
    const shown = async () =>
      Object.fromEntries(
        [...(await metrics.text()).matchAll(/vendor_circuit_open\{vendor="(\w+)".*\} (\d)/g)].map(([, name, value]) => [
          name,
          value,
        ]),
      );
    expect(await shown()).toEqual({ alpaca: '0', polygon: '0' });
    // A wait that is too long to sit out, so that each call is one try.
    polygon.mishaps(...Array<object>(OPEN_AFTER).fill({ status: 503, headers: { 'retry-after': '999' } }));
    for (let i = 0; i < OPEN_AFTER; i += 1)
      await expect(bars(vendors, 'polygon')).rejects.toMatchObject({ code: 'VENDOR_AWAY' });
    expect(await shown()).toEqual({ alpaca: '0', polygon: '1' });
  });

  it('take no limit that no plan has', () => {
    expect(() => vendorsOf({ FEEDS_ALPACA_REQUESTS_PER_MINUTE: '0' })).toThrow(ConfigFault);
    expect(() => vendorsOf({ FEEDS_ALPACA_FEED: 'otc' })).toThrow(ConfigFault);
  });
});
