import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { messageOf, Retryable } from '@ballast/platform';

/** The simulated venue, in a process of its own: it is the world, not a part of the system. */
export interface BrokerProcess {
  readonly url: string;
  /** Of the process as it is now; another one after a restart. */
  readonly pid: number;
  stop(): Promise<void>;
}

export interface BrokerOptions {
  readonly databaseUrl: string;
  readonly secret: string;
  readonly simulatedClock: boolean;
  readonly logFile: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Receives a line when the broker ends by itself. */
  readonly say: (line: string) => void;
}

/** How long a broker that ended by itself stays down. */
const RESTART_MS = 1_000;
/** How much of what a broker says on standard error is kept to be repeated. */
const SAID_CHARACTERS_MAX = 4_000;

/**
 * Starts the paper broker on a free loopback port. Its standard input is ours: when
 * this process ends, however it ends, the broker sees the end of it and ends too. A
 * broker that ends by itself is started again at the same address, with all it knew.
 * @throws Retryable BROKER_DID_NOT_START with what it said and where its log is.
 */
export async function startBroker(options: BrokerOptions): Promise<BrokerProcess> {
  const log = createWriteStream(options.logFile, { flags: 'a' });
  let stopping = false;
  let timer: NodeJS.Timeout | undefined;
  let restarted: Promise<void> = Promise.resolve();
  let broker = await launch(options, log, '0');
  const { url } = broker;
  const { port } = new URL(url);

  const watch = (): void => void broker.ended.then(ended);
  const ended = (): void => {
    if (stopping) return;
    options.say('the paper broker ended by itself; starting it again');
    timer = setTimeout(() => (restarted = again()), RESTART_MS);
  };
  const again = async (): Promise<void> => {
    try {
      broker = await launch(options, log, port);
    } catch (error) {
      options.say(messageOf(error));
      ended();
      return;
    }
    watch();
  };
  watch();
  return {
    url,
    get pid() {
      return broker.child.pid!;
    },
    stop: async () => {
      stopping = true;
      clearTimeout(timer);
      // One that is just starting must be there before it can be told to stop.
      await restarted;
      broker.child.kill('SIGTERM');
      await broker.ended;
      log.end();
    },
  };
}

interface Launched {
  readonly child: ChildProcess;
  readonly url: string;
  readonly ended: Promise<unknown>;
}

/** @throws Retryable BROKER_DID_NOT_START */
async function launch(options: BrokerOptions, log: WriteStream, port: string): Promise<Launched> {
  const main = fileURLToPath(new URL('./main.js', import.meta.resolve('@ballast/paper-broker')));
  const child = spawn(process.execPath, [main], {
    stdio: ['pipe', 'pipe', 'pipe'],
    // In a group of its own Ctrl-C does not reach it: what is in hand is finished over it first.
    detached: true,
    env: {
      ...options.env,
      DATABASE_URL: options.databaseUrl,
      PAPER_BROKER_SECRET: options.secret,
      PAPER_BROKER_PORT: port,
      PAPER_BROKER_CLOCK: options.simulatedClock ? 'simulated' : 'real',
      PAPER_BROKER_EXIT_WITH_PARENT: '1',
    },
  });
  child.stderr.pipe(log, { end: false });
  let said = '';
  child.stderr.on('data', (text: Buffer) => (said = `${said}${text.toString()}`.slice(-SAID_CHARACTERS_MAX)));
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
    // Lines of its log are JSON; the reason is not.
    const reason = said.split('\n').findLast((line) => line !== '' && !line.startsWith('{'));
    const why = reason === undefined ? '' : `: ${reason}`;
    throw new Retryable('BROKER_DID_NOT_START', `the paper broker ended at once${why}; see ${options.logFile}`);
  }
  return { child, url, ended };
}
