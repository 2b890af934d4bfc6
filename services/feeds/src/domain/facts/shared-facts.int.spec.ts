import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { parseBoardMeetings } from './board-meetings.js';
import { parseDeals } from './bulk-deals.js';
import { parseFiiDii } from './fii-dii.js';
import { parseHeadlines } from './headlines.js';
import { parsePit } from './insider-nse.js';
import { parseSecOwnership } from './insider-sec.js';
import { parseMacro } from './macro.js';
import { parseNseHolidays } from './nse-holidays.js';
import { parseOptionChain } from './option-chain.js';
import type { ParsedFacts } from './parsed.js';

const SHARED = resolve(process.env['BALLAST_SHARED_DATA'] ?? '../shared/data');
const there = existsSync(resolve(SHARED, 'india'));
if (!there) console.warn(`skipped: the real facts are not in ${SHARED}; set BALLAST_SHARED_DATA to where they are`);

const CONTEXT = { source: 'shared', subject: null, fetchedAt: '2026-11-20T10:00:00.000Z' };
function read(path: string): string {
  const bytes = readFileSync(resolve(SHARED, path));
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}
const counts = ({ facts, rows, refused, duplicates }: ParsedFacts) => ({
  ...{ facts: facts.length, rows, duplicates, refused: refused.map(({ row, code }) => `${row} ${code}`) },
});

(there ? describe : describe.skip)('the real files', () => {
  it('bulk deals of 173 days', () => {
    const parsed = parseDeals('bulk')(read('india/nse_bulk_deals_2025-04_2025-12.csv.gz'), CONTEXT);
    console.info(counts(parsed));
  });
  it('flows', () => {
    console.info(counts(parseFiiDii(read('india/fii_dii_daily_2026-01_2026-06.json'), CONTEXT)));
  });
  it('chain', () => {
    const parsed = parseOptionChain(read('india/nse_option_chain_nifty_2019-08.json.gz'), CONTEXT);
    console.info(
      counts(parsed),
      parsed.facts[0]!.naturalKey,
      Math.max(...parsed.facts.map((f) => JSON.stringify(f).length)),
    );
  });
  it('sec', () => {
    for (const form of [3, 4, 5]) {
      const parsed = parseSecOwnership(read(`news_insider/sec_form${form}.snow.xml`), CONTEXT);
      console.info(counts(parsed), JSON.stringify(parsed.facts[0], null, 1).slice(0, 6000));
    }
  });
  it('headlines', () => {
    console.info(counts(parseHeadlines(read('news_insider/benzinga_headlines_sample.csv.gz'), CONTEXT)));
  });
  it('macro', () => {
    for (const f of [
      'macro_daily',
      'macro_monthly',
      'vix_daily_ohlc_datasets',
      'gold_xauusd_oanda_daily',
      'lean_primary_credit_rate',
    ])
      console.info(f, counts(parseMacro(read(`macro/${f}.csv`), CONTEXT)));
  });
  it('cases', () => {
    const cases = JSON.parse(read('../cases/nse-fixtures.json'));
    console.info(JSON.stringify(parseFiiDii(JSON.stringify(cases.fii_dii.sample), CONTEXT)));
    console.info(JSON.stringify(parseDeals('bulk')(JSON.stringify({ data: cases.bulk.sample }), CONTEXT)));
    console.info(JSON.stringify(parsePit(JSON.stringify({ data: [cases.pit.sample] }), CONTEXT)));
    console.info(JSON.stringify(parseBoardMeetings(JSON.stringify([cases.board_meeting]), CONTEXT)));
    console.info(JSON.stringify(parseNseHolidays(JSON.stringify({ CM: [cases.holiday] }), CONTEXT)));
  });
});
