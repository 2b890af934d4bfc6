import { z } from 'zod';
import { Instant, Uuid } from './values.js';

/**
 * CloudEvents 1.0 in JSON with three extensions: `correlationid` (the cycle, or
 * whatever began the chain), `causationid` (the message that made the service say
 * this) and `keyseq` (1, 2, 3 … per noun and key).
 */
export const EnvelopeSchema = z.object({
  specversion: z.literal('1.0'),
  id: Uuid,
  source: z.string().startsWith('/ballast/'),
  type: z.string(),
  subject: z.string().min(1),
  time: Instant,
  datacontenttype: z.literal('application/json'),
  correlationid: z.string().min(1),
  causationid: Uuid,
  keyseq: z.int().min(1),
  data: z.unknown(),
});

/** An event as it travels and as handlers see it. */
export interface Envelope<D = unknown> extends Omit<z.infer<typeof EnvelopeSchema>, 'data'> {
  readonly data: D;
}

/** The hard cap of one event on the wire, in bytes of JSON. */
export const EVENT_BYTES_MAX = 256 * 1024;
