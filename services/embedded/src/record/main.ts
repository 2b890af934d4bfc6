import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FilePackStore, messageOf, startPostgres } from '@ballast/platform';
import { SimDatabase } from '@ballast/testing';
import { SERVICE_NAMES } from '../services.js';
import { recordedEnvironment } from './environment.js';
import { writeRecordings } from './recordings.js';
import { runTwoDays } from './two-days.js';

const ROOT = resolve(fileURLToPath(new URL('../../../..', import.meta.url)));

/**
 * `npm run record`: runs two days of a small simulated book from empty and writes the
 * inbox of every service to `services/<name>/test/recordings/`, where a test replays it.
 * Files whose content is the same are left alone.
 */
async function main(): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'ballast-record-'));
  // As root, Postgres runs as another user, who must get through to its folder.
  await chmod(home, 0o755);
  const password = randomBytes(16).toString('hex');
  const postgres = await startPostgres({ home: join(home, 'postgres'), password, durable: false });
  try {
    const database = await SimDatabase.create(postgres.url, SERVICE_NAMES);
    const packsFolder = join(home, 'packs');
    try {
      const env = await recordedEnvironment(join(home, 'keys'));
      await runTwoDays({ databaseUrl: database.url, packs: new FilePackStore(packsFolder), env });
      await report(await writeRecordings(ROOT, database, packsFolder));
    } finally {
      await database.close();
    }
  } finally {
    await postgres.stop();
    await rm(home, { recursive: true, force: true });
  }
}

async function report(written: Awaited<ReturnType<typeof writeRecordings>>): Promise<void> {
  let bytes = 0;
  for (const { file, messages, changed } of written) {
    const { size } = await stat(file);
    bytes += size;
    const what = messages === null ? '' : `, ${messages} messages`;
    process.stdout.write(`${changed ? 'wrote' : 'same '} ${relative(ROOT, file)}: ${size} bytes${what}\n`);
  }
  process.stdout.write(`${written.length} files, ${bytes} bytes\n`);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`record: ${messageOf(error)}\n`);
  process.exitCode = 1;
}
