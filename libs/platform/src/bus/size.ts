import { EVENT_BYTES_MAX } from '@ballast/contracts';
import { Fault } from '../errors.js';
import type { BusMessage } from './bus.js';

/** What headers (trace context, id) may add to a message of the hard cap. */
export const HEADER_BYTES_MAX = 16 * 1024;

/** Refuses what no bus carries. @throws Fault `MESSAGE_TOO_LARGE` above the hard cap of contracts (EVENT_BYTES_MAX). */
export function requireSize(message: BusMessage): void {
  const bytes = Buffer.byteLength(message.body);
  if (bytes > EVENT_BYTES_MAX) {
    throw new Fault(
      'MESSAGE_TOO_LARGE',
      `event ${message.id} on ${message.subject} has ${bytes} bytes, ${EVENT_BYTES_MAX} are allowed; put long lists into the pack store`,
    );
  }
  const headerBytes = Object.entries(message.headers).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name + value) + 4,
    0,
  );
  // The id and the stream's name travel as headers too; half the allowance is left to them.
  if (headerBytes > HEADER_BYTES_MAX / 2) {
    throw new Fault(
      'MESSAGE_TOO_LARGE',
      `event ${message.id} has ${headerBytes} bytes of headers, ${HEADER_BYTES_MAX / 2} are allowed`,
    );
  }
}
