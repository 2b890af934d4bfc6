import type { Check, DataOf, PlanProposed, SnapshotSealed, Trim } from '@ballast/contracts';
import { AnsweredProblem, type Client } from './client.js';
import type { History } from './history.js';
import { all } from './pages.js';

/** One cycle as a trader reads it. Money, quantities, prices and weights are decimal texts. */
export interface CycleSummary {
  readonly cycleId: string;
  /** The history's file in the pack store, for `ballast pack show`; null where no prices were sealed. */
  readonly packId: string | null;
  /** Names history and marks together. */
  readonly pricingPackId: string | null;
  readonly asOf: string;
  readonly tradeDate: string;
  readonly source: { readonly name: string; readonly synthetic: boolean };
  readonly quality: { readonly average: number; readonly lowest: number } | null;
  readonly regime: { readonly trend: string; readonly volatility: string } | null;
  /** Null where no prices were sealed. */
  readonly symbols: number | null;
  readonly strategies: readonly {
    readonly strategyId: string;
    readonly weight: string;
    readonly volatility: number | null;
  }[];
  readonly planHash: string | null;
  readonly approvedHash: string | null;
  readonly verdict: 'approved' | 'trimmed' | 'vetoed' | 'declined' | 'aborted';
  readonly reason: string | null;
  readonly trims: readonly Trim[];
  /** Checks that failed, and those that could not be evaluated. */
  readonly failed: readonly Pick<Check, 'code' | 'symbol' | 'status' | 'message' | 'observed' | 'limit' | 'unit'>[];
  readonly trades: number;
  readonly decisions: Readonly<Record<'BUY' | 'SELL' | 'HOLD' | 'REJECT', number>>;
  readonly orders: Readonly<
    Record<'submitted' | 'filled' | 'partiallyFilled' | 'rejected' | 'cancelled' | 'unknown', number>
  >;
  readonly parents: readonly ParentView[];
  readonly positions: readonly PositionView[];
  readonly lots: number;
  readonly cash: string;
  readonly equity: string | null;
  readonly realised: string;
  readonly unrealised: string | null;
  readonly ledgerCommitHash: string;
  readonly traceId: string | null;
  /** Sentences that say what of all this was simulated. */
  readonly simulated: readonly string[];
  readonly durationMs: Readonly<Record<string, number>> & { readonly total: number };
}

export interface ParentView {
  readonly symbol: string;
  readonly side: 'buy' | 'sell';
  readonly quantity: string;
  readonly filledQuantity: string;
  readonly averagePrice: string | null;
  readonly arrivalPrice: string | null;
  readonly slippageBp: string | null;
  readonly status: string;
}

export interface PositionView {
  readonly symbol: string;
  readonly quantity: string;
  readonly averageCost: string;
  readonly price: string | null;
  readonly marketValue: string | null;
  readonly unrealised: string | null;
}

interface CycleAnswer {
  readonly asOf: string;
  readonly status: string;
  readonly tradeSession: { readonly date: string };
  readonly outcome: string | null;
  readonly code: string | null;
  readonly reason?: string | null;
  readonly refusal?: { readonly code: string; readonly reason: string } | null;
  readonly verdict: CycleSummary['verdict'] | null;
  readonly pricingPackId: string | null;
  readonly planHash: string | null;
  readonly approvedHash: string | null;
  readonly ledgerCommitHash: string | null;
  readonly traceId: string | null;
  readonly decisions: CycleSummary['decisions'] | null;
}

interface VerdictAnswer {
  readonly checks: readonly Check[];
  readonly trims: readonly Trim[];
}

/** What a cycle that ended early never got is not there; every other failure is one. */
async function orNull<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof AnsweredProblem && error.status === 404) return null;
    throw error;
  }
}

