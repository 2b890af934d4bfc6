import { fact, LedgerPosted, type Fact } from '@ballast/contracts';
import { decimal, formatDecimal } from '@ballast/kernel/money';
import { packRows, type PackStore } from '@ballast/platform';
import type { LedgerHead } from '../domain/ledger.js';
import { averageCostText } from '../domain/position.js';
import type { HeldName } from '../domain/valuation.js';

interface Totals {
  readonly portfolioId: string;
  readonly cash: string;
  readonly realised: string;
  readonly fees: string;
}

/** Says that a ledger has grown from one head to the next; where nothing was added, both are the same. */
export async function ledgerPosted(
  packs: PackStore,
  cycleId: string | null,
  { portfolioId, cash, realised, fees }: Totals,
  from: LedgerHead,
  to: LedgerHead,
  held: readonly HeldName[],
): Promise<Fact<'portfolio'>> {
  const positions = held.map(({ symbol, quantity, cost }) => ({
    symbol,
    quantity: formatDecimal(decimal(quantity)),
    averageCost: averageCostText({ quantity, cost }),
  }));
  return fact(LedgerPosted, {
    portfolioId,
    cycleId,
    fromSequence: from.sequence + 1,
    toSequence: to.sequence,
    ledgerCommitHash: to.hash,
    cash: formatDecimal(decimal(cash)),
    realised: formatDecimal(decimal(realised)),
    fees: formatDecimal(decimal(fees)),
    positions: (await packRows(packs, positions)) as never,
  });
}
