import { describe, expect, it } from '@jest/globals';
import type { Explanation } from '../explain.js';
import { renderExplanation } from './explanation.js';

const ORDER = { orderId: '3f9a'.padEnd(32, '0'), symbol: 'AAPL', side: 'buy', quantity: '167' };

const NOTHING_FOUND: Explanation = {
  order: ORDER,
  fills: [],
  parent: null,
  slices: [],
  transitions: null,
  verdict: null,
  checks: null,
  trims: null,
  planHash: null,
  trade: null,
  target: null,
  scores: null,
  prices: null,
  taxImpact: null,
  decision: null,
  cycle: null,
  missing: ['prices: nothing at /api/v1/feeds/snapshots/x'],
};

describe('renderExplanation', () => {
  it('walks from the order back to the prices with every number that was compared', () => {
    const text = renderExplanation({
      order: ORDER,
      fills: [{ executionId: 'e1', price: '144.02' }],
      parent: { quantity: '1000', arrivalPrice: '143.9' },
      slices: [],
      transitions: [{ from: 'sending', to: 'filled' }],
      verdict: { planHash: 'a1', approvedHash: 'b2' },
      checks: [
        {
          code: 'POSITION_SIZE',
          symbol: 'AAPL',
          status: 'passed',
          observed: '0.0961',
          limit: '0.1',
          unit: 'fraction of equity',
          message: 'within',
        },
      ],
      trims: [],
      planHash: 'a1',
      trade: {
        symbol: 'AAPL',
        side: 'buy',
        quantity: '1000',
        referencePrice: '144',
        notional: '144000',
        contributors: [{ strategyId: 'momentum', weight: '0.1' }],
      },
      target: { symbol: 'AAPL', weight: '0.1' },
      scores: [{ strategyId: 'momentum', score: 1.25, rank: 3, of: 250 }],
      prices: { mark: { symbol: 'AAPL', price: '144' }, pricingPackId: 'p1' },
      taxImpact: [],
      decision: { action: 'BUY', reasons: ['target_above_position'] },
      cycle: { cycleId: 'c1', status: 'closed' },
      missing: [],
    });
    expect(text).toBe(`\
1. Order 3f9a0000000000000000000000000000
   orderId   3f9a0000000000000000000000000000
   symbol    AAPL
   side      buy
   quantity  167

   fills
   EXECUTIONID  PRICE
   e1           144.02

2. Parent: what the order is a slice of
   quantity      1000
   arrivalPrice  143.9

3. Life of the order at the venue
   transitions
   FROM     TO
   sending  filled

4. Verdict: what the guardrails compared
   planHash      a1
   approvedHash  b2

   CHECK          SYMBOL  STATUS  OBSERVED  LIMIT  UNIT                MESSAGE
   POSITION_SIZE  AAPL    passed  0.0961    0.1    fraction of equity  within

   not trimmed

5. Tax: what the sale was expected to realise
   no lot is relieved by this order

6. Plan: who wanted it
   plan hash  a1
   target     10.0 % of equity
   trade      buy 1000 at mark 144
   notional   144000

   CONTRIBUTOR  WEIGHT (OF EQUITY)
   momentum                 10.0 %

7. Scores of the strategies
   STRATEGY  SCORE  RANK  OF   REASON
   momentum  1.25   3     250  -

8. Prices that were looked at
   mark.symbol    AAPL
   mark.price     144
   pricingPackId  p1

9. Decision
   action   BUY
   reasons  target_above_position

10. Cycle
   cycleId  c1
   status   closed
`);
  });

  it('says of each step that it is not there, and where it was looked for', () => {
    const text = renderExplanation(NOTHING_FOUND);
    expect(text.match(/not available/g)).toHaveLength(9);
    expect(text).toContain('Not shown\n   prices: nothing at /api/v1/feeds/snapshots/x\n');
  });

  it('shows the slices of a parent order where a child has its parent and its life', () => {
    const text = renderExplanation({
      ...NOTHING_FOUND,
      order: { kind: 'parent', orderId: 'p1' },
      slices: [{ slice: 0 }],
    });
    expect(text).toMatch(/^1\. Order p1\n[^]*2\. Its slices at the venue\n {3}SLICE[^]*\n3\. Verdict/);
  });
});
