import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Instant } from '@ballast/contracts';
import {
  createLogger,
  dropDatabase,
  Fault,
  FilePackStore,
  messageOf,
  provisionDatabase,
  schemaOf,
  Secret,
  startPostgres,
  startService,
  type Clock,
  type Host,
  type Log,
  type RunningService,
} from '@ballast/platform';
import pg from 'pg';
import { createSigningKeys } from '@ballast/risk-guardrails';
import { SERVICE_NAMES, SERVICES } from '../services.js';
import { startBroker, type BrokerProcess } from './broker-process.js';
import { checkBrokerSettings } from './broker-settings.js';
import { FrontDoor } from './front-door.js';
import { claimHome, openHome, portfolioOf, releaseHome, servicePassword, type Home } from './data-folder.js';
import { openBus, type OpenBus } from './open-bus.js';
import { replayCycle } from './replay-cycle.js';
import { SIMULATED_PACE } from './simulated-pace.js';

export interface SystemOptions {
  readonly home: string;
  /**
   * A book in simulated time has a timeline of its own, and so a database, a stream and
   * a venue of its own. Null is the system that runs in real time.
   */
  readonly book: string | null;
  /** Begins the book anew: what it held is deleted. */
  readonly fresh?: boolean;
  /** The clock, made once the database can tell how late it was when the book was last left. */
  readonly clock: (lastHandledAt: Instant | null) => Clock;
  readonly env: NodeJS.ProcessEnv;
  readonly port: number;
  readonly host: string;
  /** Calls to the venue under way at once. */
  readonly workers?: number;
  readonly log: (line: string) => void;
}

/** The whole system in one process, with what it started around itself. */
export interface System {
  readonly home: Home;
  readonly url: string;
  readonly token: string;
  readonly bus: OpenBus;
  readonly broker: BrokerProcess;
  readonly services: readonly RunningService[];
  /** The log of the host itself, beside those of the services. */
  readonly logger: Log;
  serviceUrl(name: string): string;
  stop(): Promise<void>;
}

/** One service of a system. @throws Error where there is none of that name: a bug. */
export function serviceNamed({ services }: Pick<System, 'services'>, name: string): RunningService {
  const service = services.find((each) => each.name === name);
  if (!service) throw new Error(`there is no service ${name} in this system`);
  return service;
}

/** The database that the services share, each in its own schema. */
const databaseOf = (book: string | null): string => (book === null ? 'ballast' : `ballast_book_${book}`);

/**
 * Starts everything: Postgres (or the one at `DATABASE_URL`), the bus, the simulated
 * venue, all services, one address in front. What was started is stopped again where a
 * later step fails.
 */
