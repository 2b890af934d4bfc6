import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { createServer, request as httpRequest, type Server } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { connect } from '@nats-io/transport-node';
import {
  authorizationConfig,
  Fault,
  messageOf,
  type LimitUsage,
  PROVISIONER,
  provisionDatabase,
  Provisioner,
  resolveNatsServer,
  Retryable,
  startNatsServer,
  startPostgres,
} from '@ballast/platform';
import { createSigningKeys } from '@ballast/risk-guardrails';
import { SERVICE_NAMES, SERVICES } from '../services.js';
import { startBroker, type BrokerProcess } from './broker-process.js';
import { checkBrokerSettings } from './broker-settings.js';
import { DURABLES, ensureAll } from './durables.js';
import { listenOn } from './front-door.js';
import { ownerOf } from './owner.js';
import { claimHome, openHome, portfolioOf, releaseHome, servicePassword, type Home } from './data-folder.js';

export interface ProcessesOptions {
  readonly home: string;
  readonly port: number;
  readonly env: NodeJS.ProcessEnv;
  readonly log: (line: string) => void;
}

/** The system as one process a service, each with its own database role and NATS user. */
export interface Processes {
  readonly home: Home;
  readonly url: string;
  readonly bus: { readonly described: string; readonly usage: () => Promise<readonly LimitUsage[]> };
  readonly broker: BrokerProcess;
  stop(): Promise<void>;
}

/** How long a process that ended by itself stays down. */
const RESTART_MS = 1_000;

/**
 * Starts the same system as `startSystem`, as one process a service with NATS permissions
 * on: a service can say its own family and nothing else. Processes that end by themselves
 * are started again.
 * @throws Fault NATS_NEEDED where no nats-server can be had: processes have no other bus.
 */
