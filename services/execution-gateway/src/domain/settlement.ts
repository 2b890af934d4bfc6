/** What a venue promises, and what the gateway may therefore lean on. */
export interface VenueGuarantees {
  /** A second order of the same client order id is refused, for ever. */
  readonly dedupesClientOrderId: boolean;
  /** An order can be asked for by its client order id, also once it has ended; "unknown" is then the venue's own word. */
  readonly lookupByClientId: boolean;
  /** Past fills can be listed, under the execution ids that the stream used. */
  readonly replaysFills: boolean;
}

/** How an order without a clear answer is settled at a venue. */
export interface Settlement {
  /** How long after an unanswered order, and between two questions about it, the venue is asked; in ms. */
  readonly windowMs: number;
  /** Whether an order that the venue did not take now may be sent again later, under another id. */
  readonly resends: boolean;
  /** Whether a venue that does not show an order has said that it does not have it. */
  readonly concludes: boolean;
}

/**
 * By how much each missing promise makes the window longer. Without dedupe an order that is late in the venue's queue is
 * one more order; without lookup or replay what became of it shows only in the list of open orders and in
 * the stream, and both are given time to show it before the question counts.
 */
const LONGER = 2;

/** An order is not left without a question for longer than this, whatever the venue lacks. */
const WINDOW_MS_MAX = 10 * 60_000;

/**
 * Picks how orders are settled from what the venue guarantees and the window that the operator set for one
 * that guarantees all (in ms, longer than any call can take). A venue without dedupe or lookup is never sent anything
 * again, and one without lookup can never say by silence that it does not have an order.
 */
export function settlementOf(guarantees: VenueGuarantees, configuredMs: number): Settlement {
  const { dedupesClientOrderId, lookupByClientId, replaysFills } = guarantees;
  const missing = [dedupesClientOrderId, lookupByClientId, replaysFills].filter((promised) => !promised).length;
  return {
    windowMs: Math.max(configuredMs, Math.min(configuredMs * LONGER ** missing, WINDOW_MS_MAX)),
    resends: dedupesClientOrderId && lookupByClientId,
    concludes: lookupByClientId,
  };
}
