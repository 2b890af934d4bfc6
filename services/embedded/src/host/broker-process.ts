import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Retryable } from '@ballast/platform';

/** The simulated venue, in a process of its own: it is the world, not a part of the system. */
export interface BrokerProcess {
  readonly url: string;
  stop(): Promise<void>;
}

export interface BrokerOptions {
  readonly databaseUrl: string;
  readonly secret: string;
  readonly simulatedClock: boolean;
  readonly logFile: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Starts the paper broker on a free loopback port. Its standard input is ours: when
 * this process ends, however it ends, the broker sees the end of it and ends too.
 * @throws Retryable BROKER_DID_NOT_START with where its log is.
 */
export async function startBroker(options: BrokerOptions): Promise<BrokerProcess> {
  const main = fileURLToPath(new URL('./main.js', import.meta.resolve('@ballast/paper-broker')));
  const child = spawn(process.execPath, [main], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {
      ...options.env,
      DATABASE_URL: options.databaseUrl,
      PAPER_BROKER_SECRET: options.secret,
      PAPER_BROKER_PORT: '0',
      PAPER_BROKER_CLOCK: options.simulatedClock ? 'simulated' : 'real',
      PAPER_BROKER_EXIT_WITH_PARENT: '1',
    },
  });
  const log = createWriteStream(options.logFile, { flags: 'a' });
  child.stderr.pipe(log);
  const ended = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  const listening = new Promise<string>((found) => {
    lines.on('line', (line) => {
      log.write(`${line}\n`);
      const url = line.startsWith('{"listening"') ? (JSON.parse(line) as { listening: string }).listening : undefined;
      if (url) found(url);
    });
  });
  const url = await Promise.race([listening, ended.then(() => null)]);
  if (url === null) {
    throw new Retryable('BROKER_DID_NOT_START', `the paper broker ended at once; see ${options.logFile}`);
  }
  return {
    url,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
      log.end();
    },
  };
}
