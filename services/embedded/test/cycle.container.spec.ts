import type { CycleSummary } from '@ballast/embedded';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Decimal } from 'decimal.js';
import pg from 'pg';
import { ballast, makeHome } from './ballast.js';
import { cents, readBooks } from './books.js';
import { CONTAINER_START_MS, startNatsContainer, startPostgresContainer, type Server } from './containers.js';

const SYMBOLS = 'SYN002,SYN009,SYN012,SYN023,SYN025,SYN051';
const RUN = ['cycle', 'run', '--json', '--days', '1', '--as-of', '2025-06-16', '--symbols', SYMBOLS];

let servers: readonly [Server, Server];
beforeAll(async () => {
  servers = await Promise.all([startPostgresContainer(), startNatsContainer()]);
}, CONTAINER_START_MS);
afterAll(() => Promise.all(servers.map((server) => server.stop())));

describe('on the Postgres and the NATS of docker-compose.yml', () => {
  it('a cycle runs from prices to ledger, with books that add up to the cent', async () => {
    const [postgres, nats] = servers;
    const home = await makeHome();
    const { exit, out, err } = await ballast(home, RUN, { DATABASE_URL: postgres.url, NATS_URL: nats.url });
    expect({ exit, err }).toEqual({ exit: 0, err: expect.any(String) });
    const [day] = JSON.parse(out) as [CycleSummary];
    expect(day.decisions.BUY).toBeGreaterThan(0);
    expect(day.orders.submitted).toBeGreaterThan(0);
    expect(day.orders.filled).toBe(day.orders.submitted);
    const held = day.positions.reduce((sum, { marketValue }) => sum.plus(marketValue!), new Decimal(day.cash));
    expect(cents(held)).toBe(cents(day.equity!));

    const client = new pg.Client({ connectionString: postgres.url.replace(/postgres$/, 'ballast_book_main') });
    await client.connect();
    try {
      const books = await readBooks(
        {
          rows: async <T extends object>(sql: string, values: readonly unknown[] = []) =>
            (await client.query<T>(sql, [...values])).rows,
          close: () => client.end(),
        },
        'main',
      );
      expect(Object.keys(books.fills).length).toBeGreaterThan(0);
      expect([books.positions, books.lots, books.venue]).toEqual([books.fills, books.fills, books.fills]);
      expect([books.cash, books.venueCash]).toEqual([books.cashOfFills, books.cashOfFills]);
    } finally {
      await client.end();
    }
  }, 300_000);
});
