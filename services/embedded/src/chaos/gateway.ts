import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { WriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { IN_FLIGHT } from './points.js';
import { KILL_VARIABLE } from './planting.js';

const MAIN = fileURLToPath(new URL('./main.js', import.meta.resolve('@ballast/execution-gateway')));

/** Where a life is to end by itself: the `nth` time it passes a labelled point. */
export interface Fate {
  readonly label: string;
  readonly nth: number;
}

/** How a life ended: killed under a label, or by itself, which a gateway should not. */
export type End =
  { readonly kind: 'killed'; readonly label: string } | { readonly kind: 'ended'; readonly how: string };

/** One process of the built gateway. */
export interface Life {
  readonly fate: Fate;
  readonly pid: number;
  /** Resolves with the address of its HTTP API once it listens; null where it ended before. */
  readonly listening: Promise<string | null>;
  /** Resolves once it is the active instance, or has ended. */
  readonly active: Promise<unknown>;
  readonly ended: Promise<End>;
  /** SIGKILL from outside, counted under a label. */
  kill(label: string): void;
}

export interface GatewayOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly log: WriteStream;
}

/** Starts a gateway as a process of its own, as it was built, with the points planted into it. */
export function startGateway(fate: Fate, { env, log }: GatewayOptions): Life {
  const child = spawn(process.execPath, [MAIN], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
    env: { ...env, EXIT_WITH_PARENT: '1', [KILL_VARIABLE]: `${fate.label}#${fate.nth}` },
  });
  log.write(`\n--- life ${child.pid}, to end at "${fate.label}" passed ${fate.nth} times\n`);
  child.stderr.pipe(log, { end: false });
  let killedAs = fate.label;
  const exit = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => void log.write(`${line}\n`));
  const said = (of: RegExp): Promise<string> =>
    new Promise((found) => lines.on('line', (line) => of.test(line) && found(line)));
  return {
    fate,
    pid: child.pid ?? 0,
    listening: Promise.race([
      said(/^\{"listening"/).then((line) => (JSON.parse(line) as { listening: string }).listening),
      exit.then(() => null),
    ]),
    active: Promise.race([said(/ is active: /), exit]),
    ended: exit.then(([code, signal]): End => {
      const killed = signal === 'SIGKILL';
      log.write(`--- life ${child.pid} ended: ${killed ? killedAs : `${code ?? signal}`}\n`);
      return killed ? { kind: 'killed', label: killedAs } : { kind: 'ended', how: `code ${code}, signal ${signal}` };
    }),
    kill: (label) => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      killedAs = label;
      child.kill('SIGKILL');
    },
  };
}

/** A fate that never comes: the life lasts until it is killed from outside. */
export const NO_FATE: Fate = { label: IN_FLIGHT, nth: 0 };
