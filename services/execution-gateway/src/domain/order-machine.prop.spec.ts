import { describe, expect, it } from '@jest/globals';
import { D } from '@ballast/kernel/money';
import fc from 'fast-check';
import { isEnd, step, type MachineEvent, type OrderMemory, type Step } from './order-machine.js';
import { ORDER_EVENTS } from './order-table.js';

const QUANTITY = 100;

const news = fc
  .constantFrom(...ORDER_EVENTS.filter((name) => name !== 'fill'))
  .map((name): MachineEvent => ({ name, venueOrderId: name === 'acknowledged' ? 'v1' : null }));
const fills = fc
  .integer({ min: 1, max: 60 })
  .map((quantity): MachineEvent => ({ name: 'fill', quantity: new D(quantity), venueOrderId: 'v1' }));
const stories = fc.array(fc.oneof({ weight: 3, arbitrary: news }, { weight: 1, arbitrary: fills }), { maxLength: 30 });

const planned: OrderMemory = {
  state: 'planned',
  quantity: new D(QUANTITY),
  filledQuantity: new D(0),
  venueOrderId: null,
  cancelRequested: false,
  missedAsks: 0,
  held: false,
  standingAt: null,
  code: null,
};

const tell = (events: readonly MachineEvent[]): Step[] => {
  const steps: Step[] = [];
  for (const event of events) steps.push(step(steps.at(-1)?.memory ?? planned, event));
  return steps;
};

const total = (events: readonly MachineEvent[]): number =>
  events.reduce((sum, event) => sum + (event.name === 'fill' ? event.quantity.toNumber() : 0), 0);

describe('a child order, whatever comes in whatever order', () => {
  it('has filled exactly what the venue filled, and more than ordered only with a halt', () => {
    fc.assert(
      fc.property(stories, (events) => {
        const steps = tell(events);
        const filled = steps.at(-1)?.memory.filledQuantity.toNumber() ?? 0;
        expect(filled).toBe(total(events));
        expect(filled > QUANTITY).toBe(steps.some(({ effects }) => effects.has('halt')));
      }),
    );
  });

  it('ends with the same filled quantity in every order of the same news', () => {
    const shuffled = stories.chain((events) =>
      fc.tuple(fc.constant(events), fc.shuffledSubarray(events, { minLength: events.length })),
    );
    fc.assert(
      fc.property(shuffled, ([one, other]) => {
        const filled = (events: readonly MachineEvent[]) => tell(events).at(-1)?.memory.filledQuantity.toFixed();
        expect(filled(other)).toBe(filled(one));
      }),
    );
  });

  it('never unfills, and calls itself filled exactly when the whole quantity has filled', () => {
    fc.assert(
      fc.property(stories, (events) => {
        let before = 0;
        for (const { memory } of tell(events)) {
          const now = memory.filledQuantity.toNumber();
          expect(now).toBeGreaterThanOrEqual(before);
          if (memory.state === 'filled') expect(now).toBeGreaterThanOrEqual(QUANTITY);
          if (now >= QUANTITY) expect(memory.state).toBe('filled');
          before = now;
        }
      }),
    );
  });

  it('leaves once at the most: nothing leads back to sending, and nothing else sends', () => {
    fc.assert(
      fc.property(stories, (events) => {
        const steps = tell(events);
        const states = steps.map(({ memory }) => memory.state);
        const entries = states.filter((state, i) => state === 'sending' && (states[i - 1] ?? 'planned') !== 'sending');
        expect(entries.length).toBeLessThanOrEqual(1);
        expect(steps.filter(({ effects }) => effects.has('place'))).toHaveLength(entries.length);
      }),
    );
  });

  it('changes nothing when the same news comes twice, but for the second time that the venue does not know it', () => {
    const once = fc.tuple(
      stories,
      news.filter((event) => event.name !== 'not_at_venue'),
    );
    fc.assert(
      fc.property(once, ([events, event]) => {
        const [first, second] = tell([...events, event, event]).slice(-2);
        expect({ ...second!.memory, filledQuantity: '' }).toEqual({ ...first!.memory, filledQuantity: '' });
      }),
    );
  });
});

/** What the venue tells of one order: fills by execution id, so that one that is told twice is known. */
type Told = { readonly executionId: string | null; readonly event: MachineEvent };

const at = (i: number): string => `2024-03-04T15:${String(i).padStart(2, '0')}:00.000Z`;

/** A true history: the venue takes the order, holds, works and fills it as it likes, and may end it. */
const histories = fc
  .record({
    standings: fc.array(fc.constantFrom('acknowledged', 'held', 'replace_pending', 'replace_refused'), {
      maxLength: 5,
    }),
    fills: fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 4 }),
    end: fc.constantFrom('cancelled', 'expired', 'replaced', null),
    refusesCancel: fc.boolean(),
    noAnswer: fc.boolean(),
  })
  .map(({ standings, fills: quantities, end, refusesCancel, noAnswer }): Told[] => {
    const told: Told[] = (['acknowledged', ...standings] as const).map((name, i) => ({
      executionId: null,
      event: { name, venueOrderId: 'v1', at: at(i) },
    }));
    let left = QUANTITY;
    for (const [i, wanted] of quantities.entries()) {
      const quantity = Math.min(wanted, left);
      left -= quantity;
      if (quantity === 0) continue;
      told.push({ executionId: `e${i}`, event: { name: 'fill', quantity: new D(quantity), venueOrderId: 'v1' } });
    }
    if (refusesCancel) told.push({ executionId: null, event: { name: 'cancel_refused' } });
    if (end !== null && left > 0) told.push({ executionId: null, event: { name: end, venueOrderId: 'v1', code: end } });
    return noAnswer ? [{ executionId: null, event: { name: 'no_answer' } }, ...told] : told;
  });

/** What is left of an order once a history was told; fills that were counted before are dropped, as where they are booked. */
function after(history: readonly Told[], cancels: boolean): unknown {
  const ours: MachineEvent[] = [{ name: 'due' }, ...(cancels ? [{ name: 'cancel_requested' } as const] : [])];
  const seen = new Set<string>();
  const events = history.flatMap(({ executionId, event }) => {
    if (executionId !== null && seen.has(executionId)) return [];
    if (executionId !== null) seen.add(executionId);
    return [event];
  });
  const steps = tell([...ours, ...events]);
  const { state, filledQuantity, code, venueOrderId } = steps.at(-1)!.memory;
  return {
    state,
    filled: filledQuantity.toFixed(),
    code: isEnd(state) ? code : null,
    venueOrderId,
    halted: steps.some(({ effects }) => effects.has('halt')),
  };
}

describe('a true history of what the venue did', () => {
  it('ends in the same state with the same fills, in whatever order and however often it is told', () => {
    const told = histories.chain((history) =>
      fc.tuple(
        fc.constant(history),
        fc
          .array(fc.constantFrom(...history), { maxLength: 6 })
          .chain((again) => fc.shuffledSubarray([...history, ...again], { minLength: history.length + again.length })),
        fc.boolean(),
      ),
    );
    fc.assert(
      fc.property(told, ([history, mixed, cancels]) => {
        expect(after(mixed, cancels)).toEqual(after(history, cancels));
        expect(after(history, cancels)).toMatchObject({ halted: false });
      }),
      { numRuns: 2_000 },
    );
  });
});
