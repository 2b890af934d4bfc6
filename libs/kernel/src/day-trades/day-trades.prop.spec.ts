// Goal: laws of counting: no day trade without two sides, never more than changes of direction, mirrored for shorts.
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { D } from '../money/index.js';
import { countDayTrades, dayTradingRule } from './index.js';
import type { DayExecution } from './index.js';

const execution = fc.record({
  symbol: fc.constantFrom('A', 'B'),
  side: fc.constantFrom<'buy' | 'sell'>('buy', 'sell'),
  quantity: fc.integer({ min: 1, max: 300 }).map((n) => new D(n)),
});
const day = fc.array(execution, { maxLength: 20 });
const held = fc.integer({ min: -300, max: 300 });

it('there are never more day trades than changes of direction', () => {
  fc.assert(
    fc.property(day, held, (executions, shares) => {
      const overnight = new Map([['A', new D(shares)]]);
      let changes = 0;
      for (const symbol of ['A', 'B']) {
        const sides = executions.filter((each) => each.symbol === symbol).map(({ side }) => side);
        changes += sides.filter((side, i) => i > 0 && side !== sides[i - 1]).length;
      }
      const count = countDayTrades(executions, overnight);
      expect(count).toBeGreaterThanOrEqual(0);
      expect(count).toBeLessThanOrEqual(changes);
    }),
  );
});

it('a day seen in the mirror has as many', () => {
  const mirrored = ({ side, ...rest }: DayExecution): DayExecution => ({
    ...rest,
    side: side === 'buy' ? 'sell' : 'buy',
  });
  fc.assert(
    fc.property(day, held, (executions, shares) => {
      const count = countDayTrades(executions, new Map([['A', new D(shares)]]));
      expect(countDayTrades(executions.map(mirrored), new Map([['A', new D(-shares)]]))).toBe(count);
    }),
  );
});

it('splitting an execution into pieces changes nothing', () => {
  fc.assert(
    fc.property(day, (executions) => {
      const pieces = executions.flatMap((each) =>
        each.quantity.equals(1)
          ? [each]
          : [
              { ...each, quantity: new D(1) },
              { ...each, quantity: each.quantity.minus(1) },
            ],
      );
      expect(countDayTrades(pieces)).toBe(countDayTrades(executions));
    }),
  );
});

it('once a broker has come to the new rule it does not go back', () => {
  const date = fc
    .integer({ min: 0, max: 1500 })
    .map((n) => new Date(Date.UTC(2025, 0, 1 + n)).toISOString().slice(0, 10));
  fc.assert(
    fc.property(date, date, fc.option(date), (a, b, adopted) => {
      const [early, late] = [a, b].sort() as [string, string];
      if (dayTradingRule(early, adopted) !== 'INTRADAY_MARGIN_4210_d_2') return;
      expect(dayTradingRule(late, adopted)).toBe('INTRADAY_MARGIN_4210_d_2');
    }),
  );
});
