import { canonicalJson, hashOf, ROWS_INLINE_BYTES_MAX, ROWS_INLINE_MAX, sha256, type Rows } from '@ballast/contracts';
import { z } from 'zod';
import { Fault, messageOf } from '../errors.js';
import type { PackStore } from './pack-store.js';

/**
 * Makes a list ready to travel: inline while it is short in rows and in bytes, as
 * canonical JSON in the store where it is not. Either way the event names the list by
 * count and hash, and several lists fit one event.
 */
export async function packRows<T>(store: PackStore, rows: readonly T[]): Promise<Rows<T>> {
  const text = canonicalJson(rows);
  const bytes = Buffer.from(text, 'utf8');
  if (rows.length <= ROWS_INLINE_MAX && bytes.length <= ROWS_INLINE_BYTES_MAX) {
    return { count: rows.length, hash: sha256(bytes), inline: rows };
  }
  return { count: rows.length, hash: await store.put(bytes) };
}

/**
 * Gives back a list that {@link packRows} made ready, each row parsed.
 * @throws Fault ROWS_MISSING where the store has no such list, ROWS_CORRUPT where hash, count or shape do not fit.
 */
export async function unpackRows<T>(store: PackStore, rows: Rows<T>, row: z.ZodType<T>): Promise<T[]> {
  const { value, hash } = rows.inline === undefined ? await stored(store, rows.hash) : inlined(rows.inline);
  if (hash !== rows.hash) throw corrupt(rows.hash, `its rows hash to ${hash}`);
  const parsed = z.array(row).safeParse(value);
  if (!parsed.success) throw corrupt(rows.hash, z.prettifyError(parsed.error));
  if (parsed.data.length !== rows.count)
    throw corrupt(rows.hash, `it has ${parsed.data.length} rows, not ${rows.count}`);
  return parsed.data;
}

interface Listed {
  readonly value: unknown;
  readonly hash: string;
}

const inlined = (value: readonly unknown[]): Listed => ({ value, hash: hashOf(value) });

async function stored(store: PackStore, hash: string): Promise<Listed> {
  if (!(await store.has(hash))) {
    throw new Fault(
      'ROWS_MISSING',
      `the list ${hash} is not in the pack store; copy it there, then replay the message`,
    );
  }
  try {
    const bytes = await store.get(hash);
    return { value: JSON.parse(Buffer.from(bytes).toString('utf8')) as unknown, hash: sha256(bytes) };
  } catch (error) {
    if (error instanceof Fault || error instanceof SyntaxError) throw corrupt(hash, messageOf(error), error);
    throw error;
  }
}

const corrupt = (hash: string, what: string, cause?: unknown): Fault =>
  new Fault(
    'ROWS_CORRUPT',
    `the list ${hash} cannot be trusted: ${what}; restore it from a copy, then replay the message`,
    { cause },
  );
