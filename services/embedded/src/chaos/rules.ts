import { Decimal, decimal, formatDecimal } from '@ballast/kernel/money';
import { everyFactReached, handledInOrder, Violation, type HeardFact, type SentFact } from '@ballast/testing';
import { fillsAgree, positionsAgree, type OwnFill } from '../sim/checkers/books.js';
import { filledWithinOrdered, ordersAgree, type OwnOrder, type OwnParent } from '../sim/checkers/orders.js';
import type { BookedOrder } from '../sim/venue/venue-book.js';
import type { VenueBooks } from './venue.js';

/** A child order as the gateway has it. */
export interface Child extends OwnOrder {
  readonly venue_order_id: string | null;
}

export interface Parent extends OwnParent {
  readonly account: string;
  readonly side: string;
  readonly completed_at: string | null;
}

/** What the gateway said of a parent's end. */
export interface Completion {
  readonly parentOrderId: string;
  readonly filledQuantity: string;
}

export interface Halt {
  readonly account: string;
  readonly halted: boolean;
  readonly reason: string;
}

/** What a seed has left, on every side. */
export interface Aftermath {
  readonly openingCash: string;
  /** Of each account, by its name. */
  readonly venue: ReadonlyMap<string, VenueBooks>;
  /** Those that have left. */
  readonly children: readonly Child[];
  readonly parents: readonly Parent[];
  readonly fills: readonly (OwnFill & { readonly account: string })[];
  readonly completions: readonly Completion[];
  readonly halts: readonly Halt[];
  /** The newest reconciliation of each account. */
  readonly reconciliations: readonly { readonly account: string; readonly status: string; readonly breaks: unknown }[];
  readonly sent: readonly SentFact[];
  readonly heard: readonly HeardFact[];
  /** What the witness heard, by `table of service`, that is parked or waits. */
  readonly held: readonly string[];
  /** Work that is still to be done, and facts that are still to be published; none where all has come to rest. */
  readonly unrest: readonly string[];
}

/** Names of rules that are broken where an order was executed twice or was lost. */
export const TWICE_OR_LOST = [
  'no order is doubled',
  'no order is lost',
  'filled within ordered',
  'the end was said truly',
  'cash equals the venue',
] as const;

/** Holds every rule against what is left. Out: the rules that are broken, in the order in which a person would ask. */
export function brokenRules(left: Aftermath): Violation[] {
  const venueOrders = [...left.venue.values()].flatMap(({ orders }) => orders);
  const venueFills = [...left.venue.values()].flatMap(({ fills }) => fills);
  const rules: (() => void)[] = [
    () => neverDoubled(venueOrders, left.children),
    () => neverLost(venueOrders, left.children),
    () => filledWithinOrdered(venueOrders, left.children, left.parents),
    () => everyParentEnds(left.parents),
    () => ordersAgree(venueOrders, left.children),
    () => fillsAgree('the gateway', venueFills, left.fills),
    ...[...left.venue].flatMap(([account, books]) => [
      () => positionsAgree(`the gateway's fills of ${account}`, books.positions, heldBy(account, left.fills)),
      () => cashEquals(account, left, books),
    ]),
    () => endsWereSaidTruly(left),
    () => neverHalted(left.halts),
    () => reconciled([...left.venue.keys()], left.reconciliations),
    () => numberedWithoutGaps(left.sent),
    () =>
      everyFactReached(left.sent, [
        { name: 'the witness', hears: () => true, inbox: new Set(left.heard.map(({ event_id }) => event_id)) },
      ]),
    () => handledInOrder('the witness', left.heard),
    () => saidNothingElse(left.sent, left.heard),
    () => nothingIsHeld(left.held),
    () => atRest(left.unrest),
  ];
  return rules.flatMap((rule) => violationOf(rule) ?? []);
}

function violationOf(rule: () => void): Violation | null {
  try {
    rule();
    return null;
  } catch (error) {
    if (error instanceof Violation) return error;
    throw error;
  }
}

/** The venue has each order once, and each slice of a parent once, whatever it was called. */
export function neverDoubled(venue: readonly BookedOrder[], own: readonly Child[]): void {
  const broken = (text: string): Violation => new Violation('no order is doubled', text);
  const known = new Map(own.map((child) => [child.client_order_id, child]));
  const named = new Map<string, string>();
  const taken = new Map<string, string>();
  for (const order of venue) {
    const { clientOrderId, venueOrderId, side, quantity, symbol } = order;
    const what = `${side} ${quantity} ${symbol}`;
    const twin = named.get(clientOrderId);
    if (twin) throw broken(`${what}: ${clientOrderId} is at the venue as ${twin} and again as ${venueOrderId}`);
    named.set(clientOrderId, venueOrderId);
    const child = known.get(clientOrderId);
    if (!child) throw broken(`${what}: the venue has ${clientOrderId}, which the gateway never sent as its own`);
    const intent = [child.account, child.cycle_id, child.symbol, child.side, child.slice].join(' ');
    const before = taken.get(intent);
    if (before) throw broken(`${what}: slice ${child.slice} was taken as ${before} and again as ${clientOrderId}`);
    taken.set(intent, clientOrderId);
  }
}

