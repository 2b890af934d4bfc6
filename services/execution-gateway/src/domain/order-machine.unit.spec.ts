import { describe, expect, it } from '@jest/globals';
import { D } from '@ballast/kernel/money';
import {
  NOT_AT_VENUE,
  ORDER_EVENTS,
  ORDER_STATES,
  ORDER_TABLE,
  step,
  type MachineEvent,
  type OrderMemory,
} from './order-machine.js';

const order = (known: Partial<OrderMemory> = {}): OrderMemory => ({
  state: 'planned',
  quantity: new D(10),
  filledQuantity: new D(0),
  venueOrderId: null,
  cancelRequested: false,
  missedAsks: 0,
  code: null,
  ...known,
});

const fill = (quantity: number): MachineEvent => ({ name: 'fill', quantity: new D(quantity), venueOrderId: 'v1' });

const run = (start: OrderMemory, ...events: MachineEvent[]) =>
  events.reduce((now, event) => step(now.memory, event), {
    memory: start,
    overfilled: false,
    anomaly: false,
    named: false,
  });

const printed = (): string => {
  const column = (texts: readonly string[]) => Math.max(...texts.map((text) => text.length));
  const head = ['', ...ORDER_STATES];
  const rows = ORDER_EVENTS.map((event) => [event, ...ORDER_STATES.map((state) => ORDER_TABLE[state][event])]);
  const widths = head.map((_, i) => column([head, ...rows].map((row) => row[i]!)));
  return [head, ...rows]
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join(' ')
        .trimEnd(),
    )
    .join('\n');
};

describe('the table of child orders', () => {
  it('reads as agreed', () => {
    expect(`\n${printed()}\n`).toBe(`
                 planned      sending        unknown     acknowledged   partially_filled pending_cancel filled    cancelled rejected  expired
due              sending      same           same        same           same             same           same      same      same      same
acknowledged     working!     working        working     same           same             same           same      same      reopened! same
fill             by_quantity! by_quantity    by_quantity by_quantity    by_quantity      by_quantity    late_fill late_fill reopened! late_fill
rejected         rejected!    rejected       rejected    rejected       rejected!        rejected       same!     same      same      same
expired          expired!     expired        expired     expired        expired          expired        same      same      same      same
cancelled        cancelled!   cancelled      cancelled   cancelled      cancelled        cancelled      same      same      same      same
cancel_requested cancelled    pending_cancel same        pending_cancel pending_cancel   same           same      same      same      same
cancel_refused   same         same           same        same           same             working        same      same      same      same
no_answer        same         unknown        same        same           same             unheard        same      same      same      same
found_at_venue   working!     working        working     same           same             same           same      same      reopened! same
not_at_venue     same         same           asked       same!          same!            same           same      same      same      same
deferred         same         cancelled      same!       same!          same!            cancelled      same      same      same      same
`);
  });
});

describe('a child order', () => {
  it.each([
    ['leaves when it is due', order(), [{ name: 'due' }], 'sending', 0],
    ['is acknowledged', order({ state: 'sending' }), [{ name: 'acknowledged', venueOrderId: 'v1' }], 'acknowledged', 0],
    ['fills in parts', order({ state: 'acknowledged' }), [fill(4)], 'partially_filled', 4],
    ['fills whole', order({ state: 'acknowledged' }), [fill(4), fill(6)], 'filled', 10],
    [
      'is taken as acknowledged by a fill that comes first',
      order({ state: 'sending' }),
      [fill(3)],
      'partially_filled',
      3,
    ],
    [
      'keeps its fill when the call gets no answer afterwards',
      order({ state: 'sending' }),
      [fill(3), { name: 'no_answer' }],
      'partially_filled',
      3,
    ],
    ['counts a late fill after a cancel', order({ state: 'cancelled' }), [fill(3)], 'cancelled', 3],
    ['is filled by late fills that make it whole', order({ state: 'cancelled' }), [fill(3), fill(7)], 'filled', 10],
    [
      'keeps partial fills when it expires',
      order({ state: 'partially_filled', filledQuantity: new D(4) }),
      [{ name: 'expired' }],
      'expired',
      4,
    ],
    [
      'does not reopen when an old acknowledgement comes late',
      order({ state: 'cancelled' }),
      [{ name: 'acknowledged', venueOrderId: 'v1' }],
      'cancelled',
      0,
    ],
    [
      'stays unknown when the venue once does not know it',
      order({ state: 'unknown' }),
      [{ name: 'not_at_venue' }],
      'unknown',
      0,
    ],
    [
      'is rejected when the venue twice does not know it',
      order({ state: 'unknown' }),
      [{ name: 'not_at_venue' }, { name: 'not_at_venue' }],
      'rejected',
      0,
    ],
    ['is cancelled at once while only planned', order(), [{ name: 'cancel_requested' }], 'cancelled', 0],
    [
      'keeps the wish to cancel while unknown',
      order({ state: 'unknown' }),
      [{ name: 'cancel_requested' }, { name: 'found_at_venue', venueOrderId: 'v1' }],
      'pending_cancel',
      0,
    ],
    [
      'may fill while a cancel is under way',
      order({ state: 'pending_cancel', cancelRequested: true }),
      [fill(4)],
      'pending_cancel',
      4,
    ],
    [
      'works on when the venue refuses to cancel',
      order({ state: 'pending_cancel', cancelRequested: true, filledQuantity: new D(2) }),
      [{ name: 'cancel_refused' }],
      'partially_filled',
      2,
    ],
    [
      'is unknown when a cancel overtook a call without answer',
      order({ state: 'sending' }),
      [{ name: 'cancel_requested' }, { name: 'no_answer' }],
      'unknown',
      0,
    ],
    [
      'is void when the venue certainly did not take it',
      order({ state: 'sending' }),
      [{ name: 'deferred' }],
      'cancelled',
      0,
    ],
  ] as [string, OrderMemory, MachineEvent[], string, number][])('%s', (_, start, events, state, filled) => {
    const { memory, overfilled } = run(start, ...events);
    expect([memory.state, memory.filledQuantity.toNumber(), overfilled]).toEqual([state, filled, false]);
  });

  it('names NOT_AT_VENUE as our own conclusion, which the venue may still contradict', () => {
    const gone = run(order({ state: 'unknown' }), { name: 'not_at_venue' }, { name: 'not_at_venue' });
    expect(gone.memory.code).toBe(NOT_AT_VENUE);
    const back = step(gone.memory, { name: 'found_at_venue', venueOrderId: 'v1' });
    expect([back.memory.state, back.memory.code, back.anomaly]).toEqual(['acknowledged', null, true]);
  });

  it('does not reopen what the venue itself rejected', () => {
    const rejected = run(order({ state: 'sending' }), { name: 'rejected', code: '40310000' });
    const later = step(rejected.memory, { name: 'acknowledged', venueOrderId: 'v1' });
    expect([later.memory.state, later.memory.code, later.anomaly]).toEqual(['rejected', '40310000', false]);
  });

  it('flags more than was ordered, in any state', () => {
    for (const state of ORDER_STATES) {
      const { overfilled, memory } = run(order({ state }), fill(8), fill(3));
      expect([state, overfilled, memory.filledQuantity.toNumber()]).toEqual([state, true, 11]);
    }
  });

  it('tells once that the venue has named it', () => {
    const first = step(order({ state: 'sending' }), fill(1));
    const second = step(first.memory, { name: 'acknowledged', venueOrderId: 'v1' });
    expect([first.named, second.named]).toEqual([true, false]);
  });
});
