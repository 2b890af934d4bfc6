import { z } from 'zod';
import { invalid } from '../domain/refusal.js';
import type { Refusal } from '../domain/refusal.js';

/** A moment as Alpaca takes it, a date or RFC 3339, as an instant in UTC with milliseconds. */
const moment = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/)
  .refine((text) => !Number.isNaN(Date.parse(text)))
  .transform((text) => new Date(Date.parse(text)).toISOString());

const symbolList = z
  .string()
  .regex(/^[\x21-\x7e]*$/, 'symbols with commas between them')
  .transform((text) => text.split(',').filter((symbol) => symbol !== ''));
const direction = z.enum(['asc', 'desc']).default('desc');

const OrdersQuery = z.object({
  status: z.enum(['open', 'closed', 'all']).default('open'),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  after: moment.nullable().default(null),
  until: moment.nullable().default(null),
  direction,
  symbols: symbolList.nullable().default(null),
});

const FillsQuery = z.object({
  after: moment.nullable().default(null),
  until: moment.nullable().default(null),
  direction,
  page_size: z.coerce.number().int().min(1).max(100).default(100),
  page_token: z
    .string()
    .regex(/^\d{17}::[0-9a-f-]{36}$/)
    .transform((token) => token.slice(token.indexOf('::') + 2))
    .nullable()
    .default(null),
});

const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}/)
  .transform((text) => text.slice(0, 10))
  .pipe(z.iso.date());
const CalendarQuery = z.object({ start: day.nullable().default(null), end: day.nullable().default(null) });

const SymbolsQuery = z.object({ symbols: symbolList });

export const readOrdersQuery = (query: unknown) => read(OrdersQuery, query);
export const readFillsQuery = (query: unknown) => read(FillsQuery, query);
export const readCalendarQuery = (query: unknown) => read(CalendarQuery, query);
export const readSymbolsQuery = (query: unknown) => read(SymbolsQuery, query);

/** Reads what a schema describes, or says with 422/40010001 which fields are at fault and why. */
export function read<T extends z.ZodType>(schema: T, value: unknown): z.output<T> | Refusal {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.slice(0, 5).map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`);
  return invalid(faults.join('; '));
}