/** Gathers what the services say of one cycle and of its book, and what the venue says of how it was simulated. */
export async function summarise(
  client: Client,
  venue: Client,
  about: { cycleId: string; book: string; source: History; durationMs: CycleSummary['durationMs'] },
): Promise<CycleSummary> {
  const { cycleId, book, source } = about;
  const cycle = await client.get<CycleAnswer>(`/api/v1/cycles/${cycleId}`);
  const [plan, verdict, snapshot, parents, positions, lots, account, orders, { told }] = await Promise.all([
    orNull(client.get<DataOf<typeof PlanProposed>>(`/api/v1/plans/${cycleId}`)),
    orNull(client.get<VerdictAnswer>(`/api/v1/verdicts/${cycleId}`)),
    orNull(client.get<DataOf<typeof SnapshotSealed>>(`/api/v1/feeds/snapshots/${cycleId}`)),
    all<ParentView>(client, `/api/v1/execution/parents?cycleId=${cycleId}&limit=1000`),
    all<PositionView>(client, `/api/v1/positions?book=${book}`),
    all<{ symbol: string }>(client, `/api/v1/lots?book=${book}&limit=500`),
    client.get<{
      cash: string;
      equity: string | null;
      realised: string;
      unrealised: string | null;
      ledger: { commitHash: string };
    }>(`/api/v1/books/${book}`),
    all<{ state: string }>(client, `/api/v1/execution/orders?cycleId=${cycleId}&limit=1000`),
    venue.get<{ told: readonly string[] }>('/sim/settings'),
  ]);
  return {
    cycleId,
    packId: snapshot?.packId ?? null,
    pricingPackId: cycle.pricingPackId,
    asOf: cycle.asOf,
    tradeDate: cycle.tradeSession.date,
    source: { name: source.source, synthetic: source.synthetic },
    ...pricesOf(snapshot),
    strategies: plan?.strategies ?? [],
    planHash: cycle.planHash,
    approvedHash: cycle.approvedHash,
    verdict: verdictOf(cycle),
    reason: cycle.refusal?.reason ?? cycle.reason ?? cycle.code,
    trims: verdict?.trims ?? [],
    failed: (verdict?.checks ?? []).filter((check) => check.status !== 'passed'),
    trades: plan?.trades.count ?? 0,
    decisions: cycle.decisions ?? { BUY: 0, SELL: 0, HOLD: 0, REJECT: 0 },
    orders: countOrders(orders.map(({ state }) => state)),
    parents: parents.sort((a, b) => (a.symbol < b.symbol ? -1 : 1)),
    positions,
    lots: lots.length,
    cash: account.cash,
    equity: account.equity,
    realised: account.realised,
    unrealised: account.unrealised,
    ledgerCommitHash: cycle.ledgerCommitHash ?? account.ledger.commitHash,
    traceId: cycle.traceId,
    simulated: simulatedIn(source, told),
    durationMs: about.durationMs,
  };
}

/** What is known of the prices; nothing where none were sealed. */
const pricesOf = (
  snapshot: DataOf<typeof SnapshotSealed> | null,
): Pick<CycleSummary, 'quality' | 'regime' | 'symbols'> =>
  snapshot
    ? { quality: snapshot.quality, regime: snapshot.regime, symbols: snapshot.symbols }
    : { quality: null, regime: null, symbols: null };

function verdictOf({ status, outcome, verdict }: CycleAnswer): CycleSummary['verdict'] {
  if (status === 'aborted') return 'aborted';
  return outcome === 'declined' ? 'declined' : (verdict ?? 'aborted');
}

function countOrders(states: readonly string[]): CycleSummary['orders'] {
  const count = (...wanted: string[]): number => states.filter((state) => wanted.includes(state)).length;
  return {
    submitted: states.filter((state) => state !== 'planned').length,
    filled: count('filled'),
    partiallyFilled: count('partially_filled'),
    rejected: count('rejected'),
    cancelled: count('cancelled', 'expired'),
    unknown: count('unknown', 'sending'),
  };
}

const simulatedIn = (source: History, told: readonly string[]): string[] => [
  ...(source.synthetic ? ['Prices are of a synthetic market: made by a seeded program, of no real company.'] : []),
  ...told,
  'Time was simulated: slices of an hour were worked in an instant.',
];
