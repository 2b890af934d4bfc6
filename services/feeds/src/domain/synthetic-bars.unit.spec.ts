import { describe, expect, it } from '@jest/globals';
import { BarCollector } from './collect-bars.js';
import { sourceNameOf } from './source-name.js';
import { collectSynthetic } from './synthetic-bars.js';

describe('a synthetic market', () => {
  it('ends with the session that was asked for, passes every check, and has a sector for each symbol', () => {
    const collector = new BarCollector(10_000);
    const sectors = collectSynthetic({ seed: 7, symbols: 12, sessions: 30, until: '2017-07-02' }, collector);
    const { report, from, to } = collector.finish(0);
    expect(report).toMatchObject({ rows: 360, accepted: 360, refused: 0, symbols: 12, missingVolumes: 0 });
    expect([from, to]).toEqual(['2017-05-19', '2017-06-30']);
    expect(sectors).toHaveLength(12);
    expect(sectors[0]!.symbol).toMatch(/^SYN/);
  });

  it('is refused where the calendar does not reach back far enough', () => {
    const order = { seed: 1, symbols: 1, sessions: 100, until: '1998-02-01' };
    expect(() => collectSynthetic(order, new BarCollector(10))).toThrow(
      expect.objectContaining({ code: 'SYNTHETIC_TOO_LONG' }),
    );
  });
});

describe('the name of a source', () => {
  it.each([
    ['/data/prices_daily.csv.gz', 'prices_daily'],
    ['C:\\Data\\My Prices (2).CSV', 'my-prices-2-'],
    ['/data/bars', 'bars'],
    ['/data/_.csv', 'history'],
    [`/data/${'x'.repeat(60)}.csv`, 'x'.repeat(48)],
  ])('of %s is %s', (path, name) => {
    expect(sourceNameOf(path)).toBe(name);
  });
});
