import type { IncomingHttpHeaders } from 'node:http';
import { invalid } from '../domain/refusal.js';
import type { Refusal } from '../domain/refusal.js';

const NAMES = [
  'lose-request',
  'lose-answer',
  'accept-late',
  'error-after-accept',
  'rate-limit',
  'fill-before-ack',
] as const;

export type FaultName = (typeof NAMES)[number];

export interface Fault {
  readonly name: FaultName;
  readonly delayMs: number;
}

const DELAY_MS_DEFAULT = 50;
const DELAY_MS_MAX = 86_400_000;

/**
 * The fault that a test asks of POST /v2/orders by `x-sim-fault` and `x-sim-delay-ms`, or null.
 * A fault that does not exist is refused: a test that asked for it would otherwise prove nothing.
 */
export function faultOf(headers: IncomingHttpHeaders, enabled: boolean): Fault | Refusal | null {
  const asked = headers['x-sim-fault'];
  if (!enabled || asked === undefined) return null;
  const name = NAMES.find((each) => each === asked);
  if (!name) return invalid(`x-sim-fault must be one of ${NAMES.join(', ')}`);
  const delay = headers['x-sim-delay-ms'];
  const delayMs = delay === undefined ? DELAY_MS_DEFAULT : Number(delay);
  if (!Number.isInteger(delayMs) || delayMs < 0 || delayMs > DELAY_MS_MAX) {
    return invalid(`x-sim-delay-ms must be a whole number from 0 to ${DELAY_MS_MAX}`);
  }
  return { name, delayMs };
}
