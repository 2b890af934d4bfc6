/** What is known of a child order. The last five are ends. */
export const ORDER_STATES = [
  'planned',
  'sending',
  'unknown',
  'held',
  'acknowledged',
  'partially_filled',
  'pending_replace',
  'pending_cancel',
  'filled',
  'cancelled',
  'replaced',
  'rejected',
  'expired',
] as const;
export type OrderState = (typeof ORDER_STATES)[number];

/** What a state means, for whoever reads the table. */
export const STATE_MEANING: Readonly<Record<OrderState, string>> = {
  planned: 'it has a due time and has not left',
  sending: 'it is committed to leaving; the venue is being called',
  unknown: 'the call got no answer: the venue may have it or not, and is asked',
  held: 'the venue has it and does not work it for now: a leg that waits for its entry, a suspended order',
  acknowledged: 'the venue works it; nothing has filled',
  partially_filled: 'the venue works it; some has filled',
  pending_replace: 'somebody asked the venue to replace it; cancels are refused meanwhile',
  pending_cancel: 'its cancel is wanted and not confirmed; it may still fill',
  filled: 'the whole quantity has filled',
  cancelled: 'it was taken back, or never left',
  replaced: 'another order, which is not ours, took its place at the venue',
  rejected: 'the venue, its rules or our own proof say that there is no such order',
  expired: 'its time in force ran out',
};

/** What can happen to a child order, in our words; adapters translate their venue's into these. */
export const ORDER_EVENTS = [
  'due',
  'refused',
  'acknowledged',
  'held',
  'fill',
  'rejected',
  'expired',
  'cancelled',
  'cancel_requested',
  'cancel_refused',
  'replace_pending',
  'replace_refused',
  'replaced',
  'no_answer',
  'found_at_venue',
  'not_at_venue',
  'not_shown',
  'deferred',
] as const;
export type OrderEventName = (typeof ORDER_EVENTS)[number];

export const EVENT_MEANING: Readonly<Record<OrderEventName, string>> = {
  due: 'its moment has come and nothing stands against it',
  refused: "the venue's rules, looked at here, do not allow it: nothing is sent",
  acknowledged: 'the venue has it and works it',
  held: 'the venue has it and does not work it now',
  fill: 'some of it was executed; a fill that was counted before does not come here',
  rejected: 'the venue says no',
  expired: 'the venue says that its time ran out',
  cancelled: 'the venue says that it was taken back',
  cancel_requested: 'a person or a rule wants it cancelled',
  cancel_refused: 'the venue does not cancel it',
  replace_pending: 'the venue is about to replace it',
  replace_refused: 'the venue does not replace it',
  replaced: 'the venue has replaced it',
  no_answer: 'the call that sent it ended without an answer',
  found_at_venue: 'asked for it, the venue shows it as working',
  not_at_venue: 'asked for it, the venue does not know it',
  not_shown: 'a venue that cannot be asked for it by our name does not list it, which proves nothing',
  deferred: 'the venue certainly did not take it, and may be asked again later',
};

/** Where a cell leads whose end hangs on more than the state. */
export const RULE_MEANING = {
  working:
    'pending_cancel where a cancel is wanted, held where the venue holds it, else partially_filled or acknowledged by what has filled',
  by_quantity: 'filled once the whole quantity has filled, else as `working`',
  unless_whole: 'filled once the whole quantity has filled, else the state it is in',
  asked: 'unknown, and rejected as NOT_AT_VENUE at the second time',
  unheard: 'unknown, unless the venue has named the order or filled some of it',
  reopened: 'as `working` where only we had concluded NOT_AT_VENUE, else the rejection stands',
} as const;
export type Rule = keyof typeof RULE_MEANING;

