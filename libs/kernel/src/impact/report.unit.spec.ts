// Goal: the report says for every figure under which configuration it holds, and cuts the order as it would be cut.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { D, KernelError } from '../money/index.js';
import { IMPACT_MODELS, impactReport } from './index.js';
import type { ImpactReportRequest, ImpactRow } from './index.js';

const REQUEST: ImpactReportRequest = {
  models: IMPACT_MODELS,
  sizes: [0.01, 0.05, 0.1],
  slices: 6,
  horizonMinutes: 60,
  singleMinutes: 1,
  volatility: 0.02,
  dailyVolume: new D(6_000_000),
  price: new D(50),
};

const shown = ({ size, singleBp, scheduleBp, saving, configuration }: ImpactRow): string => {
  const { slices, singleMinutes, sliceMinutes, parameters } = configuration;
  const named = ['beta', 't0Minutes'].flatMap((name) => (name in parameters ? [`${name} ${parameters[name]}`] : []));
  return [
    `${size * 100} %`,
    `${slices} slices`,
    `single ${singleMinutes}, slice ${sliceMinutes}`,
    named.join(' '),
    [singleBp, scheduleBp].map((bp) => bp.toFixed(2)).join(' '),
    `${(saving * 100).toFixed(1)} %`,
  ].join(' | ');
};

function codeOf(change: Partial<ImpactReportRequest>): string {
  try {
    impactReport({ ...REQUEST, ...change });
  } catch (error) {
    if (error instanceof KernelError) return error.code;
    throw error;
  }
  return 'no error';
}

