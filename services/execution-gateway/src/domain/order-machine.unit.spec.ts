import { describe, expect, it } from '@jest/globals';
import { D } from '@ballast/kernel/money';
import { LIFECYCLE_PAGE, lifecyclePage } from '@ballast/testing';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  effectsOfForeign,
  NOT_AT_VENUE,
  step,
  type MachineEvent,
  type OrderMemory,
  type Step,
} from './order-machine.js';
import * as table from './order-table.js';

const {
  EFFECT_MEANING,
  FOREIGN_ROW,
  ORDER_EVENTS,
  ORDER_STATES,
  ORDER_TABLE,
  RULE_MEANING,
  STATE_MEANING,
  STAY_MEANING,
} = table;

const order = (known: Partial<OrderMemory> = {}): OrderMemory => ({
  state: 'planned',
  quantity: new D(10),
  filledQuantity: new D(0),
  venueOrderId: null,
  cancelRequested: false,
  missedAsks: 0,
  held: false,
  standingAt: null,
  code: null,
  ...known,
});

const fill = (quantity: number): MachineEvent => ({ name: 'fill', quantity: new D(quantity), venueOrderId: 'v1' });

const at = (name: 'acknowledged' | 'held' | 'replace_pending' | 'replace_refused', second: number): MachineEvent => ({
  name,
  venueOrderId: 'v1',
  at: `2024-03-04T15:00:0${second}.000Z`,
});

const run = (start: OrderMemory, ...events: MachineEvent[]) =>
  events.reduce<Step>((now, event) => step(now.memory, event), {
    memory: start,
    effects: new Set(),
    stayed: null,
    named: false,
  });

describe('the table of child orders', () => {
  const rows = [...Object.entries(ORDER_TABLE), ['foreign', FOREIGN_ROW] as const];

  it('has an entry for every state and event, each with words that are explained', () => {
    expect(Object.keys(ORDER_TABLE).sort()).toEqual([...ORDER_STATES].sort());
    const explained = { ...STATE_MEANING, ...RULE_MEANING };
    for (const [state, row] of rows) {
      expect([state, Object.keys(row).sort()]).toEqual([state, [...ORDER_EVENTS].sort()]);
      for (const [event, cell] of Object.entries(row)) {
        const led = 'to' in cell ? cell.to in explained : cell.stay in STAY_MEANING;
        expect([state, event, led, cell.effects.every((effect) => effect in EFFECT_MEANING)]).toEqual([
          ...[state, event],
          ...[true, true],
        ]);
      }
    }
  });

  it('counts and guards every fill, and sends from one cell alone', () => {
    for (const [state, row] of rows)
      expect([state, row.fill.effects]).toEqual([state, expect.arrayContaining(['halt'])]);
    const sending = Object.values(ORDER_TABLE).flatMap((row) =>
      Object.values(row).filter((cell) => cell.effects.includes('place') || ('to' in cell && cell.to === 'sending')),
    );
    expect(sending).toEqual([ORDER_TABLE.planned.due]);
  });

  it('is the one that the documentation shows', async () => {
    const root = fileURLToPath(new URL('../../../../', import.meta.url));
    const page = await lifecyclePage(root, table);
    // Where this fails, the table was changed: look at the page again, and write it with "npm run gen".
    expect(readFileSync(join(root, LIFECYCLE_PAGE), 'utf8')).toBe(page);
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
      'rests where the venue holds it, and works when the venue says so later',
      order({ state: 'sending' }),
      [at('held', 1), at('acknowledged', 2)],
      'acknowledged',
      0,
    ],
    [
      'is held again where the venue refused to cancel what it holds',
      order({ state: 'pending_cancel', cancelRequested: true }),
      [at('held', 1), { name: 'cancel_refused' }],
      'held',
      0,
    ],
    [
      'is not moved by an old piece of news about how it stands',
      order({ state: 'sending' }),
      [at('held', 2), at('acknowledged', 1)],
      'held',
      0,
    ],
    ['fills while it is about to be replaced', order({ state: 'pending_replace' }), [fill(4)], 'pending_replace', 4],
    [
      'is cancelled after all once the venue has refused to replace it',
      order({ state: 'pending_replace' }),
      [{ name: 'cancel_requested' }, at('replace_refused', 1)],
      'pending_cancel',
      0,
    ],
    ['counts a late fill after it was replaced', order({ state: 'replaced' }), [fill(3)], 'replaced', 3],
    [
      "never leaves where the venue's rules refuse it",
      order(),
      [{ name: 'refused', code: 'X' }, { name: 'due' }],
      'rejected',
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
    const { memory, effects } = run(start, ...events);
    expect([memory.state, memory.filledQuantity.toNumber(), effects.has('halt')]).toEqual([state, filled, false]);
  });

  it('names NOT_AT_VENUE as our own conclusion, which the venue may still contradict', () => {
    const gone = run(order({ state: 'unknown' }), { name: 'not_at_venue' }, { name: 'not_at_venue' });
    expect(gone.memory.code).toBe(NOT_AT_VENUE);
    const back = step(gone.memory, { name: 'found_at_venue', venueOrderId: 'v1' });
    expect([back.memory.state, back.memory.code, back.effects.has('alarm')]).toEqual(['acknowledged', null, true]);
  });

  it('does not reopen what the venue itself rejected', () => {
    const rejected = run(order({ state: 'sending' }), { name: 'rejected', code: '40310000' });
    const later = step(rejected.memory, { name: 'acknowledged', venueOrderId: 'v1' });
    expect([later.memory.state, later.memory.code, later.effects.has('alarm')]).toEqual([
      'rejected',
      '40310000',
      false,
    ]);
  });

  it('flags more than was ordered, in any state', () => {
    for (const state of ORDER_STATES) {
      const { effects, memory } = run(order({ state }), fill(8), fill(3));
      expect([state, effects.has('halt'), memory.filledQuantity.toNumber()]).toEqual([state, true, 11]);
    }
  });

  it('tells once that the venue has named it', () => {
    const first = step(order({ state: 'sending' }), fill(1));
    const second = step(first.memory, { name: 'acknowledged', venueOrderId: 'v1' });
    expect([first.named, second.named]).toEqual([true, false]);
  });

  it('says why nothing changed', () => {
    const why = (state: OrderMemory['state'], event: MachineEvent) => step(order({ state }), event).stayed;
    expect(why('acknowledged', { name: 'acknowledged' })).toBe('repeat');
    expect(why('acknowledged', { name: 'due' })).toBe('sent');
    expect(why('cancelled', { name: 'cancel_requested' })).toBe('ended');
    expect(why('unknown', { name: 'cancel_requested' })).toBe('noted');
    expect(
      step(order({ state: 'held', held: true, standingAt: '2024-03-04T15:00:02.000Z' }), at('acknowledged', 1)).stayed,
    ).toBe('late');
  });

  it('tells a person when somebody else replaced it', () => {
    const { memory, effects } = step(order({ state: 'acknowledged' }), { name: 'replaced' });
    expect([memory.state, [...effects]]).toEqual(['replaced', ['alarm']]);
  });

  it('halts for a fill that is none of ours, and for nothing else of a foreign order', () => {
    expect(ORDER_EVENTS.filter((event) => effectsOfForeign(event).has('halt'))).toEqual(['fill']);
  });
});
