import { formatDecimal } from '../money/index.js';
import { twapSchedule } from '../twap/index.js';
import type { Jitter } from '../twap/index.js';
import { decimalAt, numberAt, objectAt, textAt } from './fields.js';
import type { Fields } from './fields.js';

interface SliceRow {
  i: number;
  qty: string;
  offset_s: number;
}

/**
 * `{qty, n_slices, horizon_minutes, lot_size?, freeze_quantity?, min_interval_s?, jitter?}` → rows with `qty` as a decimal
 * string and `offset_s` not rounded; with `jitter: {seed, time?, size?}` offsets are whole milliseconds. Rows that a
 * freeze quantity cut share their offset.
 */
export function twapCase(input: Fields): SliceRow[] {
  const horizonMinutes = numberAt('horizon_minutes', input['horizon_minutes']);
  const jitter = jitterOf(input['jitter']);
  const rows = twapSchedule({
    qty: decimalAt('qty', input['qty']),
    slices: numberAt('n_slices', input['n_slices']),
    horizonMinutes,
    ...(input['lot_size'] === undefined ? {} : { lotSize: decimalAt('lot_size', input['lot_size']) }),
    ...(input['freeze_quantity'] === undefined
      ? {}
      : { freezeQuantity: decimalAt('freeze_quantity', input['freeze_quantity']) }),
    ...(input['min_interval_s'] === undefined
      ? {}
      : { minIntervalMs: numberAt('min_interval_s', input['min_interval_s']) * 1000 }),
    ...(jitter ? { jitter } : {}),
  });
  // Computed in seconds: through milliseconds the last bit of i × interval may differ.
  const intervalS = (horizonMinutes * 60) / ((rows.at(-1)?.moment ?? 0) + 1);
  return rows.map(({ i, qty, moment, offsetMs }) => ({
    i,
    qty: formatDecimal(qty),
    offset_s: jitter ? offsetMs / 1000 : moment * intervalS,
  }));
}

/** A part that is left out does not stray. */
function jitterOf(value: unknown): Jitter | null {
  if (value === undefined) return null;
  const { seed, time = 0, size = 0 } = objectAt('jitter', value);
  return {
    seed: textAt('jitter.seed', seed),
    time: numberAt('jitter.time', time),
    size: numberAt('jitter.size', size),
  };
}
