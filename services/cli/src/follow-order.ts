import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, Json } from './client.js';
import { CliError, EXIT, type ExitCode } from './errors.js';
import type { Time } from './flatten.js';
import { isParent, readOrder, type FoundOrder } from './orders.js';
import { progressOf } from './output/order.js';
import { cell } from './output/record.js';

const REAL: Time = { now: () => performance.now(), pause: (ms) => sleep(ms) };

const POLL_MS = 500;
/** How long an order that risk let through may go without being planned before something is wrong. */
const UNPLANNED_MS = 30_000;

const CHILD_ENDS = new Set(['filled', 'cancelled', 'replaced', 'rejected', 'expired']);

/** Follows an order to its end; `say` is told each change. Gives back the order as it ended. */
export async function followOrder(
  client: Client,
  id: string,
  say: (line: string) => void,
  time: Time = REAL,
): Promise<FoundOrder> {
  let shown = '';
  for (;;) {
    const found = await readOrder(client, id);
    const line = progressOf(found.order);
    if (line !== shown) say(line);
    shown = line;
    if (hasEnded(found.order)) return found;
    await time.pause(POLL_MS);
  }
}

/**
 * Waits until risk has judged what was asked for and execution has planned it.
 * @throws CliError ORDER_VETOED (exit 6) with what the guardrails said; ORDER_NOT_PLANNED where it was let through and
 *   is not worked.
 */
export async function untilPlanned(
  client: Client,
  { requestId, orderId }: { readonly requestId: string; readonly orderId: string },
  say: (line: string) => void,
  time: Time = REAL,
): Promise<void> {
  let asked = false;
  let letThrough: number | null = null;
  while ((await client.find(`/api/v1/orders/${orderId}`)) === null) {
    const verdict = await client.find(`/api/v1/verdicts/${requestId}`);
    const word = verdict?.['verdict'];
    if (verdict && word === 'vetoed') throw vetoed(verdict);
    if (word === 'approval_requested' && !asked) {
      say('a person has to approve it first; GET /api/v1/approvals shows what is asked');
    }
    asked ||= word === 'approval_requested';
    if (word === 'approved' || word === 'trimmed') letThrough ??= time.now();
    if (letThrough !== null && time.now() - letThrough >= UNPLANNED_MS) throw notPlanned(requestId);
    await time.pause(POLL_MS);
  }
}

/** What an order that has ended means for whoever waited for it: anything but filled whole is a failure. */
export const exitOfOrder = ({ order }: FoundOrder): ExitCode =>
  cell(isParent(order) ? order['outcome'] : order['status']) === 'filled' ? EXIT.ok : EXIT.failure;

const hasEnded = (order: Json): boolean =>
  isParent(order) ? order['status'] === 'complete' : CHILD_ENDS.has(cell(order['status']));

function vetoed(verdict: Json): CliError {
  const checks = Array.isArray(verdict['checks']) ? (verdict['checks'] as Json[]) : [];
  const failed = checks.filter(({ status }) => status === 'failed');
  return new CliError({
    code: 'ORDER_VETOED',
    what: `The guardrails do not let the order through: ${cell(verdict['codes'])}.`,
    where: failed.map(({ code, message }) => ({ field: cell(code), message: cell(message) })),
    nextStep: 'Ask for something that they let through; "ballast order place" with the same options asks again.',
    exit: EXIT.blocked,
  });
}

const notPlanned = (requestId: string): CliError =>
  new CliError({
    code: 'ORDER_NOT_PLANNED',
    what: `The guardrails let request ${requestId} through, and execution has not planned it.`,
    nextStep: 'Look at "ballast alert list": execution says there why it refused the verdict, or what it waits for.',
    exit: EXIT.failure,
  });
