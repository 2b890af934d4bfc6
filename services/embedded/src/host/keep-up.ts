import { nextSessionOpening, sessionAt } from '@ballast/kernel/calendar';
import { SystemClock } from '@ballast/platform';
import { startProcesses } from './processes.js';
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

/** The port that `npm start` listens on unless told. */
const PORT = 4400;

/**
 * Keeps the system up in real time until SIGINT or SIGTERM, then drains and stops all it
 * started. Says where it is, when it trades, and how to see a cycle in Jaeger.
 */
export async function keepUp(options: KeepUpOptions): Promise<void> {
  const { log } = options;
  const env: NodeJS.ProcessEnv = {
    ORCHESTRATOR_SCHEDULE: options.schedule ?? 'daily',
    ...(options.env ?? process.env),
  };
  const clock = new SystemClock();
  if (options.processes === true) return keepProcesses(options, env);
  const system = await startSystem({
    home: options.home,
    book: null,
    clock: () => clock,
    env,
    port: options.port ?? PORT,
    host: '127.0.0.1',
    log,
  });
  const now = clock.now();
  const open = sessionAt(now);
  log(`Ballast is up at ${system.url} (paper trading; the paper broker simulates the venue at ${system.broker.url})`);
  log(`messages: ${system.bus.described}; data: ${system.home.path}`);
  log(
    open
      ? `the exchange is open until ${open.close}`
      : `the exchange is closed; it opens ${nextSessionOpening(now).open}`,
  );
  log(
    `cycles: ${env['ORCHESTRATOR_SCHEDULE'] === 'daily' ? 'after each session, and ' : ''}with "npx ballast cycle run"`,
  );
  log(
    env['OTEL_EXPORTER_OTLP_ENDPOINT']
      ? `traces go to ${env['OTEL_EXPORTER_OTLP_ENDPOINT']}`
      : 'to see cycles in Jaeger: "docker compose up -d jaeger", then start with OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318',
  );
  log('Ctrl-C stops everything.');
  await stopped();
  log('stopping: finishing what is in hand');
  await system.stop();
  log('stopped');
}

async function keepProcesses(options: KeepUpOptions, env: NodeJS.ProcessEnv): Promise<void> {
  const { log, home } = options;
  const processes = await startProcesses({ home, port: options.port ?? PORT, env, log });
  log(
    `Ballast is up at ${processes.url}, one process a service, each with its own database role and NATS user (paper trading)`,
  );
  log(`data and logs: ${home}`);
  log('Ctrl-C stops everything.');
  await stopped();
  log('stopping: finishing what is in hand');
  await processes.stop();
  log('stopped');
}

/** Resolves at the first SIGINT or SIGTERM; a second one ends the process at once. */
function stopped(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        resolve();
        process.once(signal, () => process.exit(130));
      });
    }
  });
}
