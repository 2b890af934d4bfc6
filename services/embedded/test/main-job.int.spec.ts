import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { CycleSummary } from '@ballast/embedded';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { Decimal } from 'decimal.js';
import { ballast, json, makeHome, openDatabase, type Ended } from './ballast.js';
import { cents, readBooks, sumBySymbol } from './books.js';

const PRICES = join(resolve(process.env['BALLAST_SHARED_DATA'] ?? '../shared/data'), 'prices/prices_daily.csv.gz');
const SYMBOLS = 'SYN002,SYN009,SYN012,SYN023,SYN025,SYN051';
const RUN = ['cycle', 'run', '--json', '--days', '2', '--as-of', '2025-06-16', '--symbols', SYMBOLS];

const HASH = /^[0-9a-f]{64}$/;

/** The stages that a cycle passes, by the act under which the audit has each. */
const STAGES = [
  ...['cycle.opened', 'snapshot.sealed', 'scores.computed', 'plan.proposed', 'impact.assessed', 'plan.judged'],
  ...['schedule.planned', 'cycle.executed', 'reconciliation.completed', 'ledger.posted', 'lots.checked'],
  ...['position.valued', 'cycle.closed'],
];

/** What must be the same on every machine and every day, because nothing but the inputs may decide it. */
const hashesOf = ({ planHash, approvedHash, packId, ledgerCommitHash, cash }: CycleSummary) => ({
  planHash,
  approvedHash,
  packId,
  ledgerCommitHash,
  cash,
});

const marketValue = ({ positions }: CycleSummary): Decimal =>
  positions.reduce((sum, { marketValue: value }) => sum.plus(value!), new Decimal(0));

describe('ballast cycle run, from an empty folder', () => {
  let home: string;
  let run: Ended;
  let days: readonly [CycleSummary, CycleSummary];

  beforeAll(async () => {
    home = await makeHome();
    run = await ballast(home, RUN);
    expect({ exit: run.exit, err: run.err }).toEqual({ exit: 0, err: expect.any(String) });
    days = JSON.parse(run.out) as [CycleSummary, CycleSummary];
  }, 240_000);

  it('writes one JSON document with everything the issue names, and progress elsewhere', () => {
    expect(days).toHaveLength(2);
    const [day] = days;
    expect(day).toMatchObject({
      cycleId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      packId: expect.stringMatching(HASH),
      asOf: '2025-06-16',
      symbols: 6,
      planHash: expect.stringMatching(HASH),
      approvedHash: expect.stringMatching(HASH),
      verdict: expect.stringMatching(/^(approved|trimmed)$/),
      decisions: { BUY: expect.any(Number), SELL: 0, HOLD: expect.any(Number), REJECT: expect.any(Number) },
      ledgerCommitHash: expect.stringMatching(HASH),
      traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
      source: { synthetic: true },
    });
    expect(day.strategies.map(({ strategyId }) => strategyId)).toEqual([
      'low-volatility',
      'mean-reversion',
      'momentum',
    ]);
    const { BUY, SELL, HOLD, REJECT } = day.decisions;
    expect(BUY + SELL + HOLD + REJECT).toBe(6);
    expect(BUY).toBeGreaterThan(0);
    expect(day.orders.submitted).toBeGreaterThan(0);
    expect(day.orders.filled).toBe(day.orders.submitted);
    expect(day.durationMs.total).toBeGreaterThan(0);
    for (const stage of ['importing', 'pricing', 'executing', 'closed']) expect(run.err).toContain(stage);
  });

  it('gives cash plus market value as equity, to the cent', () => {
    for (const day of days) expect(cents(marketValue(day).plus(day.cash))).toBe(cents(day.equity!));
  });

  it('goes on with the next session, and refuses a day before the head of the ledger with the way out', async () => {
    const next = await json<CycleSummary>(home, ['cycle', 'run', '--json', '--symbols', SYMBOLS]);
    expect(next.asOf).toBe('2025-06-18');
    const back = await ballast(home, ['cycle', 'run', '--json', '--as-of', '2025-06-16']);
    expect({ exit: back.exit, out: back.out }).toEqual({ exit: 6, out: '' });
    expect(back.err).toContain('ASOF_BEFORE_LEDGER');
    expect(back.err).toMatch(/stands at 2025-06-18.*--fresh.*--book/);
  }, 240_000);

  it('keeps fills, positions, lots, cash and the venue in agreement, and each decision and each stage once', async () => {
    const database = await openDatabase(home, 'ballast_book_main');
    try {
      const books = await readBooks(database, 'main');
      expect(Object.keys(books.fills).length).toBeGreaterThan(0);
      expect(books.positions).toEqual(books.fills);
      expect(books.lots).toEqual(books.fills);
      expect(books.venue).toEqual(books.fills);
      expect(books.openingCash).toBe('1000000.00');
      expect([books.cash, books.venueCash]).toEqual([books.cashOfFills, books.cashOfFills]);

      const cycles = await database.rows<{ id: string }>(`select cycle_id::text as id from orchestrator.cycle_meta`);
      expect(cycles).toHaveLength(3);
      const decisions = await database.rows<{ n: number; different: number }>(
        `select count(*)::int as n, count(distinct (cycle_id, symbol))::int as different from orchestrator.decision`,
      );
      expect(decisions).toEqual([{ n: 18, different: 18 }]);
      for (const { id } of cycles) {
        const acts = await database.rows<{ act: string }>(
          `select distinct entry->>'act' as act from console.audit_entry where cycle_id = $1`,
          [id],
        );
        expect(acts.map(({ act }) => act)).toEqual(expect.arrayContaining(STAGES));
      }
    } finally {
      await database.close();
    }
  }, 120_000);

  it('gives the same hashes, order ids and fills from another empty folder', async () => {
    const other = await makeHome();
    const again = await json<CycleSummary[]>(other, RUN);
    expect(again.map(hashesOf)).toEqual(days.map(hashesOf));
    expect(again.map(({ cycleId }) => cycleId)).toEqual(days.map(({ cycleId }) => cycleId));
    const [ours, theirs] = await Promise.all([home, other].map((each) => ordersOf(each, days)));
    expect(ours!.length).toBeGreaterThan(0);
    expect(theirs).toEqual(ours);
  }, 240_000);
});

