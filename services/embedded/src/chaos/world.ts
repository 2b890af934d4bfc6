import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { sessionOf } from '@ballast/kernel/calendar';
import type { Rng } from '@ballast/kernel/random';
import {
  dropDatabase,
  FilePackStore,
  filtersHeardBy,
  provisionDatabase,
  SystemClock,
  type Clock,
  type PackStore,
} from '@ballast/platform';
import { executionGateway } from '@ballast/execution-gateway';
import { createSigningKeys, type SigningKeyFiles } from '@ballast/risk-guardrails';
import { startBroker, type BrokerProcess } from '../host/broker-process.js';
import { brokerClient } from '../run/client.js';
import { Books } from './books.js';
import { Bus } from './bus.js';
import { Company, STAND_INS } from './company.js';
import type { Ground } from './ground.js';
import { openNetwork, type Network, type RequestFaults } from './network.js';
import { SYMBOLS } from './plan.js';
import { plant, shiftedClock } from './planting.js';
import { pointEdits } from './points.js';
import type { Proof } from './proofs.js';

/** What a world is made from. */
export interface WorldOptions {
  readonly seed: number;
  readonly ground: Ground;
  readonly random: Rng;
  /** What is wrong in this world, beside the faults; null in an honest one. */
  readonly proof: Proof | null;
  readonly env: NodeJS.ProcessEnv;
}

/** One world: everything around the gateway, and what a gateway of it is started with. */
export interface World {
  readonly folder: string;
  readonly clock: Clock;
  readonly packs: PackStore;
  readonly keys: SigningKeyFiles;
  readonly bus: Bus;
  readonly broker: BrokerProcess;
  readonly network: Network;
  readonly company: Company;
  readonly books: Books;
  /** The environment of the gateway, with what is planted into it. */
  readonly gatewayEnv: NodeJS.ProcessEnv;
  readonly gatewayLog: WriteStream;
  readonly log: (line: string) => void;
  close(): Promise<void>;
}

export const ACCOUNTS: readonly string[] = ['alpha', 'beta'];
export const OPENING_CASH = '1000000.00';
export const VENUE_SECRET = 'secret-of-a-venue-of-chaos';
export const API_TOKEN = 'token-of-a-gateway-of-chaos';

/** A Monday of the exchange's calendar; each world begins at its eleven o'clock, whatever day it is outside. */
const SESSION = sessionOf('2026-03-02')!;
const START = '2026-03-02T16:00:00.000Z';

/** The gateway's settings: short, and honest to their rule, that a window is longer than any order can be late. */
const SETTINGS = {
  EXECUTION_TWAP_SLICES: '6',
  EXECUTION_TWAP_HORIZON_MINUTES: '1',
  EXECUTION_VENUE_CALLS_PER_MINUTE: '0',
  EXECUTION_VENUE_DEADLINE_MS: '1200',
  EXECUTION_VENUE_TIMEOUT_MS: '1200',
  EXECUTION_SETTLE_WINDOW_MS: '2600',
  EXECUTION_RECONCILE_WORKING_SECONDS: '5',
};
/** An order is late within what the gateway was told that the venue may take: deadline and timeout. */
const ORDER_LATE_MS = [200, 1_200] as const;
const ANSWER_LATE_MS = [100, 2_400] as const;

const MIGRATED = ['execution-gateway', 'paper-broker', ...STAND_INS.map(({ name }) => name)];

