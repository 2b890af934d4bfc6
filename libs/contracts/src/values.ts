import { z } from 'zod';

/** A decimal number as text: no exponent, no leading zeros, no plus sign. Money, prices, quantities and weights travel like this. */
export const DecimalString = z
  .string()
  .regex(/^-?(0|[1-9]\d*)(\.\d+)?$/, 'a decimal number as text, such as "12.50"')
  .meta({ id: 'DecimalString' });

/** A decimal string that is zero or more. */
export const NonNegativeDecimal = z
  .string()
  .regex(/^(0|[1-9]\d*)(\.\d+)?$/, 'a decimal number of zero or more as text')
  .meta({ id: 'NonNegativeDecimal' });

/** An amount in the account's currency (US dollars in this version). */
export const Money = DecimalString;

/** A share count; sells are told apart by `side`, never by sign, except in positions. */
export const Quantity = NonNegativeDecimal;

/** A ticker as the venue spells it. */
export const TickerSymbol = z
  .string()
  .regex(/^[A-Z0-9][A-Z0-9.:/-]{0,23}$/, 'a ticker in capitals, such as "BRK.B"')
  .meta({ id: 'TickerSymbol' });

/** A moment in UTC with milliseconds; its text order is its time order. */
export const Instant = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/, 'an instant such as "2026-11-20T14:30:00.000Z"')
  .meta({ id: 'Instant' });

/** A day on the exchange's calendar. */
export const SessionDate = z.iso.date().meta({ id: 'SessionDate' });

/** Lower-case hexadecimal SHA-256. */
export const Sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'a SHA-256 in lower-case hexadecimal')
  .meta({ id: 'Sha256' });

export const Uuid = z.uuid().meta({ id: 'Uuid' });

/** A name that people type: portfolios, accounts, strategies, universes. */
export const Slug = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,47}$/, 'a short name of small letters, digits, - and _')
  .meta({ id: 'Slug' });

export const Side = z.enum(['buy', 'sell']);
export const Mode = z.enum(['paper', 'live']);

export type DecimalString = z.infer<typeof DecimalString>;
export type Instant = z.infer<typeof Instant>;
export type SessionDate = z.infer<typeof SessionDate>;
export type Sha256 = z.infer<typeof Sha256>;
export type Side = z.infer<typeof Side>;
export type Mode = z.infer<typeof Mode>;

/** The most rows that ride inside an event; a longer list travels as a blob in the pack store. */
export const ROWS_INLINE_MAX = 1_000;

/** The most bytes of canonical JSON that such a list may have; events carry up to three lists and are capped at 256 KiB. */
export const ROWS_INLINE_BYTES_MAX = 64 * 1024;

/**
 * A list inside an event: always its count and the SHA-256 of its canonical JSON,
 * and the rows themselves while they are few ({@link ROWS_INLINE_MAX}) and small ({@link ROWS_INLINE_BYTES_MAX}).
 * Without `inline`, the pack store holds the rows under `hash`.
 */
export const rowsOf = <T extends z.ZodType>(row: T) =>
  z.object({
    count: z.int().min(0),
    hash: Sha256,
    inline: z.array(row).max(ROWS_INLINE_MAX).optional(),
  });

/** The shape that {@link rowsOf} parses to. */
export interface Rows<T> {
  readonly count: number;
  readonly hash: Sha256;
  readonly inline?: readonly T[] | undefined;
}
