import { z } from 'zod';
import { event, FAMILIES, type EventType, type Family } from './define.js';
import { Instant, Uuid } from './values.js';

/** What every service can say about itself: an alert, a parked message, an audit entry. */
const AlertData = z.object({
  code: z.string().regex(/^[A-Z][A-Z0-9_]+$/),
  severity: z.enum(['critical', 'warning', 'info']),
  message: z.string().min(1),
  /** The numbers that were compared, by name. */
  numbers: z.record(z.string(), z.string()),
  nextStep: z.string().min(1),
  at: Instant,
});

const ParkedData = z.object({
  code: z.string(),
  consumer: z.string(),
  eventId: Uuid,
  type: z.string(),
  key: z.string(),
  error: z.string(),
  at: Instant,
});

const AuditData = z.object({
  auditId: Uuid,
  /** Always the service, so that a service's entries stay in order. */
  service: z.string(),
  /** The stage or act, e.g. `plan.proposed`, `halt.raised`. */
  act: z.string().min(1),
  actor: z.string().min(1),
  cycleId: Uuid.nullable(),
  portfolioId: z.string().nullable(),
  subject: z.string(),
  detail: z.record(z.string(), z.unknown()),
  at: Instant,
});

export type AlertData = z.infer<typeof AlertData>;
export type ParkedData = z.infer<typeof ParkedData>;
export type AuditData = z.infer<typeof AuditData>;

type PerFamily<D> = { readonly [F in Family]: EventType<F, D> };

const families = Object.keys(FAMILIES) as Family[];

const forEachFamily = <S extends z.ZodObject>(what: string, key: keyof z.infer<S> & string, schema: S) =>
  Object.freeze(
    Object.fromEntries(
      families.map((family) => [family, event(`${family}.${what}` as 'feeds.alert.raised', 1, key, schema)]),
    ),
  ) as unknown as PerFamily<z.infer<S>>;

/** `<family>.alert.raised.v1`, one type a family. */
export const AlertRaised = forEachFamily('alert.raised', 'code', AlertData);
/** `<family>.message.parked.v1`: a message that could not be handled waits for a person. */
export const MessageParked = forEachFamily('message.parked', 'code', ParkedData);
/** `<family>.audit.recorded.v1`: an audit entry, written with the act and chained by `console`. */
export const AuditRecorded = forEachFamily('audit.recorded', 'service', AuditData);
