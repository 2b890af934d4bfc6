import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execute, up } from './api.js';
import { ballast, json, makeHome, openDatabase, type BallastProcess, type Database } from './ballast.js';

interface Chain {
  readonly chain: string;
  readonly ok: boolean;
  readonly brokenAt?: number;
  readonly expected?: string;
  readonly found?: string;
}

interface PackVerdict {
  readonly hash: string;
  readonly state: string;
  readonly expected?: string;
  readonly found?: string;
}

describe('what nobody may change', () => {
  let home: string;
  let host: BallastProcess;
  let book: string;
  let database: Database | undefined;

  // A host that stays up answers every command at once; one that each command starts for itself takes seconds.
  beforeAll(async () => {
    home = await makeHome();
    const { api, ...running } = await up(home);
    ({ host, book } = running);
    const opened = await execute(api);
    expect(opened).toMatchObject({ status: 200, body: { pricing_pack_id: expect.any(String) } });
    database = await openDatabase(home, 'ballast');
  }, 240_000);
  afterAll(async () => {
    await database?.close();
    expect(await host.kill('SIGTERM')).toMatchObject({ exit: 0 });
  }, 120_000);

  it('verifies as long as nobody has', async () => {
    const chains = await json<Chain[]>(home, ['audit', 'verify', '-o', 'json']);
    expect(chains).toMatchObject([
      { chain: 'audit', ok: true },
      { chain: `ledger of ${book}`, ok: true, entries: 1 },
    ]);
    const packs = await json<PackVerdict[]>(home, ['pack', 'verify', '-o', 'json']);
    expect(packs.length).toBeGreaterThan(0);
    expect(packs.filter(({ state }) => state !== 'ok')).toEqual([]);
  }, 120_000);

  it('is found in the audit and in the ledger: which entry, what was expected and what is there', async () => {
    const [edited] = await database!.rows<{ sequence: string }>(
      `update console.audit_entry set entry = replace(entry::text, '"snapshot.sealed"', '"snapshot.blessed"')::json
        where entry->>'act' = 'snapshot.sealed' returning sequence::text`,
    );
    await database!.rows(
      `update portfolio.ledger_entry set entry = jsonb_set(entry, '{cashChange}', '"2000000"') where sequence = 1`,
    );
    const { exit, out, err } = await ballast(home, ['audit', 'verify', '-o', 'json']);
    expect({ exit, err }).toEqual({ exit: 1, err: '' });
    const [audit, ledger] = JSON.parse(out) as [Chain, Chain];
    expect(audit).toMatchObject({ chain: 'audit', ok: false, brokenAt: Number(edited!.sequence) });
    expect(ledger).toMatchObject({ chain: `ledger of ${book}`, ok: false, brokenAt: 1 });
    for (const { expected, found } of [audit, ledger]) {
      expect([expected, found]).toEqual([expect.stringMatching(/\S/), expect.stringMatching(/\S/)]);
      expect(expected).not.toBe(found);
    }
    const table = await ballast(home, ['audit', 'verify']);
    expect(table.exit).toBe(1);
    expect(table.out).toContain(audit.expected);
  }, 120_000);

  it('is found in a file of the pack store', async () => {
    const store = join(home, 'packs');
    const file = (await readdir(store, { recursive: true })).find((name) => name.endsWith('.arrow'))!;
    const hash = /[0-9a-f]{64}/.exec(file)![0];
    const bytes = await readFile(join(store, file));
    bytes[bytes.length >> 1]! ^= 1;
    await writeFile(join(store, file), bytes);
    const { exit, out, err } = await ballast(home, ['pack', 'verify', hash.slice(0, 12), '-o', 'json']);
    expect({ exit, err }).toEqual({ exit: 1, err: '' });
    const [verdict] = JSON.parse(out) as [PackVerdict];
    expect(verdict).toMatchObject({ hash, state: 'corrupt', expected: hash });
    expect(verdict.found).toMatch(/^[0-9a-f]{64}$/);
    expect(verdict.found).not.toBe(hash);
  }, 120_000);
});
