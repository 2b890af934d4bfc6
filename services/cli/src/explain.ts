import type { Client, Json } from './client.js';
import { findOrder, type FoundOrder } from './orders.js';
import { cell, objectsOf } from './output/record.js';

/** Everything that led to one order, from the order back to the prices. What could not be found is null and listed. */
export interface Explanation extends FoundOrder {
  readonly verdict: Json | null;
  /** The checks that looked at this order's symbol or at the whole plan. */
  readonly checks: readonly Json[] | null;
  readonly trims: readonly Json[] | null;
  readonly planHash: string | null;
  readonly trade: Json | null;
  readonly target: Json | null;
  /** What each strategy scored the symbol, with its rank. */
  readonly scores: readonly Json[] | null;
  /** The snapshot that the cycle looked at: its pack, its regime, and the mark of this symbol. */
  readonly prices: Json | null;
  /** What the cycle decided about the symbol, with reason codes. */
  readonly decision: Json | null;
  readonly taxImpact: readonly Json[] | null;
  readonly cycle: Json | null;
  /** Steps of the walk that could not be shown, and where they were looked for. */
  readonly missing: readonly string[];
}

/** Walks from an order back to verdict, plan, scores, prices and cycle. */
export async function explainOrder(client: Client, id: string): Promise<Explanation> {
  const found = await findOrder(client, id);
  const missing: string[] = [];
  const look = async (step: string, path: string, query = {}): Promise<Json | null> => {
    const answer = await client.find(path, query);
    if (answer === null) missing.push(`${step}: nothing at ${path}`);
    return answer;
  };
  const { order } = found;
  const symbol = cell(order['symbol']);
  const cycleId = cell(order['cycleId']);
  const verdict = await look('verdict', `/api/v1/verdicts/${cycleId}`);
  const plan = await look('plan', `/api/v1/plans/${cycleId}`);
  const signals = await look('scores', `/api/v1/signals/${cycleId}`, { symbol });
  const snapshot = await look('prices', `/api/v1/feeds/snapshots/${cycleId}`);
  const tax = await look('tax impact', `/api/v1/tax/impacts/${cycleId}`);
  const cycle = await look('cycle', `/api/v1/cycles/${cycleId}`);
  const trade = rowOf(plan, 'trades', symbol, missing);
  return {
    ...found,
    verdict,
    checks: about(verdict, 'checks', symbol, missing),
    trims: about(verdict, 'trims', symbol, missing),
    planHash: plan && typeof plan['planHash'] === 'string' ? plan['planHash'] : null,
    trade,
    target: rowOf(plan, 'targets', symbol, missing),
    scores: signals && scoresOf(signals),
    prices: snapshot && pricesOf(snapshot, symbol, missing),
    decision: cycle && (await decisionOf(client, cycleId, symbol)),
    taxImpact: about(tax, 'relief', symbol, missing),
    cycle,
    missing,
  };
}

/** One row a strategy: its score of the symbol, its rank among all, and how many it scored. */
function scoresOf(signals: Json): Json[] {
  return (objectsOf(signals['strategies']) ?? []).map((each) => {
    const own = each['score'] as Json | null | undefined;
    return {
      strategyId: each['strategyId'],
      score: own?.['score'] ?? null,
      rank: own?.['rank'] ?? null,
      of: each['scored'],
      volatility: each['volatility'],
      reason: own ? own['reason'] : 'the pack does not have the symbol',
    };
  });
}

/** The snapshot without the marks of other symbols. */
function pricesOf(snapshot: Json, symbol: string, missing: string[]): Json {
  const { marks: _, ...rest } = snapshot;
  return { mark: rowOf(snapshot, 'marks', symbol, missing), ...rest };
}

const DECISIONS_A_PAGE = 10_000;

async function decisionOf(client: Client, cycleId: string, symbol: string): Promise<Json | null> {
  const decisions = await client.list(`/api/v1/cycles/${cycleId}/decisions`, { limit: DECISIONS_A_PAGE });
  return decisions.find((each) => each['symbol'] === symbol) ?? null;
}

/** The rows of a list that name the symbol or none, which is the plan as a whole. */
function about(source: Json | null, member: string, symbol: string, missing: string[]): Json[] | null {
  if (source === null) return null;
  const rows = objectsOf(source[member]);
  if (rows === null) missing.push(`${member}: too many to ride in the answer; they are in the pack store`);
  return rows?.filter((row) => row['symbol'] === symbol || row['symbol'] === null) ?? null;
}

function rowOf(source: Json | null, member: string, symbol: string, missing: string[]): Json | null {
  return about(source, member, symbol, missing)?.find((row) => row['symbol'] === symbol) ?? null;
}