describe('the report on impact', () => {
  it('is this, for 1, 5 and 10 % of ADV', () => {
    expect(impactReport({ ...REQUEST, models: ['almgren-2005'] }).map(shown)).toEqual([
      '1 % | 6 slices | single 1, slice 10 | beta 0.6 | 65.44 6.69 | 89.8 %',
      '1 % | 6 slices | single 1, slice 1 | beta 0.6 | 65.44 23.11 | 64.7 %',
      '5 % | 6 slices | single 1, slice 10 | beta 0.6 | 174.69 20.37 | 88.3 %',
      '5 % | 6 slices | single 1, slice 1 | beta 0.6 | 174.69 63.51 | 63.6 %',
      '10 % | 6 slices | single 1, slice 10 | beta 0.6 | 267.64 33.74 | 87.4 %',
      '10 % | 6 slices | single 1, slice 1 | beta 0.6 | 267.64 99.12 | 63.0 %',
    ]);
    expect(impactReport({ ...REQUEST, models: ['square-root', 'propagator'], sizes: [0.01] }).map(shown)).toEqual([
      '1 % | 6 slices | single null, slice null |  | 13.33 13.33 | 0.0 %',
      '1 % | 6 slices | single null, slice null | beta 0.5 t0Minutes 0.5 | 13.33 8.74 | 34.5 %',
      '1 % | 6 slices | single null, slice null | beta 0.5 t0Minutes 1 | 13.33 10.03 | 24.8 %',
      '1 % | 6 slices | single null, slice null | beta 0.5 t0Minutes 5 | 13.33 14.67 | -10.0 %',
      '1 % | 6 slices | single null, slice null | beta 0.25 t0Minutes 0.5 | 13.33 13.57 | -1.8 %',
      '1 % | 6 slices | single null, slice null | beta 0.25 t0Minutes 1 | 13.33 15.04 | -12.8 %',
      '1 % | 6 slices | single null, slice null | beta 0.25 t0Minutes 5 | 13.33 19.08 | -43.1 %',
    ]);
    const example = { ...REQUEST, models: ['almgren-chriss'] as const, sizes: [0.2], dailyVolume: new D(5_000_000) };
    expect(impactReport(example).map(shown)).toEqual([
      '20 % | 5 slices | single 390, slice 390 |  | 512.50 132.50 | 74.1 %',
    ]);
    expect(impactReport(example)[0]).toMatchObject({ singleCost: new D(2_562_500), scheduleCost: new D(662_500) });
  });

  it('saves more than a fifth under Almgren 2005 from 1 to 10 % of ADV where the single order takes a minute', () => {
    const sizes = [0.01, 0.02, 0.03, 0.05, 0.08, 0.1];
    const rows = impactReport({ ...REQUEST, models: ['almgren-2005'], sizes });
    expect(rows).toHaveLength(2 * sizes.length);
    for (const { saving } of rows) expect(saving).toBeGreaterThan(0.2);
  });

  it('says the same in currency, to the cent, and the parts add up', () => {
    const [row] = impactReport({ ...REQUEST, sizes: [0.01] });
    expect(row!.quantity.toFixed()).toBe('60000');
    expect([row!.singleCost, row!.scheduleCost, row!.savingCost].map((cost) => cost.toFixed(2))).toEqual([
      '19632.98',
      '2006.92',
      '17626.06',
    ]);
  });

  it('counts in whole shares and says how many slices came out', () => {
    const rows = impactReport({ ...REQUEST, models: ['almgren-2005'], sizes: [0.01], dailyVolume: new D(399) });
    expect(rows.map(({ quantity, configuration }) => [quantity.toFixed(), configuration.slices])).toEqual([
      ['3', 3],
      ['3', 3],
    ]);
    expect(rows.map(({ configuration }) => configuration.sliceMinutes)).toEqual([20, 1]);
  });

  it('has no second row where slices cannot be faster than their interval', () => {
    const rows = impactReport({ ...REQUEST, models: ['almgren-2005'], sizes: [0.01], singleMinutes: 60 });
    expect(rows.map(shown)).toEqual(['1 % | 6 slices | single 60, slice 10 | beta 0.6 | 6.69 6.69 | 0.0 %']);
  });

  it('is what the page on order slicing says, figure by figure', () => {
    const page = readFileSync(new URL('../../../../docs/concepts/order-slicing.md', import.meta.url), 'utf8');
    const lines = page.split('\n').filter((line) => line.startsWith('|') && line.includes('→'));
    const table = lines.map((line) => line.split('|').slice(1, -1)).map((cells) => cells.map((cell) => cell.trim()));
    const worked = (rows: ImpactRow[]): ImpactRow[] =>
      rows.filter(({ configuration }) => configuration.sliceMinutes === configuration.intervalMinutes);
    const almgren = impactReport({ ...REQUEST, models: ['almgren-2005'] });
    const slow = impactReport({ ...REQUEST, models: ['almgren-2005'], singleMinutes: 60 });
    const law = impactReport({ ...REQUEST, models: ['square-root'] });
    const book = impactReport({ ...REQUEST, models: ['propagator'] });
    const decays = book.slice(0, 6).map(({ configuration: { parameters } }): [string, string, ImpactRow[]] => {
      const { beta, t0Minutes } = parameters;
      const members = book.filter(({ configuration }) => {
        return configuration.parameters['beta'] === beta && configuration.parameters['t0Minutes'] === t0Minutes;
      });
      return [`propagator, β ${beta}, t0 ${t0Minutes} min, Y 1`, 'each at once', members];
    });
    const wanted: [string, string, ImpactRow[]][] = [
      ['Almgren 2005, Θ/V 200', 'single within 1 min, each slice over its 10 min', worked(almgren)],
      ['Almgren 2005, Θ/V 200', 'single within 1 min, each slice within 1 min', almgren.filter((_, i) => i % 2 === 1)],
      ['Almgren 2005, Θ/V 200', 'single over 60 min, each slice over its 10 min', slow],
      ['square-root law, Y 1', 'however fast', law],
      ...decays,
    ];
    const figures = ({ singleBp, scheduleBp, saving }: ImpactRow): string =>
      `${singleBp.toFixed(1)} → ${scheduleBp.toFixed(1)}, ${(saving * 100).toFixed(1)} %`;
    expect(table).toEqual(wanted.map(([model, executed, rows]) => [model, executed, ...rows.map(figures)]));
  });

  it.each([
    ['INVALID_PARAMETER', { volatility: 0 }],
    ['INVALID_PARAMETER', { dailyVolume: new D(0) }],
    ['INVALID_PARAMETER', { price: new D(-1) }],
    ['INVALID_PARAMETER', { sizes: [-0.01] }],
    ['INVALID_PARAMETER', { singleMinutes: 0 }],
    ['SIZE_BELOW_ONE_SHARE', { dailyVolume: new D(99) }],
    ['INVALID_SLICES', { slices: 0 }],
    ['INVALID_HORIZON', { horizonMinutes: 0 }],
  ])('says %s for %j', (code, change) => {
    expect(codeOf(change)).toBe(code);
  });
});
