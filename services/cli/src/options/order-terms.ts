import { TimeInForce, type OrderTerms } from '@ballast/contracts';
import type { Command } from 'commander';
import { oneOf, price, type Faults } from './values.js';

export interface TermsFlags {
  readonly limit?: string;
  readonly stop?: string;
  readonly trailPrice?: string;
  readonly trailPercent?: string;
  readonly timeInForce?: string;
  readonly extendedHours?: boolean;
}

/** Adds the options by which a person says under what terms an order is wanted. */
export const addTerms = (command: Command): Command =>
  command
    .option('--limit <price>', 'buy at this price or lower, sell at it or higher')
    .option('--stop <price>', 'wait until this price was traded; with --limit a stop-limit order')
    .option('--trail-price <dollars>', 'a stop that follows the best price so many dollars behind')
    .option('--trail-percent <percent>', 'a stop that follows the best price so many percent behind')
    .option('--time-in-force <word>', `how long it is good: ${TimeInForce.options.join(', ')}; day by default`)
    .option('--extended-hours', 'let it trade before the opening and after the close');

/** The terms that the options say; undefined where they say nothing, and the order is worked by slices at the market. */
export function termsOf(faults: Faults, flags: TermsFlags): OrderTerms | undefined {
  const priced = (field: string, text: string | undefined) =>
    text === undefined ? undefined : price(faults, field, text);
  const limitPrice = priced('--limit', flags.limit);
  const stopPrice = priced('--stop', flags.stop);
  const trailPrice = priced('--trail-price', flags.trailPrice);
  const trailPercent = priced('--trail-percent', flags.trailPercent);
  const { timeInForce: word = 'day', extendedHours } = flags;
  const timeInForce = oneOf(faults, '--time-in-force', word, TimeInForce.options) ?? 'day';
  const given = { limitPrice, stopPrice, trailPrice, trailPercent, extendedHours };
  const named = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  if (Object.keys(named).length === 0 && flags.timeInForce === undefined) return undefined;
  return { type: typeOf(flags), timeInForce, ...named };
}

/** The type follows from the prices; which of them go together is for execution to say, in the venue's words. */
function typeOf({ limit, stop, trailPrice, trailPercent }: TermsFlags): OrderTerms['type'] {
  if (trailPrice !== undefined || trailPercent !== undefined) return 'trailing_stop';
  if (stop !== undefined) return limit === undefined ? 'stop' : 'stop_limit';
  return limit === undefined ? 'market' : 'limit';
}
