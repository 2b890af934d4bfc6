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

const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}/)
  .transform((text) => text.slice(0, 10))
  .pipe(z.iso.date());

const OrdersQuery = z.object({
  status: z.enum(['open', 'closed', 'all']).default('open'),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  after: moment.nullable().default(null),
  until: moment.nullable().default(null),
  direction,
  symbols: symbolList.nullable().default(null),
  side: z.enum(['buy', 'sell']).nullable().default(null),
  after_order_id: z.uuid().nullable().default(null),
  before_order_id: z.uuid().nullable().default(null),
  // Alpaca's filter; everything here is a US equity, and legs are never nested.
  asset_class: z
    .string()
    .refine((text) => text.split(',').includes('us_equity'), 'us_equity')
    .optional(),
});

const ActivitiesQuery = z.object({
  after: moment.nullable().default(null),
  until: moment.nullable().default(null),
  direction,
  date: day.nullable().default(null),
  activity_types: z.string().nullable().default(null),
  page_size: z.coerce.number().int().min(1).max(100).default(100),
  page_token: z
    .string()
    .regex(/^\d{17}::[0-9a-f-]{36}$/)
    .transform((token) => token.slice(token.indexOf('::') + 2))
    .nullable()
    .default(null),
});

const CalendarQuery = z.object({ start: day.nullable().default(null), end: day.nullable().default(null) });

const ClosePositionQuery = z
  .object({
    qty: z
      .string()
      .regex(/^\d{1,15}(\.\d{1,9})?$/)
      .nullable()
      .default(null),
    percentage: z
      .string()
      .regex(/^\d{1,3}(\.\d{1,9})?$/)
      .refine((text) => Number(text) > 0 && Number(text) <= 100, 'above 0 and up to 100')
      .nullable()
      .default(null),
  })
  .refine(({ qty, percentage }) => qty === null || percentage === null, 'give qty or percentage, not both');

const ClosePositionsQuery = z.object({ cancel_orders: z.enum(['true', 'false']).default('false') });

const SymbolsQuery = z.object({ symbols: symbolList });

const BarsQuery = z.object({
  symbols: symbolList,
  timeframe: z.enum(['1Min', '1T'], 'only minutes are simulated: 1Min'),
  start: moment.nullable().default(null),
  end: moment.nullable().default(null),
  limit: z.coerce.number().int().min(1).max(10_000).default(1_000),
  // Prices are as they traded; there is one feed and one currency.
  adjustment: z.literal('raw').default('raw'),
  feed: z.string().optional(),
  currency: z.literal('USD').default('USD'),
  sort: z.literal('asc').default('asc'),
  page_token: z
    .string()
    .regex(/^\d{1,7}$/)
    .transform(Number)
    .nullable()
    .default(null),
});

export const readOrdersQuery = (query: unknown) => read(OrdersQuery, query);
export const readActivitiesQuery = (query: unknown) => read(ActivitiesQuery, query);
export const readClosePositionQuery = (query: unknown) => read(ClosePositionQuery, query);
export const readClosePositionsQuery = (query: unknown) => read(ClosePositionsQuery, query);
export const readCalendarQuery = (query: unknown) => read(CalendarQuery, query);
export const readBarsQuery = (query: unknown) => read(BarsQuery, query);
export const readSymbolsQuery = (query: unknown) => read(SymbolsQuery, query);

/** Reads what a schema describes, or says with 422/40010001 which fields are at fault and why. */
export function read<T extends z.ZodType>(schema: T, value: unknown): z.output<T> | Refusal {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.slice(0, 5).map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`);
  return invalid(faults.join('; '));
}