export async function startProcesses(options: ProcessesOptions): Promise<Processes> {
  const undo: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const each of undo.splice(0).reverse()) await each().catch((error: unknown) => options.log(messageOf(error)));
  };
  try {
    return { ...(await assemble(options, undo)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function assemble(options: ProcessesOptions, undo: (() => Promise<void>)[]): Promise<Omit<Processes, 'stop'>> {
  checkBrokerSettings(options.env);
  const home = await openHome(options.home);
  const startedAt = new Date().toISOString();
  const book = portfolioOf(options.env);
  await claimHome(home.path, { pid: process.pid, url: '', services: {}, book, startedAt });
  undo.push(() => releaseHome(home.path));
  const postgres = await startPostgres({ home: home.postgres, password: home.secrets.postgres });
  undo.push(() => postgres.stop());
  const database = await provisionDatabase({
    adminUrl: postgres.url,
    database: 'ballast',
    services: [...SERVICE_NAMES, 'paper-broker'],
    password: (service) => servicePassword(home.secrets, 'postgres', service),
  });
  const nats = await openNats(home, options, undo);
  const keys = await createSigningKeys(home.keys);
  const broker = await startBroker({
    databaseUrl: database('paper-broker'),
    secret: home.secrets.venue,
    simulatedClock: false,
    logFile: join(home.logs, 'paper-broker.log'),
    env: options.env,
    say: options.log,
  });
  undo.push(() => broker.stop());

  const own: Readonly<Record<string, NodeJS.ProcessEnv>> = {
    'execution-gateway': {
      EXECUTION_VENUE_URL: broker.url,
      EXECUTION_VENUE_SECRET: home.secrets.venue,
      // The paper broker takes any number of calls.
      EXECUTION_VENUE_CALLS_PER_MINUTE: '0',
      EXECUTION_RISK_PUBLIC_KEY_FILE: keys.publicKeyFile,
      EXECUTION_HALT_FILE: home.haltFile,
    },
    // Only risk is told where the private key is.
    'risk-guardrails': { RISK_SIGNING_KEY_FILE: keys.privateKeyFile },
  };
  const children = SERVICES.map(
    ({ name }) =>
      new ServiceProcess(name, home, options, {
        ...options.env,
        ...own[name],
        DATABASE_URL: database(name),
        NATS_URL: nats.url,
        NATS_USER: name,
        NATS_PASSWORD: servicePassword(home.secrets, 'nats', name),
        API_TOKEN: home.secrets.apiToken,
        PACKS_DIR: home.packs,
        HTTP_PORT: '0',
        EXIT_WITH_PARENT: '1',
      }),
  );
  undo.push(async () => void (await Promise.all(children.map((child) => child.stop()))));
  await Promise.all(children.map((child) => child.start()));

  const door = await openDoor(options.port, (method, path) => addressOf(method, path, children));
  undo.push(() => door.close());
  await claimHome(home.path, {
    pid: process.pid,
    url: door.url,
    services: Object.fromEntries(children.map((child) => [child.name, `${door.url}/services/${child.name}`])),
    book,
    startedAt,
  });
  return { home, url: door.url, bus: nats, broker };
}

async function openNats(
  home: Home,
  options: ProcessesOptions,
  undo: (() => Promise<void>)[],
): Promise<{ url: string } & Processes['bus']> {
  const found = await resolveNatsServer({ env: options.env, home: home.path, log: options.log });
  if (!found.found) {
    throw new Fault(
      'NATS_NEEDED',
      `services in processes of their own need a nats-server: ${found.reason}. "npm start" needs none.`,
    );
  }
  const passwords = (user: string): { text: string } => ({ text: servicePassword(home.secrets, 'nats', user) });
  const server = await startNatsServer({
    bin: found.path,
    storeDir: join(home.nats, 'processes'),
    config: authorizationConfig({ passwords }),
  });
  undo.push(() => server.stop());
  const connection = await connect({
    servers: server.url,
    user: PROVISIONER,
    pass: passwords(PROVISIONER).text,
    inboxPrefix: `_INBOX_${PROVISIONER}`,
  });
  undo.push(() => connection.close());
  const provisioner = await Provisioner.over(connection);
  await ensureAll(provisioner);
  provisioner.answer(DURABLES, (durable, error) =>
    options.log(`the durable of ${durable} could not be made: ${messageOf(error)}`),
  );
  return {
    url: server.url,
    described: `nats-server ${found.version} (${found.via})`,
    usage: () => provisioner.usage(),
  };
}

/** One service's process: started, listened to, started again when it ends by itself. */
class ServiceProcess {
  #child: ChildProcess | undefined;
  #stopping = false;
  url = '';

  constructor(
    readonly name: string,
    private readonly home: Home,
    private readonly options: ProcessesOptions,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  /** @throws Retryable SERVICE_DID_NOT_START with where its log is. */
  async start(): Promise<void> {
    const logFile = join(this.home.logs, `${this.name}.log`);
    const log = createWriteStream(logFile, { flags: 'a' });
    const main = fileURLToPath(new URL('./main.js', import.meta.resolve(`@ballast/${this.name}`)));
    // In a group of its own Ctrl-C does not reach it: the launcher ends all in order. Its standard input tells it of our death.
    const child = spawn(process.execPath, [main], { stdio: ['pipe', 'pipe', 'pipe'], env: this.env, detached: true });
    this.#child = child;
    child.stderr.pipe(log);
    const listening = new Promise<string>((found) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        log.write(`${line}\n`);
        if (line.startsWith('{"listening"')) found((JSON.parse(line) as { listening: string }).listening);
      });
    });
    const ended = once(child, 'exit').then(() => null);
    const url = await Promise.race([listening, ended]);
    if (url === null) throw new Retryable('SERVICE_DID_NOT_START', `${this.name} ended at once; see ${logFile}`);
    this.url = url;
    void ended.then(() => this.#ended());
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  }

  #ended(): void {
    if (this.#stopping) return;
    this.options.log(`${this.name} ended by itself; starting it again`);
    setTimeout(() => {
      if (!this.#stopping) this.start().catch(() => this.#ended());
    }, RESTART_MS).unref();
  }
}

/** The process that answers a request, and its path as that process knows it. */
function addressOf(
  method: string,
  path: string,
  children: readonly ServiceProcess[],
): { base: string; path: string } | null {
  const named = /^\/services\/([a-z-]+)(\/.*)$/.exec(path);
  const owner =
    named?.[1] ??
    ownerOf(SERVICES, method, path)?.name ??
    (/^\/(health|metrics)/.test(path) ? 'orchestrator' : undefined);
  const child = children.find(({ name }) => name === owner);
  return child ? { base: child.url, path: named?.[2] ?? path } : null;
}

/** One address in front of all processes. */
async function openDoor(
  port: number,
  find: (method: string, path: string) => { base: string; path: string } | null,
): Promise<{ url: string; close: () => Promise<void> }> {
  const server: Server = createServer((incoming, answer) => {
    const to = find(incoming.method ?? 'GET', incoming.url ?? '/');
    if (!to) {
      answer.writeHead(404, { 'content-type': 'application/problem+json' });
      answer.end(JSON.stringify({ title: 'No such path', status: 404, code: 'ROUTE_NOT_FOUND' }));
      return;
    }
    const onward = httpRequest(
      new URL(to.path, to.base),
      { method: incoming.method, headers: incoming.headers },
      (response) => {
        answer.writeHead(response.statusCode ?? 502, response.headers);
        response.pipe(answer);
      },
    );
    onward.on('error', (error) => {
      answer.writeHead(503, { 'content-type': 'application/problem+json', 'retry-after': '1' });
      answer.end(
        JSON.stringify({ title: 'The service is away', status: 503, code: 'SERVICE_AWAY', detail: messageOf(error) }),
      );
    });
    incoming.pipe(onward);
  });
  const url = await listenOn(server, port, '127.0.0.1');
  const close = (): Promise<void> =>
    new Promise((closed) => {
      server.close(() => closed());
      server.closeAllConnections();
    });
  return { url, close };
}
