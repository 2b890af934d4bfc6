import { syntheticMarket, type SyntheticMarket } from '@ballast/kernel/synthetic-market';
import type { BarCollector } from './collect-bars.js';
import { ImportRefused } from './import-refused.js';
import { sessionsUpTo } from './sessions.js';

/** The market to make; it ends with the last session up to `until`. */
export interface SyntheticOrder {
  readonly seed: number;
  readonly symbols: number;
  readonly sessions: number;
  readonly until: string;
}

/**
 * Makes a synthetic market and hands each of its bars to a collector, where it is looked at like the row of a file.
 * @returns the sectors of its symbols.
 * @throws ImportRefused SYNTHETIC_TOO_LONG where the calendar does not reach back far enough.
 */
export function collectSynthetic(order: SyntheticOrder, collector: BarCollector): SyntheticMarket['sectors'] {
  const sessions = sessionsUpTo(order.until, order.sessions);
  if (sessions.length < order.sessions) {
    throw new ImportRefused(
      'SYNTHETIC_TOO_LONG',
      `there are ${sessions.length} sessions up to ${order.until} on the calendar, not ${order.sessions}`,
      'Ask for fewer sessions, or for a later end.',
    );
  }
  const market = syntheticMarket({ ...order, from: sessions[0]! });
  market.bars.forEach(({ date, symbol, open, high, low, close, volume }, i) => {
    const raw = { open: `${open}`, high: `${high}`, low: `${low}`, close: `${close}`, volume: `${volume}` };
    collector.add(i + 1, { date, symbol, ...raw });
  });
  return market.sectors;
}
