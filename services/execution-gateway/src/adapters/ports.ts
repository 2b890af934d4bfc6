import type { VenueRules } from '../domain/order-terms.js';
import type { VenueGuarantees } from '../domain/settlement.js';
import type {
  PlaceAnswer,
  PlaceRequest,
  VenueBar,
  VenueAccount,
  VenueFee,
  VenueFill,
  VenueOrder,
  VenuePosition,
  VenueQuote,
  VenueUpdate,
} from '../messages.js';

export type { VenueRules } from '../domain/order-terms.js';
export type { VenueGuarantees } from '../domain/settlement.js';

/** Injection token of the {@link Venue}; the simulator puts its own in its place. */
export const VENUE = Symbol('VENUE');

/** Hears the stream of one account. */
export interface StreamListener {
  /** The venue will tell everything from now on. */
  readonly authorised: () => void;
  /** `frame` counts an account's messages where the venue numbers them. Updates that mean nothing to us have none. */
  readonly heard: (update: VenueUpdate | null, frame: number | null) => void;
  /** The stream is gone; nothing more is heard of it. */
  readonly closed: (reason: string) => void;
}

/** What was ordered of a venue could not be learned: a timeout, a 5xx, a broken connection. Nothing is known. */
export interface Deadline {
  /** How long to wait for the answer, in ms of monotonic time; the call is aborted then. */
  readonly deadlineMs: number;
}

/**
 * A place where orders are sent. Prices, quantities and cash are decimal strings.
 * Every method throws where the venue gave no clear answer; `Retryable` where asking again may help.
 */
export interface Venue {
  /** Its name in fills: letters, digits and dashes. */
  readonly name: string;
  /** What it promises; how an order without an answer is settled follows from it. */
  readonly guarantees: VenueGuarantees;
  /** What orders it takes; the others are refused before they are sent. */
  readonly rules: VenueRules;
  /** Sends one order, once. Throws where nobody can say whether it was taken. */
  placeOrder(request: PlaceRequest, options: Deadline): Promise<PlaceAnswer>;
  /** Null where the venue says that it does not know the order. Never asked of a venue without lookup. */
  orderByClientId(account: string, clientOrderId: string): Promise<VenueOrder | null>;
  /** `refused` where the order can no longer be cancelled. */
  cancelOrder(account: string, venueOrderId: string): Promise<'requested' | 'refused' | 'not_found'>;
  openOrders(account: string): Promise<VenueOrder[]>;
  /** Fills at or after a moment, oldest first. */
  fillsSince(account: string, since: string): Promise<VenueFill[]>;
  /** Fees that were booked at or after a moment, oldest first. */
  feesSince(account: string, since: string): Promise<VenueFee[]>;
  positions(account: string): Promise<VenuePosition[]>;
  account(account: string): Promise<VenueAccount>;
  /** Quotes of those symbols that have one. */
  quote(account: string, symbols: readonly string[]): Promise<VenueQuote[]>;
  /** Minutes that began at or after `from` and before `to`, by symbol and time; one without trades has no bar. */
  bars(account: string, symbols: readonly string[], from: string, to: string): Promise<VenueBar[]>;
  /** Opens the stream of an account. The returned function closes it. */
  listen(account: string, listener: StreamListener): () => void;
}

/** Injection token of the {@link VerdictKeys}. */
export const VERDICT_KEYS = Symbol('VERDICT_KEYS');

/** The keys by which risk's signatures are checked. */
export interface VerdictKeys {
  /** Whether a signature (base64) over a text holds under the key of that id. An unknown key holds for nothing. */
  holds(keyId: string, text: string, signature: string): boolean;
}

/** Injection token of the {@link Streams}. */
export const STREAMS = Symbol('STREAMS');

/** The streams of all accounts. */
export interface Streams {
  /** Opens the stream of an account, once, and keeps it open. */
  follow(account: string): void;
  /** Resolves true once the account's stream is authorised, false where it is not within `waitMs`. */
  ready(account: string, waitMs: number): Promise<boolean>;
}
