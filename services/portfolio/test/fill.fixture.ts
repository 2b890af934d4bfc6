import type { Fill } from '../src/domain/fill.js';

/** A fill of ten AAA at 5, for specs; the fields given stand instead. */
export const fillFixture = (given: Partial<Fill> = {}): Fill => ({
  venue: 'paper',
  executionId: 'e1',
  clientOrderId: '0123456789abcdef0123456789abcdef',
  parentOrderId: '00000000-0000-5000-8000-000000000001',
  cycleId: '00000000-0000-5000-8000-000000000002',
  portfolioId: 'main',
  symbol: 'AAA',
  side: 'buy',
  quantity: '10',
  price: '5',
  fees: '0',
  filledAt: '2026-11-20T15:00:00.000Z',
  ...given,
});
