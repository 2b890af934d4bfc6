// Goal: the parsers read whole real files, and know every fault that these are known to have.
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { CONTEXT } from '../../../test/told.js';
import { parseFacts, type What } from './catalog.js';
import { parseTexts, AMERICAN } from './rss.js';

const SHARED = resolve(process.env['BALLAST_SHARED_DATA'] ?? '../shared/data');
const FIXTURES = resolve(SHARED, '../cases/nse-fixtures.json');
const there = existsSync(resolve(SHARED, 'india')) && existsSync(FIXTURES);
if (!there) console.warn(`skipped: the real facts are not in ${SHARED}; set BALLAST_SHARED_DATA to where they are`);

function read(path: string): string {
  const bytes = readFileSync(resolve(SHARED, path));
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}
function parse(what: What, body: string) {
  const { facts, rows, refused, duplicates } = parseFacts(what, body, CONTEXT, 0.05);
  return { counts: { facts: facts.length, rows, refused: refused.length, duplicates }, facts };
}

(there ? describe : describe.skip)('the real files', () => {
  it('of bulk deals: every line but the one that is there twice, clients at several prices being one deal', () => {
    const { counts, facts } = parse('nse-bulk-deals', read('india/nse_bulk_deals_2025-04_2025-12.csv.gz'));
    expect(counts).toEqual({ facts: 15_129, rows: 15_172, refused: 0, duplicates: 1 });
    const lines = facts.reduce((all, { content }) => all + (content['parts'] as unknown[]).length, 0);
    expect(lines).toBe(15_171);
    expect(new Set(facts.map(({ date }) => date)).size).toBe(173);
    expect(facts[0]).toMatchObject({
      date: '2025-04-24',
      symbol: 'AGSTRA',
      content: { quantity: '12058807', price: '5.52' },
    });
  });

  it('of flows by day, of which every net is buy less sell', () => {
    const { counts, facts } = parse('nse-fii-dii', read('india/fii_dii_daily_2026-01_2026-06.json'));
    expect(counts).toEqual({ facts: 198, rows: 99, refused: 0, duplicates: 0 });
    expect(facts[0]).toMatchObject({
      naturalKey: 'FII/2026-01-14',
      content: { buyValue: '353920000000', sellValue: '418320000000', netValue: '-64400000000' },
    });
  });

  it('of a whole chain of NIFTY options, with what is not known left open', () => {
    const { counts, facts } = parse('nse-option-chain', read('india/nse_option_chain_nifty_2019-08.json.gz'));
    expect(counts).toEqual({ facts: 21, rows: 1_298, refused: 0, duplicates: 0 });
    type Leg = Record<string, string | null> | null;
    const legs = facts
      .flatMap(({ content }) => content['strikes'] as { call: Leg; put: Leg }[])
      .flatMap(({ call, put }) => [call, put])
      .filter((leg) => leg !== null);
    const unknown = (member: string): number => legs.filter((leg) => leg[member] === null).length;
    expect(legs).toHaveLength(1_807);
    expect([unknown('impliedVolatilityPercent'), unknown('bid'), unknown('lastPrice')]).toEqual([1_509, 191, 1_460]);
    expect(legs.filter((leg) => leg['openInterest']!.includes('.')).map((leg) => leg['openInterest'])).toEqual(
      expect.arrayContaining(['16.666666666666668', '4300.666666666667']),
    );
  });

  it.each([
    [3, { transactions: 0, holdings: 6 }],
    [4, { transactions: 7, holdings: 8 }],
    [5, { transactions: 1, holdings: 2 }],
  ])('of form %i of the SEC', (form, expected) => {
    const { facts } = parse('sec-ownership', read(`news_insider/sec_form${form}.snow.xml`));
    const { transactions, holdings } = facts[0]!.content as { transactions: unknown[]; holdings: unknown[] };
    expect(facts).toHaveLength(1);
    expect(facts[0]).toMatchObject({ symbol: 'SNOW', content: { form: String(form) } });
    expect({ transactions: transactions.length, holdings: holdings.length }).toEqual(expected);
  });

  it('of headlines, eight of which are there twice', () => {
    const { counts } = parse('headlines', read('news_insider/benzinga_headlines_sample.csv.gz'));
    expect(counts).toEqual({ facts: 5_965, rows: 5_973, refused: 0, duplicates: 8 });
  });

  it.each([
    ['macro_daily', { facts: 32_793, rows: 4_018 }],
    ['macro_monthly', { facts: 1_754, rows: 258 }],
    ['vix_daily_ohlc_datasets', { facts: 36_940, rows: 9_235 }],
    ['gold_xauusd_oanda_daily', { facts: 39_490, rows: 3_949 }],
    ['lean_primary_credit_rate', { facts: 56, rows: 56 }],
  ])('of the series in %s', (file, expected) => {
    const { counts } = parse('macro-series', read(`macro/${file}.csv`));
    expect(counts).toMatchObject({ refused: 0, duplicates: 0 });
    expect(counts).toMatchObject(expected);
  });

  it('of samples of NSE, each in the shape in which it was served', () => {
    const cases = JSON.parse(readFileSync(FIXTURES, 'utf8')) as Record<string, { sample: unknown; record: unknown }>;
    const one = (what: What, body: unknown) => parse(what, JSON.stringify(body)).facts;
    expect(one('nse-fii-dii', cases['fii_dii']!.sample).map(({ naturalKey }) => naturalKey)).toEqual([
      'DII/2026-07-03',
      'FII/2026-07-03',
    ]);
    expect(one('nse-bulk-deals', { data: cases['bulk']!.sample })[0]).toMatchObject({ date: '2025-12-01' });
    expect(one('nse-pit', { data: [cases['pit']!.sample] })[0]!.content).toMatchObject({
      transactions: [{ value: '50000000', direction: 'acquired' }],
    });
    expect(one('nse-board-meetings', [cases['board_meeting']])[0]).toMatchObject({
      date: '2023-10-30',
      symbol: 'SIYSIL',
    });
    expect(one('nse-holidays', { CM: [cases['holiday']] })).toHaveLength(1);
    const records = {
      timestamp: '28-Sep-2023 15:30:00',
      underlyingValue: 19731.75,
      data: [cases['option_chain']!.record],
    };
    expect(one('nse-option-chain', { records })[0]!.content).toMatchObject({
      strikes: [{ call: null, put: { openInterest: '41.5', impliedVolatilityPercent: null, ask: null, bid: '1.05' } }],
    });
  });

  it('of labelled sentences are no feed', () => {
    expect(() => parseTexts(AMERICAN)(read('policy/wcb_federal_reserve_system.csv'), CONTEXT)).toThrow(
      expect.objectContaining({ code: 'BODY_UNREADABLE' }),
    );
  });
});