/** Every order of some cycles with its id and what became of it. */
async function ordersOf(home: string, cycles: readonly CycleSummary[]): Promise<string[]> {
  const database = await openDatabase(home, 'ballast_book_main');
  try {
    const rows = await database.rows<{ line: string }>(
      `select concat_ws(' ', client_order_id, symbol, side, quantity, filled_quantity, filled_notional, state) as line
         from execution_gateway.child_order where cycle_id = any($1) order by 1`,
      [cycles.map(({ cycleId }) => cycleId)],
    );
    return rows.map(({ line }) => line);
  } finally {
    await database.close();
  }
}

describe('ballast cycle run, over real prices', () => {
  it('trades two days of real names, with books that add up', async () => {
    if (!existsSync(PRICES)) return console.warn(`skipped: there is no ${PRICES}`);
    const home = await makeHome();
    const chosen = ['--data', PRICES, '--as-of', '2017-06-30', '--universe', '25', '--days', '2'];
    const days = await json<CycleSummary[]>(home, ['cycle', 'run', '--json', ...chosen]);
    expect(days.map(({ asOf, tradeDate }) => [asOf, tradeDate])).toEqual([
      ['2017-06-30', '2017-07-03'],
      ['2017-07-03', '2017-07-05'],
    ]);
    for (const day of days) {
      expect(day).toMatchObject({ symbols: 25, source: { synthetic: false } });
      expect(cents(marketValue(day).plus(day.cash))).toBe(cents(day.equity!));
    }
    const last = days.at(-1)!;
    expect(last.positions.map(({ symbol }) => symbol)).toContain('AAPL');
    const database = await openDatabase(home, 'ballast_book_main');
    try {
      const books = await readBooks(database, 'main');
      expect(sumBySymbol(last.positions)).toEqual(books.fills);
      expect([books.positions, books.lots, books.venue]).toEqual([books.fills, books.fills, books.fills]);
      expect([cents(last.cash), books.venueCash]).toEqual([books.cashOfFills, books.cashOfFills]);
    } finally {
      await database.close();
    }
  }, 180_000);
});
