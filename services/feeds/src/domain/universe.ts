import type { CycleOpened, DataOf } from '@ballast/contracts';
import { topByLiquidity } from '@ballast/kernel/features';
import type { BarPanel } from './bar-month.js';

/** A symbol without a bar in as many sessions is no longer traded, or its feed is broken. */
export const RECENT_SESSIONS = 5;
/** The sessions over which liquidity is measured. */
export const LIQUIDITY_SESSIONS = 20;

export type UniverseChoice =
  | { readonly kind: 'chosen'; readonly symbols: readonly string[] }
  | { readonly kind: 'refused'; readonly code: 'UNKNOWN_SYMBOLS' | 'HISTORY_TOO_SHORT'; readonly reason: string };

/**
 * Chooses what a cycle looks at: the symbols it names, the `size` most liquid, or all; in any case only those with a bar
 * in the last {@link RECENT_SESSIONS} sessions. A named symbol that has none refuses the whole: whoever named it counts
 * on it.
 * @param recent the last {@link LIQUIDITY_SESSIONS} sessions of every symbol of the source.
 */
export function chooseUniverse(recent: BarPanel, universe: DataOf<typeof CycleOpened>['universe']): UniverseChoice {
  const traded = new Set(recent.symbols.filter((_, s) => hasRecentBar(recent, s)));
  if (universe.symbols) {
    const named = [...new Set(universe.symbols)].sort();
    const unknown = named.filter((symbol) => !traded.has(symbol));
    if (unknown.length === 0) return { kind: 'chosen', symbols: named };
    const shown = unknown.slice(0, 20).join(', ');
    const more = unknown.length > 20 ? ` and ${unknown.length - 20} more` : '';
    const reason = `no bar in the last ${RECENT_SESSIONS} sessions up to ${recent.dates.at(-1)} of ${shown}${more}`;
    return { kind: 'refused', code: 'UNKNOWN_SYMBOLS', reason };
  }
  if (universe.size === undefined) return { kind: 'chosen', symbols: [...traded].sort() };
  const liquid = topByLiquidity(recent, recent.symbols.length, LIQUIDITY_SESSIONS)
    .filter((symbol) => traded.has(symbol))
    .slice(0, universe.size);
  if (liquid.length > 0) return { kind: 'chosen', symbols: liquid.sort() };
  const reason = `no symbol has a volume in three quarters of the last ${LIQUIDITY_SESSIONS} sessions, so none is known to be liquid`;
  return { kind: 'refused', code: 'HISTORY_TOO_SHORT', reason };
}

function hasRecentBar(panel: BarPanel, s: number): boolean {
  const end = (s + 1) * panel.dates.length;
  const from = Math.max(s * panel.dates.length, end - RECENT_SESSIONS);
  return panel.close.subarray(from, end).some((close) => !Number.isNaN(close));
}
