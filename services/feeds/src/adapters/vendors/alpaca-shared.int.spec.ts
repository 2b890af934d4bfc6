import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ActionsPage, BarsPage } from './alpaca-wire.js';
import { parseJson } from './vendor-json.js';

const SHARED = resolve(process.env['BALLAST_SHARED_DATA'] ?? '../shared/data', 'alpaca');
const FILES = ['alpaca_py_http_fixtures.jsonl', 'alpaca_go_fixtures.jsonl'].map((name) => resolve(SHARED, name));

const there = FILES.every((path) => existsSync(path));
if (!there) {
  process.stderr.write(`skipped: the bodies of Alpaca's own tests are not in ${SHARED}; set BALLAST_SHARED_DATA\n`);
}

/** Every body of the files that has a field. */
const bodiesWith = (field: string): unknown[] =>
  FILES.flatMap((path) => readFileSync(path, 'utf8').trim().split('\n'))
    .map((line) => (JSON.parse(line) as { body: unknown }).body)
    .filter((body) => typeof body === 'object' && body !== null && field in body && 'next_page_token' in body);

(there ? describe : describe.skip)('bodies of the tests of Alpaca itself', () => {
  it('with daily bars of many symbols are read whole', () => {
    const daily = bodiesWith('bars').filter((body) => {
      const { bars } = body as { bars: unknown };
      // Not those of one symbol, which have another shape, nor those of minutes.
      return !Array.isArray(bars) && /"t":"[^"]*T0[45]:00:00Z"/.test(JSON.stringify(bars));
    });
    expect(daily.length).toBeGreaterThan(2);
    for (const body of daily) {
      const { rows } = BarsPage.parse(parseJson(JSON.stringify(body)));
      const lists = Object.values((body as { bars: Record<string, { t: string; c: number }[]> }).bars).flat();
      expect(rows.map(({ date, close }) => ({ date, close }))).toEqual(
        lists.map(({ t, c }) => ({ date: t.slice(0, 10), close: String(c) })),
      );
    }
  });

  it('with corporate actions are read, and what has no counterpart is left out', () => {
    const bodies = bodiesWith('corporate_actions');
    expect(bodies.length).toBeGreaterThan(0);
    const rows = bodies.flatMap((body) => ActionsPage.parse(parseJson(JSON.stringify(body))).rows);
    expect(rows).toContainEqual({ symbol: 'FBL', date: '2024-03-13', type: 'split', ratio: '5' });
    expect(rows).toContainEqual({ symbol: 'INPX', date: '2024-03-13', type: 'symbol_change', newSymbol: 'XTIA' });
    expect(rows.map(({ type }) => type).filter((type) => type !== 'split' && type !== 'symbol_change')).toEqual([]);
  });
});
