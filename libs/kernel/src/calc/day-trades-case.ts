import {
  countDayTrades,
  cureBy,
  dayTradingRule,
  intradayMarginDeficit,
  isPatternDayTrader,
} from '../day-trades/index.js';
import type { DayExecution } from '../day-trades/index.js';
import { decimal, D, formatDecimal, KernelError, sum } from '../money/index.js';
import type { Decimal } from '../money/index.js';
import { decimalAt, listAt, numberAt, objectAt, positiveDecimalAt, textAt } from './fields.js';
import type { Fields } from './fields.js';

/** `B250`, `ABC:S100`. */
const EXECUTION = /^(?:([A-Z][A-Z0-9.]*):)?([BS])(\d+(?:\.\d+)?)$/;
/** `(hold)`, `(hold 100)`, `ABC:(hold -100)`. */
const HOLDING = /^(?:([A-Z][A-Z0-9.]*):)?\(hold(?: (-?\d+(?:\.\d+)?))?\)$/;
const TOKEN = /(?:[A-Z][A-Z0-9.]*:)?\([^)]*\)|\S+/g;

/**
 * - `{trades}` → `{day_trades}`: executions of one day in their order, as a text (`"B250 S100"`, other symbols as `"ABC:B200"`; what was held
 *   overnight first, as `"(hold 100)"`, or `"(hold)"` for as much as is sold before anything is bought) or as a list of
 *   `{symbol?, side, qty}` with `overnight`, shares by symbol.
 * - `{day_trades, total_trades}` over five business days → `{flag}`: a pattern of day trading.
 * - `{date, adopted?}` → `{rule}`: which rule holds on a day for a broker that applies the intraday rule from `adopted` on.
 * - `{equity, maintenance, date?}` → `{deficit, de_minimis, cure_by?}`: the intraday margin deficit, and until when to meet it.
 *
 * Throws `INVALID_INPUT`, `INVALID_TRADES`, `INVALID_COUNT`, `INVALID_DATE`.
 */
export function dayTradesCase(input: Fields): Fields {
  if (input['trades'] !== undefined) return countCase(input);
  if (input['day_trades'] !== undefined) {
    const flag = isPatternDayTrader(
      numberAt('day_trades', input['day_trades']),
      numberAt('total_trades', input['total_trades']),
    );
    return { flag };
  }
  if (input['maintenance'] !== undefined) return deficitCase(input);
  if (input['date'] !== undefined) {
    const adopted = input['adopted'] ?? null;
    return {
      rule: dayTradingRule(textAt('date', input['date']), adopted === null ? null : textAt('adopted', adopted)),
    };
  }
  throw new KernelError(
    'INVALID_INPUT',
    'Give trades, or day_trades and total_trades, or equity and maintenance, or a date.',
  );
}

function countCase(input: Fields): Fields {
  const { trades } = input;
  if (typeof trades === 'string') {
    const { executions, overnight } = parseDay(trades);
    return { day_trades: countDayTrades(executions, overnight) };
  }
  const executions = listAt('trades', trades).map((each, i) => executionAt(`trades[${i}]`, each));
  const held = Object.entries(objectAt('overnight', input['overnight'] ?? {}));
  const overnight = new Map(held.map(([symbol, shares]) => [symbol, decimalAt(`overnight.${symbol}`, shares)]));
  return { day_trades: countDayTrades(executions, overnight) };
}

function deficitCase(input: Fields): Fields {
  const { deficit, deMinimis } = intradayMarginDeficit(
    decimalAt('equity', input['equity']),
    decimalAt('maintenance', input['maintenance']),
  );
  const until = input['date'] === undefined ? {} : { cure_by: cureBy(textAt('date', input['date'])) };
  return { deficit: formatDecimal(deficit), de_minimis: deMinimis, ...until };
}

function executionAt(at: string, value: unknown): DayExecution {
  const { symbol = '', side, qty } = objectAt(at, value);
  if (side !== 'buy' && side !== 'sell') {
    throw new KernelError(
      'INVALID_INPUT',
      `${at}.side must be buy or sell; it is ${JSON.stringify(side) ?? 'missing'}.`,
    );
  }
  return {
    symbol: symbol === '' ? '' : textAt(`${at}.symbol`, symbol),
    side,
    quantity: positiveDecimalAt(`${at}.qty`, qty),
  };
}

interface Day {
  readonly executions: readonly DayExecution[];
  readonly overnight: ReadonlyMap<string, Decimal>;
}

function parseDay(text: string): Day {
  const executions: DayExecution[] = [];
  const held = new Map<string, Decimal | null>();
  for (const token of text.match(TOKEN) ?? []) {
    const execution = EXECUTION.exec(token);
    const holding = HOLDING.exec(token);
    if (execution) {
      const [, symbol = '', side, quantity] = execution;
      executions.push({ symbol, side: side === 'B' ? 'buy' : 'sell', quantity: decimal(quantity!) });
    } else if (holding) {
      held.set(holding[1] ?? '', holding[2] === undefined ? null : new D(holding[2]));
    } else {
      throw new KernelError(
        'INVALID_TRADES',
        `${JSON.stringify(token)} is no trade; write B100, S100, ABC:B100 or (hold 100).`,
      );
    }
  }
  const overnight = [...held].map(([symbol, shares]) => [symbol, shares ?? soldFirst(executions, symbol)] as const);
  return { executions, overnight: new Map(overnight) };
}

/** What is sold of a symbol before anything of it is bought: an overnight position whose size nobody said was at least that. */
function soldFirst(executions: readonly DayExecution[], symbol: string): Decimal {
  const own = executions.filter((each) => each.symbol === symbol);
  const bought = own.findIndex(({ side }) => side === 'buy');
  return sum((bought < 0 ? own : own.slice(0, bought)).map(({ quantity }) => quantity));
}
