import type { PlanView } from '../src/plan-view.js';

/** The plan of the day in `fixtures.ts`. */
export const PLAN: PlanView = {
  residualCash: '0.25',
  trades: [
    {
      symbol: 'BRK.B',
      exchange: 'XNYS',
      side: 'sell',
      quantity: '590',
      referencePrice: '169.37',
      notional: '99928.3',
      contributors: [],
    },
    {
      symbol: 'AAPL',
      exchange: 'XNAS',
      side: 'buy',
      quantity: '1000',
      referencePrice: '144',
      notional: '144000',
      contributors: [
        { strategyId: 'momentum', weight: '0.1' },
        { strategyId: 'low-volatility', weight: '0.044' },
      ],
    },
  ],
};
