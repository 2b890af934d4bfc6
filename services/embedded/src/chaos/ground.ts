import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Fault, postgresPrograms, resolveNatsServer, startPostgres, type PostgresServer } from '@ballast/platform';

const run = promisify(execFile);

/** What all worlds of a lane stand on: a folder, a Postgres, and the program of the nats-server. */
export interface Ground {
  readonly folder: string;
  readonly postgres: PostgresServer;
  readonly natsProgram: string;
  /** Ends every process of Postgres at once, without a checkpoint, and starts it again on the same port. */
  restartPostgres(): Promise<void>;
  close(keepFolder: boolean): Promise<void>;
}

/** @throws Fault NATS_NEEDED where no nats-server can be had. */
export async function openGround(env: NodeJS.ProcessEnv, log: (line: string) => void): Promise<Ground> {
  const found = await resolveNatsServer({
    env,
    home: env['BALLAST_HOME'] ?? join(tmpdir(), 'ballast-test-cache'),
    log,
  });
  if (!found.found) throw new Fault('NATS_NEEDED', `the run needs a nats-server: ${found.reason}`);
  const folder = await mkdtemp(join(tmpdir(), 'ballast-chaos-'));
  // As root, Postgres runs as another user, who must get through to its folder.
  await chmod(folder, 0o755);
  const home = join(folder, 'postgres');
  const postgres = await startPostgres({ home, password: randomBytes(16).toString('hex') });
  const { pgCtl, identity } = await postgresPrograms(home);
  return {
    folder,
    postgres,
    natsProgram: found.path,
    restartPostgres: async () => {
      const restart = [
        'restart',
        '-D',
        join(home, 'data'),
        '-m',
        'immediate',
        '-w',
        '-s',
        '-l',
        join(home, 'postgres.log'),
      ];
      await run(pgCtl, restart, { ...identity, env: { PATH: process.env['PATH'] }, cwd: '/' });
    },
    close: async (keepFolder) => {
      await postgres.stop();
      if (!keepFolder) await rm(folder, { recursive: true, force: true });
    },
  };
}
