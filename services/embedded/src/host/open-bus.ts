import { connect } from '@nats-io/transport-node';
import {
  Fault,
  JetStreamBus,
  LocalBus,
  messageOf,
  Provisioner,
  resolveNatsServer,
  startNatsServer,
  type Bus,
  type LimitUsage,
} from '@ballast/platform';
import type { Home } from './data-folder.js';

/** The bus of a host, what it is in plain words, and how to end what was started for it. */
export interface OpenBus {
  readonly bus: Bus;
  readonly kind: 'nats' | 'local';
  readonly described: string;
  /** How full the stream is; empty for the bus within this process, which keeps nothing. */
  readonly usage: () => Promise<readonly LimitUsage[]>;
  readonly close: () => Promise<void>;
}

/** What a bus tells beside its messages. */
export interface BusTalk {
  /** Hears a plain line for the person who starts the host. */
  readonly say: (line: string) => void;
  /** Hears what went wrong and is being put right. */
  readonly incident: (code: string, detail: string) => void;
}

/**
 * Opens the bus: the server at `NATS_URL`; else a nats-server found or fetched, as a
 * child of this process; else the bus within this process, said in one plain line.
 * @throws Fault NATS_UNREACHABLE where `NATS_URL` is set and nothing answers there.
 */
export async function openBus(
  home: Home,
  storeDir: string,
  env: NodeJS.ProcessEnv,
  { say, incident }: BusTalk,
): Promise<OpenBus> {
  const given = env['NATS_URL'];
  if (given) return overNats(given, `NATS at ${hostOf(given)}`, incident, () => Promise.resolve());
  const found = await resolveNatsServer({ env, home: home.path, log: say });
  if (!found.found) {
    say(`No nats-server could be had (${found.reason}); messages stay within this process.`);
    const bus = new LocalBus();
    return {
      bus,
      kind: 'local',
      described: 'within this process (no nats-server)',
      usage: () => Promise.resolve([]),
      close: () => bus.close(),
    };
  }
  const server = await startNatsServer({ bin: found.path, storeDir });
  return overNats(server.url, `nats-server ${found.version} (${found.via})`, incident, () => server.stop());
}

async function overNats(
  url: string,
  described: string,
  incident: BusTalk['incident'],
  stop: () => Promise<void>,
): Promise<OpenBus> {
  try {
    const connection = await connect({ servers: url, name: 'ballast-provisioner', timeout: 5_000 });
    const provisioner = await Provisioner.over(connection);
    await provisioner.ensureStream();
    await provisioner.ensureTicks();
    const bus = await JetStreamBus.connect({
      servers: url,
      name: 'embedded',
      ensureDurable: (request) => provisioner.ensureDurable(request),
      incident,
    });
    const close = async (): Promise<void> => {
      await bus.close();
      await connection.close();
      await stop();
    };
    return { bus, kind: 'nats', described, usage: () => provisioner.usage(), close };
  } catch (error) {
    await stop();
    if (error instanceof Fault) throw error;
    throw new Fault(
      'NATS_UNREACHABLE',
      `no NATS server answers at ${hostOf(url)} (${messageOf(error)}). Start it, or unset NATS_URL to use our own.`,
    );
  }
}

/** The address without user and password. */
const hostOf = (url: string): string => {
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
};
