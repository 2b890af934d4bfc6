import { describe, expect, it } from '@jest/globals';
import { D } from '@ballast/kernel/money';
import fc from 'fast-check';
import { ORDER_EVENTS, step, type MachineEvent, type OrderMemory, type Step } from './order-machine.js';

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
  it('has filled exactly what the venue filled, and more than ordered only with a flag', () => {
    fc.assert(
      fc.property(stories, (events) => {
        const steps = tell(events);
        const filled = steps.at(-1)?.memory.filledQuantity.toNumber() ?? 0;
        expect(filled).toBe(total(events));
        expect(filled > QUANTITY).toBe(steps.some((each) => each.overfilled));
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

  it('leaves once at the most: nothing leads back to sending', () => {
    fc.assert(
      fc.property(stories, (events) => {
        const states = tell(events).map(({ memory }) => memory.state);
        const entries = states.filter((state, i) => state === 'sending' && (states[i - 1] ?? 'planned') !== 'sending');
        expect(entries.length).toBeLessThanOrEqual(1);
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