/** What the venue has confirmed to us it has, and what we concluded it never had it has not. */
export function neverLost(venue: readonly BookedOrder[], own: readonly Child[]): void {
  const there = new Map(venue.map((order) => [order.clientOrderId, order]));
  for (const { client_order_id, venue_order_id, symbol, state, filled_quantity } of own) {
    const order = there.get(client_order_id);
    if (!order && (venue_order_id !== null || !decimal(filled_quantity).isZero())) {
      throw new Violation('no order is lost', `${symbol} ${client_order_id} is ${state} here, and not at the venue`);
    }
    if (order && order.venueOrderId !== venue_order_id) {
      throw new Violation(
        'no order is lost',
        `${symbol} ${client_order_id} is ${order.status} at the venue as ${order.venueOrderId}, and ${state} here as ${venue_order_id}`,
      );
    }
  }
}

/** Every parent order has come to an end. */
export function everyParentEnds(parents: readonly Parent[]): void {
  const open = parents.filter(({ completed_at }) => completed_at === null);
  if (open.length === 0) return;
  const [first] = open as [Parent];
  throw new Violation(
    'every parent ends',
    `${open.length} of ${parents.length} are still open, the first ${first.side} ${first.quantity} ${first.symbol} (${first.parent_order_id})`,
  );
}

/** Once a parent, with what its children really filled. */
export function endsWereSaidTruly({ parents, children, completions }: Aftermath): void {
  for (const parent of parents) {
    const said = completions.filter(({ parentOrderId }) => parentOrderId === parent.parent_order_id);
    const filled = children
      .filter((child) => child.parent_order_id === parent.parent_order_id)
      .reduce((sum, child) => sum.plus(decimal(child.filled_quantity)), new Decimal(0));
    if (said.length === 1 && decimal(said[0]!.filledQuantity).equals(filled)) continue;
    throw new Violation(
      'the end was said truly',
      `${parent.side} ${parent.quantity} ${parent.symbol}: ${formatDecimal(filled)} filled, and said was ${said.map((each) => each.filledQuantity).join(', ') || 'nothing'}`,
    );
  }
}

/** Opening cash and our fills make the venue's cash, to the cent. */
export function cashEquals(account: string, { openingCash, fills }: Aftermath, venue: VenueBooks): void {
  const expected = fills
    .filter((fill) => fill.account === account)
    .reduce((cash, { side, quantity, price }) => {
      const amount = decimal(quantity).times(decimal(price));
      return side === 'buy' ? cash.minus(amount) : cash.plus(amount);
    }, decimal(openingCash));
  if (expected.equals(venue.cash)) return;
  throw new Violation(
    'cash equals the venue',
    `${account}: our fills leave ${formatDecimal(expected)}, the venue has ${venue.cash}`,
  );
}

/** Nothing halted an account: nobody asked for it, and the rules that do find what cannot be explained. */
export function neverHalted(halts: readonly Halt[]): void {
  const found = halts.find(({ halted }) => halted);
  if (found) throw new Violation('no account is halted', `${found.account}: ${found.reason}`);
}

/** The newest comparison of an account's books with the venue's found no difference. */
export function reconciled(accounts: readonly string[], reconciliations: Aftermath['reconciliations']): void {
  for (const account of accounts) {
    const newest = reconciliations.find((each) => each.account === account);
    if (newest?.status === 'green') continue;
    const what = newest ? `${newest.status}: ${JSON.stringify(newest.breaks)}` : 'it was never compared';
    throw new Violation('books are reconciled', `${account}: ${what}`);
  }
}

/** Facts of a key are numbered from one without a hole, and no id is there twice. */
export function numberedWithoutGaps(sent: readonly SentFact[]): void {
  const numbers = new Map<string, Set<number>>();
  const ids = new Set<string>();
  for (const { event_id, noun, key, key_seq } of sent) {
    if (ids.has(event_id)) throw new Violation('facts are numbered', `${noun} ${key}: ${event_id} was said twice`);
    ids.add(event_id);
    const seen = numbers.get(`${noun} ${key}`) ?? new Set();
    if (seen.has(key_seq))
      throw new Violation('facts are numbered', `${noun} ${key}: number ${key_seq} was given twice`);
    numbers.set(`${noun} ${key}`, seen.add(key_seq));
  }
  for (const [key, seen] of numbers) {
    const last = Math.max(...seen);
    if (last !== seen.size)
      throw new Violation('facts are numbered', `${key} goes to ${last} and has ${seen.size} facts`);
  }
}

/** Nothing was published that was not committed. */
export function saidNothingElse(sent: readonly SentFact[], heard: readonly HeardFact[]): void {
  const ids = new Set(sent.map(({ event_id }) => event_id));
  const strange = heard.find(({ event_id }) => !ids.has(event_id));
  if (strange)
    throw new Violation('only what was committed is said', `${strange.noun} ${strange.key} (${strange.event_id})`);
}

function nothingIsHeld(held: readonly string[]): void {
  if (held.length > 0) throw new Violation('nothing is parked', held.slice(0, 3).join('; '));
}

function atRest(unrest: readonly string[]): void {
  if (unrest.length > 0) throw new Violation('all comes to rest', unrest.slice(0, 5).join('; '));
}

const heldBy = (account: string, fills: Aftermath['fills']): { symbol: string; quantity: string }[] =>
  fills
    .filter((fill) => fill.account === account)
    .map(({ symbol, side, quantity }) => ({ symbol, quantity: side === 'buy' ? quantity : `-${quantity}` }));
