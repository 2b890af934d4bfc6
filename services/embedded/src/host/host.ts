import type { Instant } from '@ballast/contracts';
import { SimulatedClock, SystemClock } from '@ballast/platform';
import { DayRunner } from '../run/run-days.js';
import type { Progress, RunOptions } from '../run/options.js';
import type { CycleSummary } from '../run/summary.js';
import { startSystem } from './system.js';

export interface HostOptions {
  /** The data folder, as `resolveHome` says. */
  readonly home: string;
  /**
   * `simulated`: a book with a timeline of its own, whose clock moves as fast as the
   * work is done. `realtime`: the system that trades by the machine's clock.
   */
  readonly mode: 'simulated' | 'realtime';
  /** The book of a simulated host. */
  readonly book?: string;
  /** Begins the simulated book anew: what it held is deleted. */
  readonly fresh?: boolean;
  readonly port?: number;
  readonly workers?: number;
  readonly env?: NodeJS.ProcessEnv;
  readonly log: (line: string) => void;
}

/** A host that is up. */
export interface EmbeddedHost {
  readonly url: string;
  readonly token: string;
  readonly bus: { readonly kind: 'nats' | 'local'; readonly described: string };
  serviceUrl(name: string): string;
  /** Runs simulated days, one cycle each. @throws Fault in a realtime host. */
  runDays(options: RunOptions, progress: (progress: Progress) => void): Promise<CycleSummary[]>;
  stop(): Promise<void>;
}

/** A timeline that nothing has happened on yet begins before every history there is. */
const BEGINNING: Instant = '1998-01-02T00:00:00.000Z';

/** Starts the whole system in this process. */
export async function startHost(options: HostOptions): Promise<EmbeddedHost> {
  let simulated: SimulatedClock | undefined;
  const book = options.mode === 'simulated' ? (options.book ?? 'main') : null;
  const system = await startSystem({
    home: options.home,
    book,
    fresh: options.fresh ?? false,
    clock: (lastHandledAt) => {
      if (book === null) return new SystemClock();
      simulated = new SimulatedClock(lastHandledAt ?? BEGINNING);
      return simulated;
    },
    env: options.env ?? process.env,
    port: options.port ?? 0,
    host: '127.0.0.1',
    log: options.log,
    ...(options.workers === undefined ? {} : { workers: options.workers }),
  });
  return {
    url: system.url,
    token: system.token,
    bus: system.bus,
    serviceUrl: (name) => system.serviceUrl(name),
    runDays: (run, progress) => {
      if (!simulated) throw new Error('a system in real time runs no simulated days');
      return new DayRunner(system, simulated, run, progress).run();
    },
    stop: () => system.stop(),
  };
}