/** Why an event leaves an order in its state: the named no-ops and refusals. */
export const STAY_MEANING = {
  repeat: 'it is so already',
  late: 'older than what is known: it stands',
  silent: 'it says nothing of where the order stands',
  not_sent: 'it has not left, so this cannot be about it',
  sent: 'refused: it has left, and leaves once',
  ended: 'refused: it has ended, and nothing can be asked of it',
  noted: 'the wish is kept, and acted on as soon as the venue lets it',
  foreign: 'it is no order of ours',
} as const;
export type Stay = keyof typeof STAY_MEANING;

/** What a step sets going, and when. */
export const EFFECT_MEANING = {
  place: 'the order is sent, once',
  ask: 'where it is unknown then: the venue is asked for it a settle window later',
  cancel: 'where it is pending_cancel then, and has just become so or been named: the venue is asked to cancel it',
  retry:
    'where no cancel is wanted, and it never left or the venue dedupes and can be asked: the next attempt is planned, under an id of its own',
  book: 'the fill is counted and said',
  halt: 'where more has filled than was ordered, or what filled is not ours: the account stops',
  alarm: 'it should not have happened; it is believed, and a person is told',
} as const;
export type Effect = keyof typeof EFFECT_MEANING;

/** One cell of the table: where an event leads from a state, or why it leads nowhere, and what it sets going. */
export type Cell =
  | { readonly to: OrderState | Rule; readonly effects: readonly Effect[] }
  | { readonly stay: Stay; readonly effects: readonly Effect[] };

export type Row = Readonly<Record<OrderEventName, Cell>>;

const to = (target: OrderState | Rule, ...effects: Effect[]): Cell => ({ to: target, effects });
const stay = (why: Stay, ...effects: Effect[]): Cell => ({ stay: why, effects });

/** An end: only fills still count. */
const ENDED: Row = {
  due: stay('ended'),
  refused: stay('ended'),
  acknowledged: stay('late'),
  held: stay('late'),
  fill: to('unless_whole', 'book', 'halt'),
  rejected: stay('late'),
  expired: stay('late'),
  cancelled: stay('late'),
  cancel_requested: stay('ended'),
  cancel_refused: stay('late'),
  replace_pending: stay('late'),
  replace_refused: stay('late'),
  replaced: stay('late'),
  no_answer: stay('late'),
  found_at_venue: stay('late'),
  not_at_venue: stay('late'),
  not_shown: stay('late'),
  deferred: stay('late'),
};

/** An order that the venue has confirmed and works. */
const WORKING: Row = {
  due: stay('sent'),
  refused: stay('sent'),
  acknowledged: stay('repeat'),
  held: to('working'),
  fill: to('by_quantity', 'book', 'halt'),
  rejected: to('rejected'),
  expired: to('expired'),
  cancelled: to('cancelled'),
  cancel_requested: to('pending_cancel', 'cancel'),
  cancel_refused: stay('repeat'),
  replace_pending: to('pending_replace'),
  replace_refused: stay('repeat'),
  replaced: to('replaced', 'alarm'),
  no_answer: stay('late'),
  found_at_venue: stay('repeat'),
  not_at_venue: stay('silent', 'alarm'),
  not_shown: stay('silent'),
  deferred: stay('late', 'alarm'),
};

