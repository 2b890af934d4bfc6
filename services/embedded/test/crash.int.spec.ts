import type { CycleSummary } from '@ballast/embedded';
import { describe, expect, it } from '@jest/globals';
import {
  ballast,
  childrenOf,
  endProcess,
  eventually,
  makeHome,
  openDatabase,
  start,
  type Database,
} from './ballast.js';
import { cents, readBooks, readOrders } from './books.js';

const RUN = ['cycle', 'run', '--json', '--as-of', '2025-06-16', '--symbols', 'SYN002,SYN009,SYN012,SYN023'];

/** Waits until the venue has taken so many orders: the middle of execution, whatever the machine's speed. */
async function ordersAtVenue(home: string, atLeast: number): Promise<Database> {
  const database = await openDatabase(home, 'ballast_book_main');
  await eventually(async () => {
    const [row] = await database.rows<{ n: number }>(`select count(*)::int as n from paper_broker."order"`);
    return row!.n >= atLeast;
  });
  return database;
}

/** What must hold after whatever happened: nothing twice, nothing lost, and the money agrees. */
async function expectSound(database: Database): Promise<void> {
  const { ours, theirs } = await readOrders(database, 'main');
  expect(ours.length).toBeGreaterThan(0);
  expect(theirs).toEqual(ours);
  const ids = theirs.map((line) => line.split(' ')[0]);
  expect(new Set(ids).size).toBe(ids.length);
  const books = await readBooks(database, 'main');
  expect([books.positions, books.lots, books.venue]).toEqual([books.fills, books.fills, books.fills]);
  expect([books.cash, books.venueCash]).toEqual([books.cashOfFills, books.cashOfFills]);
}

/** The cycle must have come to an end that is said; only one that closed has all its orders worked. */
function expectEnded({ exit, out, err }: { exit: number | null; out: string; err: string }): CycleSummary {
  const day = JSON.parse(out === '' ? 'null' : out) as CycleSummary | null;
  if (day === null) throw new Error(`the run after the crash said nothing and ended with ${exit}:\n${err}`);
  if (day.verdict === 'aborted') expect(day.reason).toEqual(expect.stringMatching(/\S/));
  else expect({ exit, filled: day.orders.filled }).toEqual({ exit: 0, filled: day.orders.submitted });
  return day;
}

describe('kill -9 in the middle of a cycle', () => {
  it('of the host: the same command finishes the cycle, with no order twice and none lost', async () => {
    const home = await makeHome();
    // The first time as execution begins, the second time in the middle of its orders.
    const first = start(home, RUN);
    await first.said(/executing/);
    expect(await first.kill('SIGKILL')).toMatchObject({ exit: null, signal: 'SIGKILL', out: '' });

    const second = start(home, RUN);
    await second.said(/executing/);
    const watched = await ordersAtVenue(home, 6);
    await second.kill('SIGKILL');
    await watched.close();

    const day = expectEnded(await ballast(home, RUN));
    expect(day.asOf).toBe('2025-06-16');
    const database = await openDatabase(home, 'ballast_book_main');
    try {
      await expectSound(database);
      const cycles = await database.rows<{ status: string }>(`select status from orchestrator.cycle_meta`);
      expect(cycles).toEqual([{ status: day.verdict === 'aborted' ? 'aborted' : 'closed' }]);
      expect(cents(day.cash)).toBe((await readBooks(database, 'main')).cash);
    } finally {
      await database.close();
    }
  }, 300_000);

  it('of the venue: the run says so or goes on, and the same command finishes the cycle', async () => {
    const home = await makeHome();
    const run = start(home, RUN);
    await run.said(/executing/);
    const watched = await ordersAtVenue(home, 6);
    const broker = (await childrenOf(run.pid)).find(({ command }) => command.includes('paper-broker'));
    await endProcess(broker!.pid, 'SIGKILL');
    const first = await run.ended;
    await watched.close().catch(() => undefined);
    if (first.exit !== 0) expect(first.err).toMatch(/error [A-Z_]+: .*broker.*\n(.*\n)* +next: /i);

    // A run that went on has closed its day, and the next one is another.
    if (first.exit === 0) expectEnded(first);
    else expectEnded(await ballast(home, RUN));
    const database = await openDatabase(home, 'ballast_book_main');
    try {
      await expectSound(database);
    } finally {
      await database.close();
    }
  }, 300_000);
});
