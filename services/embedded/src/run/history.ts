import { basename, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { hashOf } from '@ballast/contracts';
import { nextSession, previousSession, sessionsBetween } from '@ballast/kernel/calendar';
import { Fault } from '@ballast/platform';
import { AnsweredProblem, type Client } from './client.js';
import type { RunOptions } from './options.js';

/** The market that a machine without data gets: small, seeded, and called synthetic wherever it shows. */
const SYNTHETIC = { name: 'synthetic', seed: 1, symbols: 60, from: '2024-01-02' } as const;
/** How far a synthetic market is made beyond the day that is needed, so that it is not made anew every day. */
const SESSIONS_AHEAD = 20;
const LOOK_AGAIN_MS = 50;

/** The history that cycles read. */
export interface History {
  readonly source: string;
  readonly synthetic: boolean;
  readonly from: string;
  readonly to: string;
}

interface HistoryAnswer {
  readonly current: string | null;
  readonly sources: readonly (History & { readonly symbols: number; readonly rows: number })[];
}

interface ImportAnswer {
  readonly importId: string;
  readonly status: 'running' | 'imported' | 'known' | 'refused';
  readonly code: string | null;
  readonly reason: string | null;
  readonly outcome: { readonly nextStep?: string; readonly report?: unknown } | null;
  readonly progress: { readonly rows: number } | null;
  readonly parked: { readonly eventId: string; readonly error: string } | null;
}

/**
 * Brings in the file that was asked for, or makes the synthetic market where there is no
 * history at all; it ends with the last session before `today`.
 */
export async function ensureHistory(
  client: Client,
  options: Pick<RunOptions, 'data' | 'sectors'>,
  today: string,
  say: (detail: string) => void,
): Promise<History> {
  if (options.data !== undefined) {
    const path = resolve(options.data);
    const body = { path, ...(options.sectors === undefined ? {} : { sectorsPath: resolve(options.sectors) }) };
    say(`reading ${basename(path)}`);
    const started = await client.post<{ importId: string }>(
      '/api/v1/feeds/imports',
      body,
      `import-${hashOf({ body, at: Date.now() })}`,
    );
    await finished(client, started.importId, say);
  } else if ((await currentHistory(client)) === null) {
    say('making a synthetic market');
    await makeSynthetic(client, previousSession(today).date, say);
  }
  const history = await currentHistory(client);
  if (history === null) throw new Fault('NO_HISTORY', 'no history was imported; give a file with --data');
  return history;
}

/** Makes a synthetic market longer where a day lies beyond its end. A real history ends where it ends. */
export async function reachTo(
  client: Client,
  history: History,
  date: string,
  say: (detail: string) => void,
): Promise<History> {
  if (date <= history.to) return history;
  if (!history.synthetic) {
    throw new Fault(
      'HISTORY_ENDS',
      `the history "${history.source}" ends on ${history.to}, and ${date} is to be traded. Choose an earlier --as-of with --fresh, or import more data.`,
    );
  }
  let until = date;
  for (let ahead = 0; ahead < SESSIONS_AHEAD; ahead++) until = nextSession(until).date;
  await makeSynthetic(client, until, say);
  return (await currentHistory(client)) ?? history;
}

/** The first day is fixed, so that making the market longer keeps what there was. */
async function makeSynthetic(client: Client, until: string, say: (detail: string) => void): Promise<void> {
  const { name, seed, symbols, from } = SYNTHETIC;
  const body = { name, seed, symbols, sessions: sessionsBetween(from, until).length, until };
  const started = await client.post<{ importId: string }>('/api/v1/feeds/synthetic', body, `synthetic-${hashOf(body)}`);
  await finished(client, started.importId, say);
}

async function finished(client: Client, importId: string, say: (detail: string) => void): Promise<void> {
  for (;;) {
    const answer = await client.get<ImportAnswer>(`/api/v1/feeds/imports/${importId}`);
    if (answer.status === 'refused') {
      throw new AnsweredProblem(422, {
        code: answer.code,
        title: 'The import was refused',
        detail: answer.reason,
        nextStep: answer.outcome?.nextStep,
        report: answer.outcome?.report,
      });
    }
    if (answer.status !== 'running') return;
    if (answer.parked) {
      throw new Fault(
        'IMPORT_PARKED',
        `the import could not be concluded: ${answer.parked.error} Read it with "ballast dlq show ${answer.parked.eventId}".`,
      );
    }
    if (answer.progress) say(`${answer.progress.rows.toLocaleString('en-US')} rows read`);
    await pause(LOOK_AGAIN_MS);
  }
}

export async function currentHistory(client: Client): Promise<History | null> {
  const { current, sources } = await client.get<HistoryAnswer>('/api/v1/feeds/history');
  return sources.find(({ source }) => source === current) ?? null;
}