/** Every state and every event. What a venue says of an order that we have not sent is believed: our books may be old. */
export const ORDER_TABLE: Readonly<Record<OrderState, Row>> = {
  planned: {
    due: to('sending', 'place'),
    refused: to('rejected'),
    acknowledged: to('working', 'alarm'),
    held: to('working', 'alarm'),
    fill: to('by_quantity', 'book', 'halt', 'alarm'),
    rejected: to('rejected', 'alarm'),
    expired: to('expired', 'alarm'),
    cancelled: to('cancelled', 'alarm'),
    cancel_requested: to('cancelled'),
    cancel_refused: stay('not_sent'),
    replace_pending: to('pending_replace', 'alarm'),
    replace_refused: to('working', 'alarm'),
    replaced: to('replaced', 'alarm'),
    no_answer: stay('not_sent'),
    found_at_venue: to('working', 'alarm'),
    not_at_venue: stay('not_sent'),
    not_shown: stay('not_sent'),
    deferred: stay('not_sent'),
  },
  sending: {
    due: stay('sent'),
    refused: stay('sent'),
    acknowledged: to('working'),
    held: to('working'),
    fill: to('by_quantity', 'book', 'halt'),
    rejected: to('rejected'),
    expired: to('expired'),
    cancelled: to('cancelled'),
    cancel_requested: to('pending_cancel', 'cancel'),
    cancel_refused: stay('silent'),
    replace_pending: to('pending_replace'),
    replace_refused: to('working'),
    replaced: to('replaced', 'alarm'),
    no_answer: to('unknown', 'ask'),
    found_at_venue: to('working'),
    not_at_venue: stay('silent'),
    not_shown: stay('silent'),
    deferred: to('cancelled', 'retry'),
  },
  unknown: {
    due: stay('sent'),
    refused: stay('sent'),
    acknowledged: to('working', 'cancel'),
    held: to('working', 'cancel'),
    fill: to('by_quantity', 'book', 'halt', 'cancel'),
    rejected: to('rejected'),
    expired: to('expired'),
    cancelled: to('cancelled'),
    cancel_requested: stay('noted'),
    cancel_refused: stay('silent'),
    replace_pending: to('pending_replace'),
    replace_refused: to('working', 'cancel'),
    replaced: to('replaced', 'alarm'),
    no_answer: stay('repeat'),
    found_at_venue: to('working', 'cancel'),
    not_at_venue: to('asked', 'ask'),
    not_shown: stay('silent', 'ask'),
    deferred: stay('silent', 'alarm'),
  },
  held: {
    ...WORKING,
    acknowledged: to('working'),
    held: stay('repeat'),
    replace_refused: to('working'),
    found_at_venue: to('working'),
  },
  acknowledged: WORKING,
  partially_filled: { ...WORKING, rejected: to('rejected', 'alarm') },
  pending_replace: {
    ...WORKING,
    acknowledged: to('working', 'cancel'),
    held: to('working', 'cancel'),
    fill: to('unless_whole', 'book', 'halt'),
    cancel_requested: stay('noted'),
    replace_pending: stay('repeat'),
    replace_refused: to('working', 'cancel'),
    found_at_venue: to('working', 'cancel'),
  },
  pending_cancel: {
    ...WORKING,
    acknowledged: stay('repeat', 'cancel'),
    held: stay('noted', 'cancel'),
    fill: to('by_quantity', 'book', 'halt', 'cancel'),
    cancel_requested: stay('repeat'),
    cancel_refused: to('working'),
    replace_refused: stay('repeat', 'cancel'),
    no_answer: to('unheard', 'ask'),
    found_at_venue: stay('repeat', 'cancel'),
    not_at_venue: stay('silent'),
    deferred: to('cancelled'),
  },
  filled: { ...ENDED, rejected: stay('late', 'alarm') },
  cancelled: { ...ENDED, cancelled: stay('repeat') },
  replaced: { ...ENDED, replaced: stay('repeat') },
  rejected: {
    ...ENDED,
    acknowledged: to('reopened', 'alarm', 'cancel'),
    held: to('reopened', 'alarm', 'cancel'),
    fill: to('reopened', 'book', 'halt', 'alarm', 'cancel'),
    rejected: stay('repeat'),
    replace_pending: to('reopened', 'alarm', 'cancel'),
    replace_refused: to('reopened', 'alarm', 'cancel'),
    found_at_venue: to('reopened', 'alarm', 'cancel'),
  },
  expired: { ...ENDED, expired: stay('repeat') },
};

/** An order at the venue that is none of ours: what it does is not ours to follow, but what fills is in our account. */
export const FOREIGN_ROW: Row = {
  ...(Object.fromEntries(ORDER_EVENTS.map((event) => [event, stay('foreign')])) as Record<OrderEventName, Cell>),
  fill: stay('foreign', 'halt', 'alarm'),
};
