import { datesOf, type BarMonth } from './bar-month.js';

/** The dates within some days, both included, on which any of some months has a bar; each once, in order. */
export function coveredDates(months: readonly BarMonth[], from: string, to: string): string[] {
  const masks = new Map<string, number>();
  for (const { month, days } of months) masks.set(month, (masks.get(month) ?? 0) | days);
  return [...masks]
    .flatMap(([month, days]) => datesOf(month, days))
    .filter((date) => date >= from && date <= to)
    .sort();
}
