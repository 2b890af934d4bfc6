import { decimalText, integer } from '@ballast/platform';
import { z } from 'zod';

/** What an operator can set; every variable has a sane default. */
export const AllocatorConfig = z.object({
  ALLOCATOR_METHOD: z
    .enum(['equal_weight', 'inverse_volatility'])
    .default('inverse_volatility')
    .describe('how strategies are weighted against each other'),
  ALLOCATOR_STRATEGY_CAP: decimalText({ min: '0.01', max: '1' })
    .default('0.4')
    .describe('the largest part of equity that one strategy may stand for'),
  ALLOCATOR_CASH_BUFFER: decimalText({ min: '0', max: '0.5' })
    .default('0.02')
    .describe('the part of equity that is never invested, so that prices may move between plan and fill'),
  ALLOCATOR_NAMES_PER_STRATEGY: integer({ min: 1, max: 10_000 })
    .default(20)
    .describe('how many of its best names a strategy holds, in equal parts'),
  ALLOCATOR_TRADE_NOTIONAL_USD_MIN: decimalText({ min: '0' })
    .default('100')
    .describe('trades below this are not worth their cost and are left out'),
});

export type AllocatorConfig = z.infer<typeof AllocatorConfig>;
