import type { Trade } from './allocator.js';
import { canonicalJson, hashOf } from './identity.js';
import type { Permit } from './risk.js';

/** A plan's trades in the one order in which they are hashed: by symbol, then side. */
export const inPlanOrder = <T extends Pick<Trade, 'symbol' | 'side'>>(trades: readonly T[]): T[] =>
  [...trades].sort((a, b) => (a.symbol + a.side < b.symbol + b.side ? -1 : 1));

/** Names a plan: what the allocator proposed, for which cycle, on which prices. */
export function planHashOf(plan: {
  cycleId: string;
  portfolioId: string;
  pricingPackId: string;
  trades: readonly Trade[];
}): string {
  return hashOf({ ...plan, trades: inPlanOrder(plan.trades) });
}

/** Names what may be executed: risk signs this hash, execution computes it again from the trades it got. */
export function approvedHashOf(approved: { cycleId: string; account: string; trades: readonly Trade[] }): string {
  return hashOf({ ...approved, trades: inPlanOrder(approved.trades) });
}

/** The exact text that risk signs (Ed25519) and execution verifies. */
export const permitText = (permit: Permit): string => canonicalJson(permit);
