import type { Instant } from '@ballast/contracts';
import type { ValueTransformer } from 'typeorm';

/** TypeORM makes dates of `timestamptz` columns; everything here speaks of instants as text. */
export const instant: ValueTransformer = {
  from: (value: Date | Instant | null): Instant | null => (value instanceof Date ? value.toISOString() : value),
  to: (value: Instant | null): Instant | null => value,
};