/** Makes a world on a lane's ground: a database, a nats-server, a venue and the services around, all of its own. */
export async function openWorld(options: WorldOptions): Promise<World> {
  const { seed, ground, proof } = options;
  const folder = join(ground.folder, proof ? `${proof.name}-${seed}` : `seed-${seed}`);
  await mkdir(folder, { recursive: true });
  const lines = createWriteStream(join(folder, 'rig.log'), { flags: 'a' });
  const log = (line: string): void => void lines.write(`${new Date().toISOString()} ${line}\n`);
  const undo: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const each of undo.splice(0).reverse()) await each().catch((error: unknown) => log(String(error)));
    await new Promise((ended) => lines.end(ended));
  };
  try {
    return { ...(await assemble(options, folder, log, undo)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function assemble(
  { ground, random, proof, env }: WorldOptions,
  folder: string,
  log: (line: string) => void,
  undo: (() => Promise<unknown>)[],
): Promise<Omit<World, 'close'>> {
  const offsetMs = Date.parse(START) - Date.now();
  const clock = shifted(offsetMs);
  const database = 'chaos';
  await dropDatabase(ground.postgres.url, database);
  const password = (service: string): string => `password-of-${service}-in-a-run-on-loopback`;
  const adminUrl = ground.postgres.url;
  const databaseUrl = await provisionDatabase({ adminUrl, database, services: MIGRATED, password });
  const books = new Books(adminUrl.replace(/\/postgres$/, `/${database}`));
  undo.push(() => books.close());
  const heard = [executionGateway, ...STAND_INS].map((service) => ({
    durable: service.name,
    filters: filtersHeardBy(service),
  }));
  const durables = heard.filter(({ filters }) => filters.length > 0);
  const bus = await Bus.open({ program: ground.natsProgram, folder: join(folder, 'nats'), password, durables, log });
  undo.push(() => bus.close());
  const broker = await openVenue({ folder, databaseUrl, offsetMs, proof, random, env, log });
  undo.push(() => broker.stop());
  const network = await openNetwork({
    venue: broker.url,
    random: random.fork('network'),
    faults: faultsOf(random.fork('faults')),
    answerLateMs: ANSWER_LATE_MS,
    orderLateMs: proof?.orderLateMs ?? ORDER_LATE_MS,
  });
  undo.push(() => network.close());
  const packsFolder = join(folder, 'packs');
  const packs = new FilePackStore(packsFolder);
  const natsUrl = bus.url;
  const company = new Company({ clock, packs, natsUrl, natsPassword: password, databaseUrl, log });
  undo.push(() => company.stop());
  await company.start();
  const keys = await createSigningKeys(join(folder, 'keys'));
  const planted = await plant(
    [shiftedClock('gateway', offsetMs), ...pointEdits(), ...(proof?.gateway ?? [])],
    join(folder, 'gateway-sources.json'),
    'services/embedded/src/chaos',
  );
  const gatewayLog = createWriteStream(join(folder, 'gateway.log'), { flags: 'a' });
  undo.push(() => new Promise((ended) => gatewayLog.end(ended)));
  const gatewayEnv = {
    PATH: env['PATH'],
    ...planted.env,
    DATABASE_URL: databaseUrl('execution-gateway'),
    NATS_URL: natsUrl,
    NATS_USER: 'execution-gateway',
    NATS_PASSWORD: password('execution-gateway'),
    API_TOKEN,
    PACKS_DIR: packsFolder,
    HTTP_PORT: '0',
    EXECUTION_VENUE_URL: network.url,
    EXECUTION_VENUE_SECRET: VENUE_SECRET,
    EXECUTION_RISK_PUBLIC_KEY_FILE: keys.publicKeyFile,
    ...SETTINGS,
    ...(proof?.env ?? {}),
  };
  return { folder, clock, packs, keys, bus, broker, network, company, books, gatewayEnv, gatewayLog, log };
}

interface VenueParts {
  readonly folder: string;
  readonly databaseUrl: (service: string) => string;
  readonly offsetMs: number;
  readonly proof: Proof | null;
  readonly random: Rng;
  readonly env: NodeJS.ProcessEnv;
  readonly log: (line: string) => void;
}

/** Starts the paper broker, with accounts and with a market for the session. */
async function openVenue({
  folder,
  databaseUrl,
  offsetMs,
  proof,
  random,
  env,
  log,
}: VenueParts): Promise<BrokerProcess> {
  const planted = await plant(
    [shiftedClock('venue', offsetMs), ...(proof?.venue ?? [])],
    join(folder, 'venue-sources.json'),
    'services/embedded/src/chaos',
  );
  const broker = await startBroker({
    databaseUrl: databaseUrl('paper-broker'),
    secret: VENUE_SECRET,
    simulatedClock: false,
    logFile: join(folder, 'paper-broker.log'),
    env: {
      PATH: env['PATH'],
      ...planted.env,
      PAPER_BROKER_FAULTS: 'on',
      PAPER_BROKER_PARTIAL_FILLS: '1',
      PAPER_BROKER_LATENCY_MS: '5-40',
    },
    say: log,
  });
  const venue = brokerClient(broker.url, ACCOUNTS[0]!, VENUE_SECRET, folder);
  for (const account of ACCOUNTS) await venue.post('/sim/accounts', { account, cash: OPENING_CASH });
  const bars = SYMBOLS.map(({ symbol, price }) => ({
    symbol,
    open: price.toFixed(2),
    high: (price * 1.03).toFixed(2),
    low: (price * 0.97).toFixed(2),
    close: (price * 1.01).toFixed(2),
  }));
  const { date, open, close } = SESSION;
  const seed = String(random.fork('market').int(1_000_000));
  await venue.post('/sim/market', { session: { date, open, close }, source: 'chaos', synthetic: true, seed, bars });
  return broker;
}

/** How often each thing goes wrong in this world: from hardly anything to a lot, each kind by itself. */
function faultsOf(random: Rng): RequestFaults {
  const rate = (most: number): number => (random.uniform() < 0.25 ? 0 : random.uniform() * most);
  return {
    loseRequest: rate(0.1),
    loseAnswer: rate(0.12),
    lateAnswer: rate(0.12),
    failedAnswer: rate(0.1),
    lateOrder: rate(0.12),
    duplicate: rate(0.12),
  };
}

/** The machine's clock, put forward or back by a constant. */
function shifted(offsetMs: number): Clock {
  const system = new SystemClock();
  const moved = (at: string, ms: number): string => new Date(Date.parse(at) + ms).toISOString();
  return {
    now: () => moved(system.now(), offsetMs),
    wakeAt: (at, callback) => system.wakeAt(moved(at, -offsetMs), callback),
  };
}
