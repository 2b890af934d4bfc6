import { correlation, equalWeight, inverseVolatility, rankAggregation, waterFill } from '../allocation/index.js';
import type { CappedWeights } from '../allocation/index.js';
import { KernelError } from '../money/index.js';
import { listAt, numberAt, objectAt } from './fields.js';
import type { Fields } from './fields.js';

const FUNCTIONS: ReadonlyMap<unknown, (input: Fields) => unknown> = new Map([
  ['water_fill', waterFillCase],
  ['equal_weight', equalWeightCase],
  ['inverse_vol', inverseVolCase],
  ['rank_aggregation', rankAggregationCase],
  ['correlation', correlationCase],
]);

/** `{fn, ...}` → the output of that function in the shapes of the case files. Throws `UNKNOWN_FN`, `INVALID_INPUT`. */
export function allocationCase(input: Fields): unknown {
  const run = FUNCTIONS.get(input['fn']);
  if (!run) {
    const known = [...FUNCTIONS.keys()].join(', ');
    throw new KernelError('UNKNOWN_FN', `${JSON.stringify(input['fn']) ?? 'A missing fn'} is not one of ${known}.`);
  }
  return run(input);
}

function waterFillCase(input: Fields): unknown {
  const raw = listAt('raw', input['raw']).map((weight, i) => numberAt(`raw[${i}]`, weight));
  return cappedRow(waterFill(raw, numberAt('cap', input['cap']), budgetOf(input)));
}

function equalWeightCase(input: Fields): unknown {
  return cappedRow(equalWeight(numberAt('n', input['n']), numberAt('cap', input['cap'])));
}

function inverseVolCase(input: Fields): unknown {
  const vols = listAt('vols', input['vols']).map((vol, i) => (vol === null ? null : numberAt(`vols[${i}]`, vol)));
  const weights = inverseVolatility(vols, numberAt('cap', input['cap']), budgetOf(input));
  return { raw: weights.raw, ...cappedRow(weights) };
}

function rankAggregationCase(input: Fields): unknown {
  const strategies = Object.entries(objectAt('scores', input['scores']));
  const scores = strategies.map(([strategy, bySymbol]) => {
    const at = `scores.${strategy}`;
    const parsed = Object.entries(objectAt(at, bySymbol)).map(([symbol, score]) => {
      return [symbol, numberAt(`${at}.${symbol}`, score)] as const;
    });
    return [strategy, Object.fromEntries(parsed)] as const;
  });
  const { avgRankScore, weights } = rankAggregation(Object.fromEntries(scores));
  return { avg_rank_score: avgRankScore, weights };
}

function correlationCase(input: Fields): unknown {
  const returns = Object.entries(objectAt('returns', input['returns'])).map(([name, series]) => {
    const at = `returns.${name}`;
    const parsed = listAt(at, series).map((value, i) => (value === null ? null : numberAt(`${at}[${i}]`, value)));
    return [name, parsed] as const;
  });
  const { threshold } = input;
  return correlation(
    Object.fromEntries(returns),
    threshold === undefined ? undefined : numberAt('threshold', threshold),
  );
}

function budgetOf({ budget }: Fields): number | undefined {
  return budget === undefined ? undefined : numberAt('budget', budget);
}

function cappedRow({ capped, residualCash, infeasible }: CappedWeights): Fields {
  return { capped, residual_cash: residualCash, infeasible };
}
