import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import type { CycleSummary, HostOptions, RunInfo, RunOptions } from '@ballast/embedded';
import type { ExitCode } from '../src/errors.js';
import { fakeIo } from './fixtures.js';

interface Answer {
  readonly status?: number;
  readonly body: unknown;
  /** What is answered as it is, where that is no JSON. */
  readonly text?: string;
}

/** A data folder with a token in it. */
export const home = mkdtempSync(join(tmpdir(), 'ballast-cli-home-'));
writeFileSync(join(home, 'token'), 'a-token-of-the-home\n');

/** The host that the command line believes in: what it was asked, and what it answers. */
export const world = {
  running: null as RunInfo | null,
  started: [] as HostOptions[],
  runs: [] as RunOptions[],
  stops: 0,
  run: (): Promise<CycleSummary[]> => Promise.resolve([]),
  /** Each request over HTTP. */
  asked: [] as { readonly url: string; readonly init: RequestInit }[],
  /** What is answered to a path with its query, one after another; the last answer stays. */
  answers: {} as Record<string, Answer[]>,
};

/** Forgets what was asked and answered. */
export function begin(): void {
  Object.assign(world, { running: null, started: [], runs: [], stops: 0, asked: [], answers: {} });
}

/** The path of each request, with its method where it is a change. */
export const paths = (): string[] =>
  world.asked.map(({ url, init }) => `${init.method === 'POST' ? 'POST ' : ''}${url.replace(/^http:\/\/[^/]+/, '')}`);

/** The body of the n-th request, counted from the end where it is negative. */
export const bodyOf = (n: number): unknown => JSON.parse(String(world.asked.at(n)!.init.body));

const found = { DATA_VERSION: 1, resolveHome: () => home, runningHost: () => Promise.resolve(world.running) };

jest.unstable_mockModule('@ballast/embedded/home', () => found);

jest.unstable_mockModule('@ballast/embedded', () => ({
  SERVICE_NAMES: ['orchestrator', 'tax'],
  ...found,
  startHost: (options: HostOptions) => {
    world.started.push(options);
    options.log('messages: within this process');
    return Promise.resolve({
      url: 'http://own',
      token: 'own-token',
      serviceUrl: (name: string) => `http://own/services/${name}`,
      runDays: (run: RunOptions) => {
        world.runs.push(run);
        return world.run();
      },
      stop: () => Promise.resolve(void (world.stops += 1)),
    });
  },
}));

globalThis.fetch = (url, init) => {
  world.asked.push({ url: String(url), init: init ?? {} });
  const path = String(url).replace(/^http:\/\/[^/]+/, '');
  const left = world.answers[path] ?? [{ status: 404, body: { code: 'NOT_FOUND', detail: path, nextStep: 'none' } }];
  const { status = 200, body, text } = left.length > 1 ? left.shift()! : left[0]!;
  return Promise.resolve(new Response(text ?? JSON.stringify(body), { status }));
};

// Loaded after the host was replaced.
const { run } = await import('../src/program.js');

/** Runs a command line in this world. */
export async function ballast(...args: string[]): Promise<{ exit: ExitCode; out: string; err: string }> {
  const io = fakeIo({ cwd: home });
  return { exit: await run(args, io), ...io.written };
}
