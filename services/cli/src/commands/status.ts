import type { Command } from 'commander';
import { CliError, EXIT } from '../errors.js';
import type { Io } from '../io.js';
import { print } from '../output/document.js';
import { columnsOf } from '../output/record.js';
import { renderPairs, renderTable } from '../output/table.js';
import { hostFinder } from '../session.js';
import { addCommand, checked, type Cli, type OutputOption } from './command.js';

/** What one service said of itself. */
interface ServiceStatus {
  readonly service: string;
  readonly state: string;
  readonly detail: string;
}

/** Whether a system runs on the data folder, where, and how its services are. */
interface Status {
  readonly home: string;
  readonly running: boolean;
  readonly pid: number | null;
  readonly url: string | null;
  readonly startedAt: string | null;
  readonly services: readonly ServiceStatus[];
}

const HEALTH_MS = 5_000;

/** `ballast status`: looks, and starts nothing. */
export function statusCommand(program: Command, cli: Cli): void {
  addCommand(program, 'status', 'Show whether a host runs on the data folder, and how its services are.', [
    'status',
    'status -o json',
  ]).action(async (raw: OutputOption) => {
    const { format } = checked('status', raw, () => null);
    const status = await readStatus(cli.io);
    print(cli.io, format, status, () => render(status));
    if (status.services.some(({ state }) => state !== 'ready' && state !== 'standby')) cli.exit = EXIT.unavailable;
  });
}

async function readStatus(io: Io): Promise<Status> {
  const { resolveHome, runningHost } = await hostFinder();
  const home = resolveHome(io.env);
  const host = await runningHost(home);
  if (!host) return { home, running: false, pid: null, url: null, startedAt: null, services: [] };
  const services = await Promise.all(
    Object.entries(host.services).map(async ([service, url]) => ({ service, ...(await healthOf(url)) })),
  );
  return {
    home,
    running: true,
    pid: host.pid,
    url: host.url === '' ? null : host.url,
    startedAt: host.startedAt,
    services: services.sort((a, b) => (a.service < b.service ? -1 : 1)),
  };
}

/** Health is open to callers without a token, and a service that is not well answers 503 with the reason. */
async function healthOf(url: string): Promise<Omit<ServiceStatus, 'service'>> {
  try {
    const response = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(HEALTH_MS) });
    const body = (await response.json()) as { readonly state?: string; readonly detail?: string };
    return { state: body.state ?? (response.ok ? 'ready' : 'unready'), detail: body.detail ?? '' };
  } catch (error) {
    return { state: 'silent', detail: error instanceof Error ? error.message : String(error) };
  }
}

function render(status: Status): string {
  if (!status.running) {
    return `no host runs on ${status.home}\nstart one with "npm start", or run a cycle with "ballast cycle run"\n`;
  }
  const head = renderPairs([
    ['data folder', status.home],
    ['process', String(status.pid)],
    ['address', status.url ?? 'still starting'],
    ['since', status.startedAt ?? '-'],
  ]);
  return `${head}\n${renderTable(
    columnsOf({ SERVICE: 'service', STATE: 'state', DETAIL: 'detail' }),
    status.services.map((each) => ({ ...each })),
    'no service answers yet',
  )}`;
}

/** Where a command must not run beside a host. */
export const hostRuns = (home: string, pid: number): CliError =>
  new CliError({
    code: 'HOST_RUNNING',
    what: `A host (process ${pid}) runs on ${home}.`,
    nextStep: 'Stop it first (Ctrl-C in its terminal), or set BALLAST_HOME to another folder.',
    exit: EXIT.failure,
  });
