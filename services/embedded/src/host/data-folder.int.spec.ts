import { chmod, mkdtemp, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { startPostgres } from '@ballast/platform';
import pg from 'pg';
import { claimHome, openHome, resetHome } from './data-folder.js';

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'ballast-home-'));
  await chmod(path, 0o755);
  return path;
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

describe('resetting a data folder', () => {
  it('ends the database that a killed host left running before it deletes it', async () => {
    const home = await openHome(await folder());
    const { url } = await startPostgres({ home: home.postgres, password: home.secrets.postgres, durable: false });
    await resetHome(home.path);
    expect(await exists(home.path)).toBe(false);
    expect(await exists(home.postgres)).toBe(false);
    await expect(new pg.Client({ connectionString: url }).connect()).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('is refused while a host runs, and does nothing where there is no folder', async () => {
    const home = await openHome(await folder());
    await claimHome(home.path, {
      ...{ pid: process.pid, url: '', services: {}, book: 'paper', startedAt: '2026-11-20T10:00:00.000Z' },
    });
    await expect(resetHome(home.path)).rejects.toMatchObject({ code: 'HOST_RUNNING' });
    expect(await exists(home.path)).toBe(true);
    await writeFile(join(home.path, 'run.json'), JSON.stringify({ pid: 2 ** 22 + 1 }));
    await resetHome(home.path);
    await expect(resetHome(home.path)).resolves.toBeUndefined();
  });
});
