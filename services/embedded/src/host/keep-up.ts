import { nextSessionOpening, sessionAt } from '@ballast/kernel/calendar';
import { Fault, SystemClock, type Clock, type LimitUsage } from '@ballast/platform';
import { brokerClient, systemClient } from '../run/client.js';
import { SERVICE_NAMES } from '../services.js';
import { PAPER_BOOK, portfolioOf, type Home } from './data-folder.js';
import { tradeOnPaper } from './paper-trading.js';
import { startProcesses } from './processes.js';
import { watchStream } from './stream-watch.js';
import { startSystem } from './system.js';

export interface KeepUpOptions {
  readonly home: string;
  /** The port of the one address; 4400 unless told, 0 for a free one. */
  readonly port?: number;
  /** `daily` runs a cycle after each session's close. */
  readonly schedule?: 'off' | 'daily';
  /** One process a service, NATS permissions on. */
  readonly processes?: boolean;
  readonly env?: NodeJS.ProcessEnv;
  readonly log: (line: string) => void;
}

/** A system in real time, in one process or in many. */
interface Running {
  readonly home: Home;
  readonly url: string;
  readonly bus: { readonly described: string; readonly usage: () => Promise<readonly LimitUsage[]> };
  readonly broker: { readonly url: string };
  stop(): Promise<void>;
}

/** The port that `npm start` listens on unless told. */
const PORT = 4400;
/** The paper cash in dollars of the book that is opened on first start. */
const CASH = '1000000';

/**
 * Keeps the system up in real time until SIGINT or SIGTERM, then drains and stops all it
 * started. It trades on paper by the machine's clock: the first start opens a book, and
 * the simulated venue has the prices of the session that is open or opens next.
 * @throws Fault INVALID_CASH, and what the start of the system throws.
 */
export async function keepUp(options: KeepUpOptions): Promise<void> {
  const { log } = options;
  const stop = stopWanted();
  const env: NodeJS.ProcessEnv = {
    ORCHESTRATOR_SCHEDULE: 'daily',
    ORCHESTRATOR_PORTFOLIO: PAPER_BOOK,
    FEEDS_CALENDAR_REFRESH: 'daily',
    ...(options.env ?? process.env),
    ...(options.schedule === undefined ? {} : { ORCHESTRATOR_SCHEDULE: options.schedule }),
  };
  const cash = firstCash(env);
  const clock = new SystemClock();
  const running = await start(options, env, clock);
  const { home, url, broker } = running;
  const book = portfolioOf(env);
  try {
    const client = systemClient(url, home.secrets.apiToken, home.logs);
    const venue = brokerClient(broker.url, book, home.secrets.venue, home.logs);
    const trading = await tradeOnPaper({ client, venue, clock, book, cash, log });
    const watching = watchStream({ usage: running.bus.usage, client, clock, log });
    introduce(running, env, clock, log);
    await stop;
    log('stopping: finishing what is in hand');
    await Promise.all([trading.stop(), watching.stop()]);
  } finally {
    await running.stop();
  }
  log('stopped; the next start goes on from here');
}

function start(options: KeepUpOptions, env: NodeJS.ProcessEnv, clock: Clock): Promise<Running> {
  const { home, log, port = PORT } = options;
  if (options.processes === true) return startProcesses({ home, port, env, log });
  return startSystem({ home, book: null, clock: () => clock, env, port, host: '127.0.0.1', log });
}

/** Says where the system is, when it trades, and how to see a cycle in Jaeger. */
function introduce(
  { url, home, bus, broker }: Running,
  env: NodeJS.ProcessEnv,
  clock: Clock,
  log: (line: string) => void,
): void {
  const now = clock.now();
  const open = sessionAt(now);
  const endpoint = env['OTEL_EXPORTER_OTLP_ENDPOINT'];
  const scheduled = env['ORCHESTRATOR_SCHEDULE'] === 'daily' ? 'after the close of each session, and ' : '';
  log(`Ballast is up at ${url} (paper trading; the paper broker simulates the venue at ${broker.url})`);
  log(`each service: ${url}/services/<name>/openapi.json, for ${SERVICE_NAMES.join(', ')}`);
  log(`messages: ${bus.described}; data: ${home.path}; logs: ${home.logs}; token for HTTP: ${home.path}/token`);
  log(open ? `NYSE is open until ${open.close}` : `NYSE is closed; it opens ${nextSessionOpening(now).open}`);
  log(`cycles of the book "${portfolioOf(env)}": ${scheduled}with "npx ballast cycle run"`);
  log(
    endpoint
      ? `traces go to ${endpoint}`
      : 'to see cycles in Jaeger: "docker compose up -d jaeger", start with OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318, and open http://127.0.0.1:16686',
  );
  log('Ctrl-C stops everything.');
}

/** The cash of a book that is opened on first start. @throws Fault INVALID_CASH. */
function firstCash(env: NodeJS.ProcessEnv): string {
  const cash = env['BALLAST_CASH'] ?? CASH;
  if (/^(0|[1-9]\d{0,14})(\.\d{1,2})?$/.test(cash) && /[1-9]/.test(cash)) return cash;
  throw new Fault(
    'INVALID_CASH',
    `BALLAST_CASH is "${cash}"; expected an amount of US dollars above zero with at most two decimals, such as "1000000"`,
  );
}

/**
 * Resolves at the first SIGINT or SIGTERM, also while the system starts; a second one ends
 * the process at once.
 */
function stopWanted(): Promise<void> {
  return new Promise((resolve) => {
    const first = (): void => {
      resolve();
      for (const signal of ['SIGINT', 'SIGTERM'] as const)
        process.off(signal, first).once(signal, () => process.exit(130));
    };
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, first);
  });
}
