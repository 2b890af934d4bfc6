import { formatDecimal } from '../money/index.js';
import { twapSchedule } from '../twap/index.js';
import { decimalAt, numberAt } from './fields.js';
import type { Fields } from './fields.js';

interface SliceRow {
  i: number;
  qty: string;
  offset_s: number;
}

/** `{qty, n_slices, horizon_minutes, lot_size?}` → rows with `qty` as a decimal string and `offset_s` not rounded. */
export function twapCase(input: Fields): SliceRow[] {
  const horizonMinutes = numberAt('horizon_minutes', input['horizon_minutes']);
  const rows = twapSchedule({
    qty: decimalAt('qty', input['qty']),
    slices: numberAt('n_slices', input['n_slices']),
    horizonMinutes,
    ...(input['lot_size'] === undefined ? {} : { lotSize: decimalAt('lot_size', input['lot_size']) }),
  });
  // Computed in seconds: through milliseconds the last bit of i × interval may differ.
  const intervalS = (horizonMinutes * 60) / rows.length;
  return rows.map(({ i, qty }) => ({ i, qty: formatDecimal(qty), offset_s: i * intervalS }));
}
