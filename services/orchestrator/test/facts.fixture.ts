import type { Mark, Trade } from '@ballast/contracts';

/** A mark of 10 dollars. */
export const mark = (symbol: string, quality = 1): Mark => ({
  symbol,
  exchange: 'XNYS',
  price: '10',
  sector: null,
  adv: null,
  quality,
});

/** A buy at 10 dollars. */
export const trade = (symbol: string, quantity: string): Trade => ({
  symbol,
  exchange: 'XNYS',
  side: 'buy',
  quantity,
  referencePrice: '10',
  notional: '10',
  contributors: [],
});
