import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { freshDatabase, Http, MARKET, orderBody, SECRET, startDatabase } from './harness.js';
import type { Database } from './harness.js';
import { CLOSE, OPEN } from './times.js';

const main = resolve('services/paper-broker/dist/main.js');
const built = existsSync(main);
/** Five processes are started one after another. */
const LIVES_TIMEOUT_MS = 60_000;
if (!built) console.warn(`skipped: ${main} is not built; run the build first`);
const itBuilt = built ? it : it.skip;

let database: Database;

beforeAll(async () => {
  if (built) database = await startDatabase();
});
afterAll(async () => {
  if (built) await database.stop();
});

function start(environment: Record<string, string>): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [main], { env: { PATH: process.env['PATH'], ...environment } });
}

const environmentOf = (url: string, more: Record<string, string> = {}): Record<string, string> => ({
  DATABASE_URL: url,
  PAPER_BROKER_SECRET: SECRET,
  PAPER_BROKER_CLOCK: 'simulated',
  PAPER_BROKER_LOG_LEVEL: 'error',
  ...more,
});

/** Where a broker listens, from the one line that it writes to its standard output. */
async function addressOf(child: ChildProcessWithoutNullStreams): Promise<string> {
  child.stderr.on('data', (text: Buffer) => process.stderr.write(text));
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  return (JSON.parse(line) as { listening: string }).listening;
}

itBuilt(
  'loses no order that it acknowledged and takes none twice when it is killed again and again',
  async () => {
    const url = await freshDatabase(database);
    const acknowledged = new Map<string, unknown>();
    const asked: string[] = [];
    for (let life = 0; life < 4; life += 1) {
      const child = start(environmentOf(url));
      const gone = once(child, 'exit');
      const http = new Http(await addressOf(child), 'main');
      if (life === 0) {
        await http.post('/sim/advance', { to: OPEN });
        await http.post('/sim/accounts', { account: 'main', cash: '100000.00' });
        await http.post('/sim/market', MARKET);
      }
      // What the life before may have left undone is sent again under its old id, as a client must.
      const fresh = [...Array(60).keys()].map((n) => `life-${life}-${n}`);
      const unsure = asked.filter((id) => !acknowledged.has(id));
      asked.push(...fresh);
      const sent = [...unsure, ...fresh].map(async (id, index) => {
        const answer = await http.post('/v2/orders', orderBody(id, { qty: '1' })).catch(() => null);
        if (answer?.status === 200) acknowledged.set(id, answer.body['id']);
        if (index === 20) child.kill('SIGKILL');
      });
      await Promise.all(sent);
      await gone;
    }
    const child = start(environmentOf(url));
    const http = new Http(await addressOf(child), 'main');
    const orders = (await http.get('/v2/orders?status=all&limit=500')).body as unknown as Record<string, string>[];
    const ids = orders.map(({ client_order_id: id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [id, orderId] of acknowledged) {
      expect(orders.find((order) => order['client_order_id'] === id)).toMatchObject({ id: orderId, status: 'filled' });
    }
    const fills = (await http.get('/v2/account/activities/FILL?page_size=1')).body as unknown as unknown[];
    expect(fills).toHaveLength(orders.length > 0 ? 1 : 0);
    const account = (await http.get('/v2/account')).body;
    expect(account['cash']).toBe(String(100_000 - 20 * orders.length));
    expect((await http.post('/sim/advance', { to: CLOSE })).body).toMatchObject({
      lastFrame: { main: 2 * orders.length },
    });
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  },
  LIVES_TIMEOUT_MS,
);

itBuilt('ends when its parent is gone, where it is told to', async () => {
  const url = await freshDatabase(database);
  const child = start(environmentOf(url, { PAPER_BROKER_EXIT_WITH_PARENT: '1' }));
  await addressOf(child);
  child.stdin.end();
  expect(await once(child, 'exit')).toEqual([0, null]);
});

itBuilt('says everything that is wrong with its environment, and ends', async () => {
  const child = start({ PAPER_BROKER_PORT: 'http' });
  let said = '';
  child.stderr.on('data', (text: Buffer) => (said += text.toString()));
  expect(await once(child, 'exit')).toEqual([1, null]);
  for (const name of ['DATABASE_URL', 'PAPER_BROKER_SECRET', 'PAPER_BROKER_PORT']) expect(said).toContain(name);
});