export async function startSystem(options: SystemOptions): Promise<System> {
  const undo: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const each of undo.splice(0).reverse()) {
      await each().catch((error: unknown) => options.log(`while stopping: ${messageOf(error)}`));
    }
  };
  try {
    return await assemble(options, undo, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function assemble(
  options: SystemOptions,
  undo: (() => Promise<void>)[],
  stop: () => Promise<void>,
): Promise<System> {
  checkBrokerSettings(options.env);
  const home = await openHome(options.home);
  const startedAt = new Date().toISOString();
  const book = options.book ?? portfolioOf(options.env);
  await claimHome(home.path, { pid: process.pid, url: '', services: {}, book, startedAt });
  undo.push(() => releaseHome(home.path));

  const writer = createWriteStream(join(home.logs, 'ballast.log'), { flags: 'a' });
  const logger = (service: string): Log => createLogger({ service, level: 'info', destination: writer });
  const own = logger('host');
  const nats = join(home.nats, options.book ?? 'realtime');
  if (options.fresh) await rm(nats, { recursive: true, force: true });
  const [{ url: database, admin }, bus] = await Promise.all([
    openDatabase(home, options, undo),
    openBus(home, nats, options.env, {
      say: options.log,
      incident: (code, detail) => own.warn({ code }, detail),
    }),
  ]);
  undo.push(bus.close);
  const clock = options.clock(await lastHandledAt(database));
  const keys = await createSigningKeys(home.keys);
  const broker = await startBroker({
    databaseUrl: database('paper-broker'),
    secret: home.secrets.venue,
    simulatedClock: options.book !== null,
    logFile: join(home.logs, 'paper-broker.log'),
    env: options.env,
    say: options.log,
  });
  undo.push(() => broker.stop());

  const running: RunningService[] = [];
  const host = hostOf(home, options, { database, bus, broker, keys, clock, logger });
  undo.push(() => stopAll(running));
  // One after another: they share one event loop, so starting them side by side is not faster.
  for (const definition of SERVICES) running.push(await startService(definition, host));
  await Promise.all(running.map((service) => service.activate()));

  const replay = (cycleId: string) =>
    replayCycle(cycleId, {
      adminUrl: admin,
      database,
      password: (service) => servicePassword(home.secrets, 'postgres', service),
      env: host.env(''),
      packs: host.packs,
      services: running,
    });
  const door = new FrontDoor(() => running, host.token, [
    { method: 'POST', path: /^\/api\/v1\/cycles\/([0-9a-f-]{36})\/replay$/, answer: replay, missing: CYCLE_UNKNOWN },
  ]);
  await door.listen(options.port, options.host);
  undo.push(() => door.close());
  const serviceUrl = (name: string): string => `${door.url}/services/${name}`;
  const services = Object.fromEntries(SERVICE_NAMES.map((name) => [name, serviceUrl(name)]));
  await claimHome(home.path, { pid: process.pid, url: door.url, services, book, startedAt });
  own.info({ url: door.url, pid: process.pid }, 'the host is up');
  const { url } = door;
  return { home, url, token: home.secrets.apiToken, bus, broker, services: running, logger: own, serviceUrl, stop };
}

const CYCLE_UNKNOWN = {
  code: 'CYCLE_NOT_FOUND',
  detail: 'No service has heard of a cycle of this id.',
  nextStep: 'List the cycles with "ballast cycle list".',
};

/** Services are stopped together, so that what one still says another can still hear. */
async function stopAll(running: readonly RunningService[]): Promise<void> {
  await Promise.all(running.map((service) => service.stop()));
}

async function openDatabase(
  home: Home,
  options: SystemOptions,
  undo: (() => Promise<void>)[],
): Promise<{ url: (service: string) => string; admin: string }> {
  const given = options.env['DATABASE_URL'];
  const admin = given ?? (await ownPostgres(home, options, undo));
  const database = databaseOf(options.book);
  const services = [...SERVICE_NAMES, 'paper-broker'];
  const password = (service: string): string => servicePassword(home.secrets, 'postgres', service);
  try {
    if (options.fresh) await dropDatabase(admin, database);
    return { url: await provisionDatabase({ adminUrl: admin, database, services, password }), admin };
  } catch (error) {
    if (error instanceof Fault || given === undefined) throw error;
    const { host } = new URL(given);
    throw new Fault(
      'DATABASE_UNREACHABLE',
      `no Postgres answers at ${host} (${messageOf(error)}). Start it, or unset DATABASE_URL to use our own.`,
    );
  }
}

async function ownPostgres(home: Home, options: SystemOptions, undo: (() => Promise<void>)[]): Promise<string> {
  const server = await startPostgres({ home: home.postgres, password: home.secrets.postgres });
  undo.push(() => server.stop());
  if (server.adopted) options.log('The database of an earlier run was still up; going on with it.');
  return server.url;
}

/** How late it was when this database last handled a message; null where it never did. */
async function lastHandledAt(database: (service: string) => string): Promise<Instant | null> {
  const times = await Promise.all(
    SERVICE_NAMES.map(async (service) => {
      const client = new pg.Client({ connectionString: database(service) });
      await client.connect();
      try {
        const schema = client.escapeIdentifier(schemaOf(service));
        const { rows: there } = await client.query<{ inbox: string | null }>(`select to_regclass($1) as inbox`, [
          `${schema}.inbox`,
        ]);
        if (!there[0]?.inbox) return null;
        const { rows } = await client.query<{ at: Date | null }>(`select max(handled_at) as at from ${schema}.inbox`);
        return rows[0]?.at?.toISOString() ?? null;
      } finally {
        await client.end();
      }
    }),
  );
  return (
    times
      .filter((at): at is Instant => at !== null)
      .sort()
      .at(-1) ?? null
  );
}

interface Started {
  readonly database: (service: string) => string;
  readonly bus: OpenBus;
  readonly broker: BrokerProcess;
  readonly clock: Clock;
  readonly logger: (service: string) => Log;
  readonly keys: { readonly privateKeyFile: string; readonly publicKeyFile: string };
}

function hostOf(home: Home, options: SystemOptions, { database, bus, broker, keys, clock, logger }: Started): Host {
  const env = {
    EXECUTION_VENUE_URL: broker.url,
    EXECUTION_VENUE_SECRET: home.secrets.venue,
    // The paper broker takes any number of calls.
    EXECUTION_VENUE_CALLS_PER_MINUTE: '0',
    EXECUTION_RISK_PUBLIC_KEY_FILE: keys.publicKeyFile,
    EXECUTION_HALT_FILE: home.haltFile,
    RISK_SIGNING_KEY_FILE: keys.privateKeyFile,
    ...(options.book === null ? {} : SIMULATED_PACE),
    ...options.env,
  };
  return {
    clock,
    bus: bus.bus,
    packs: new FilePackStore(home.packs),
    env: () => env,
    databaseUrl: database,
    token: new Secret(home.secrets.apiToken),
    logger,
    superseded: (service, detail) =>
      options.log(`${service} has stopped: ${detail}. Stop this host, or the other one.`),
    drive: 'loops',
    ...(options.workers === undefined ? {} : { workers: options.workers }),
  };
}
