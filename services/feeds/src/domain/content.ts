import type { SymbolAction } from './actions.js';
import type { SymbolBars } from './bar-month.js';
import { RESPELLED_SHOWN_MAX, REFUSED_KEPT_MAX, type ImportReport } from './collect-bars.js';
import type { SymbolSector } from './read-sectors.js';

/** All that an import brings, checked row by row and not yet compared with what is known. */
export interface Content {
  /** By symbol; none where an import brings only sectors or actions. */
  readonly bars: readonly SymbolBars[];
  readonly sectors: readonly SymbolSector[];
  readonly actions: readonly SymbolAction[];
  readonly report: ImportReport;
}

/** What is said of an import in which no row was looked at. */
export const NO_ROWS: ImportReport = {
  ...{ rows: 0, accepted: 0, refused: 0, refusedByCode: {}, firstRefused: [], duplicatesDropped: 0 },
  ...{ missingVolumes: 0, symbols: 0, respelled: [] },
};

/** The first and the last date that a content speaks of; null where it speaks of none. */
export function rangeOf({ bars, actions }: Content): { readonly from: string; readonly to: string } | null {
  const ends = bars.flatMap(({ dates }) => [dates[0]!, dates.at(-1)!]);
  const dates = ends.length > 0 ? ends : actions.map(({ date }) => date);
  if (dates.length === 0) return null;
  return { from: dates.reduce((a, b) => (a < b ? a : b)), to: dates.reduce((a, b) => (a > b ? a : b)) };
}

/** Two reports of different symbols as one. */
export function addReports(one: ImportReport, other: ImportReport): ImportReport {
  const codes = new Map(Object.entries(one.refusedByCode));
  for (const [code, count] of Object.entries(other.refusedByCode)) codes.set(code, (codes.get(code) ?? 0) + count);
  return {
    rows: one.rows + other.rows,
    accepted: one.accepted + other.accepted,
    refused: one.refused + other.refused,
    refusedByCode: Object.fromEntries([...codes].sort(([a], [b]) => (a < b ? -1 : 1))),
    firstRefused: [...one.firstRefused, ...other.firstRefused].slice(0, REFUSED_KEPT_MAX),
    duplicatesDropped: one.duplicatesDropped + other.duplicatesDropped,
    missingVolumes: one.missingVolumes + other.missingVolumes,
    symbols: one.symbols + other.symbols,
    respelled: [...one.respelled, ...other.respelled].slice(0, RESPELLED_SHOWN_MAX),
  };
}
