import { setTimeout as sleep } from 'node:timers/promises';
import { ProblemAnswer, type Client, type Json } from './client.js';
import { cell } from './output/record.js';

/** What became of a flatten: each request that was made, and what is left where the book is not flat. */
export interface Flattened {
  readonly flat: boolean;
  readonly requests: readonly string[];
  readonly positions: readonly Json[];
  readonly working: readonly Json[];
  /** Closing orders that wait, such as for the next opening. */
  readonly planned: readonly Json[];
}

/** Time as it passes, in milliseconds; specs hand in their own. */
export interface Time {
  now(): number;
  pause(ms: number): Promise<void>;
}

const POLL_MS = 500;
/** How long cancels may take before closing begins beside what still works; it is counted. */
const CANCELS_MS = 10_000;
/** How long a request may go without orders before it counts as refused. */
const SILENT_MS = 10_000;
/** How long books may take to agree on what a request closed, before the rest is asked for. */
const AGAIN_MS = 5_000;
const PATIENCE_MS = 60_000;

/**
 * Closes all that a halted book holds: waits for its cancels, asks, looks until the orders of the request have ended, and
 * asks again for what is left, until nothing is or a minute has passed. `why` is who asks and the reason; `say` is told
 * each step.
 */
export async function flattenUntilFlat(
  client: Client,
  book: string,
  why: Json,
  say: (line: string) => void,
  time: Time = { now: () => performance.now(), pause: (ms) => sleep(ms) },
): Promise<Flattened> {
  const begun = time.now();
  const inTime = (ms: number): boolean => time.now() - begun < ms;
  const requests: string[] = [];
  while (inTime(CANCELS_MS) && (await workingOf(client, book)).length > 0) await time.pause(POLL_MS);
  let positions = await positionsOf(client, book);
  while (positions.length > 0 && inTime(PATIENCE_MS)) {
    const requestId = await ask(client, { book, ...why });
    if (requestId !== null) {
      requests.push(requestId);
      say(`asked to close ${positions.length} positions of ${book} (request ${requestId})`);
      if (!(await ended(client, book, requestId, time, inTime))) break;
    }
    await time.pause(requestId === null ? POLL_MS : AGAIN_MS);
    positions = await positionsOf(client, book);
  }
  positions = await positionsOf(client, book);
  const last = requests.at(-1);
  const planned =
    positions.length > 0 && last !== undefined
      ? await client.list('/api/v1/execution/orders', { cycleId: last, status: 'planned' })
      : [];
  return {
    ...{ flat: positions.length === 0, requests, positions, planned },
    working: positions.length === 0 ? [] : await workingOf(client, book),
  };
}

/** One sentence about what is left of a book; its details are in the answer. */
export function leftText(book: string, { flat, positions, working, planned }: Flattened): string {
  if (flat) return `${book} holds nothing any more; the halt stays until it is lifted`;
  const symbols = positions.map(({ symbol, quantity }) => `${cell(quantity)} ${cell(symbol)}`);
  const shown =
    symbols.length > 5 ? `${symbols.slice(0, 5).join(', ')} and ${symbols.length - 5} more` : symbols.join(', ');
  const first = planned[0];
  const why = first ? `; ${planned.length} closing orders wait until ${cell(first['dueAt'])}` : '';
  return (
    `${book} is not flat: ${shown} left, ${working.length} orders working${why}; ` +
    `see "ballast position list" and "ballast alert list", and run the same command again`
  );
}

const positionsOf = (client: Client, book: string): Promise<Json[]> => client.list('/api/v1/positions', { book });

/** The orders that can still fill. */
const workingOf = (client: Client, book: string): Promise<Json[]> =>
  client.list('/api/v1/execution/orders', { book, open: true });

/** The id of the request; null where the halt has not been heard of yet. */
async function ask(client: Client, wish: Json): Promise<string | null> {
  try {
    return cell((await client.post('/api/v1/flatten', wish))['requestId']);
  } catch (error) {
    if (error instanceof ProblemAnswer && error.code === 'ACCOUNT_NOT_HALTED') return null;
    throw error;
  }
}

/** Waits until a request has done what it can. False where nothing more can come of asking: of a veto, or of waiting. */
async function ended(
  client: Client,
  book: string,
  requestId: string,
  time: Time,
  inTime: (ms: number) => boolean,
): Promise<boolean> {
  const asked = time.now();
  while (inTime(PATIENCE_MS)) {
    if ((await positionsOf(client, book)).length === 0) return true;
    const verdict = await client.find(`/api/v1/verdicts/${requestId}`);
    // Where all is being closed by what works already, asking again helps once that has ended.
    if (verdict?.['verdict'] === 'vetoed') return cell(verdict['codes']) === 'NOTHING_TO_CLOSE';
    const parents = await client.list('/api/v1/execution/parents', { cycleId: requestId });
    if (parents.length > 0 && parents.every(({ status }) => status !== 'working')) return true;
    if (parents.length === 0 && time.now() - asked >= SILENT_MS) return true;
    await time.pause(POLL_MS);
  }
  return false;
}
