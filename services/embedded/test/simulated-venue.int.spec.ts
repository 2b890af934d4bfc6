// Goal: with the venue's switches on a book still adds up to the cent, and each cycle says what was simulated and how.
import type { CycleSummary } from '@ballast/embedded';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { ballast, makeHome, openDatabase, type Ended } from './ballast.js';
import { cents, readBooks } from './books.js';

const SYMBOLS = 'SYN002,SYN009,SYN012,SYN023';
const RUN = ['cycle', 'run', '--json', '--days', '3', '--as-of', '2025-06-16', '--symbols', SYMBOLS];
const SWITCHES = {
  ...{ PAPER_BROKER_FEES: 'us', PAPER_BROKER_COMMISSION_BP: '1.5', PAPER_BROKER_LATENCY_MS: '20-80' },
  ...{ PAPER_BROKER_BOOK: 'depth', PAPER_BROKER_IMPACT: 'almgren2005' },
};

interface Fee {
  readonly activityId: string;
  readonly amount: string;
}

describe('three days at a venue with fees, latency, depth and impact', () => {
  let home: string;
  let run: Ended;

  beforeAll(async () => {
    home = await makeHome();
    run = await ballast(home, RUN, SWITCHES);
  }, 300_000);

  it('say of each what was simulated', () => {
    expect({ exit: run.exit, err: run.err }).toEqual({ exit: 0, err: expect.any(String) });
    for (const { simulated, orders } of JSON.parse(run.out) as CycleSummary[]) {
      const told = simulated.join('\n');
      for (const part of [/FINRA TAF .* 1\.5 basis points/, /20 to 80 ms/, /Quotes had the size/, /Almgren, Thum/])
        expect(told).toMatch(part);
      expect(orders.submitted).toBe(orders.filled);
    }
  });

  it('end with the same cash and the same fees at the venue, in execution and in the ledger', async () => {
    const database = await openDatabase(home, 'ballast_book_main');
    try {
      const books = await readBooks(database, 'main');
      expect(books.cash).toBe(books.venueCash);
      const said = await database.rows<{ status: string }>(`select status from execution_gateway.reconciliation`);
      expect(said.length).toBeGreaterThanOrEqual(3);
      expect(said.filter(({ status }) => status !== 'green')).toEqual([]);
      const booked = await database.rows<Fee>(
        `select to_char(at at time zone 'UTC', 'YYYYMMDDHH24MISSMS') || '::' || id as "activityId",
                (-net_amount)::text as amount from paper_broker.activity order by 1`,
      );
      const ledger = await database.rows<Fee>(
        `select entry ->> 'activityId' as "activityId", (-(entry ->> 'cashChange')::numeric)::text as amount
           from portfolio.ledger_entry where entry ->> 'kind' = 'fee' order by 1`,
      );
      // The first two days' fees were booked at their close; the third day's is still to come.
      expect(booked.length).toBeGreaterThanOrEqual(2);
      expect(ledger).toEqual(booked);
      const [{ fees } = { fees: '' }] = await database.rows<{ fees: string }>(
        `select fees::text from portfolio.account where portfolio_id = 'main'`,
      );
      expect(cents(fees)).toBe(cents(booked.reduce((total, { amount }) => total + Number(amount), 0)));
    } finally {
      await database.close();
    }
  }, 60_000);
});
