import { formatDecimal, KernelError } from '../money/index.js';
import type { Decimal } from '../money/index.js';
import {
  bandsFor,
  gaussianMultiplier,
  gaussianShortfall,
  historicalTailLoss,
  marginPurchase,
  marketWideHalt,
  shortDepositOf,
  stressByBeta,
  studentShortfall,
  tailOf,
  volatilityScale,
} from '../risk-measures/index.js';
import type { BetaPosition, HaltLevel } from '../risk-measures/index.js';
import { decimalAt, listAt, numberAt, objectAt, positiveDecimalAt } from './fields.js';
import type { Fields } from './fields.js';

/** Minutes before the close from which bands are doubled. */
const LAST_MINUTES = 25;
const CLOSE = '16:00';
const WALL_TIME = /^([01]\d|2[0-3]):([0-5]\d)$/;

const FUNCTIONS: ReadonlyMap<unknown, (input: Fields) => Fields> = new Map([
  ['cvar_historical', historicalCase],
  ['es_gaussian', gaussianCase],
  ['es_student_t', studentCase],
  ['stress_beta', stressCase],
  ['vol_target', volatilityCase],
  ['regt_long', longCase],
  ['regt_short', shortCase],
  ['luld', bandsCase],
  ['market_wide_halt', haltCase],
]);

/**
 * `{fn, ...}` → what `ballast calc risk-measures --help` says of that function. Money is written as decimal strings, everything else
 * is numbers. Throws `UNKNOWN_FN`, `INVALID_INPUT`, `INVALID_DECIMAL` and what the measures throw.
 */
export function riskMeasuresCase(input: Fields): Fields {
  const run = FUNCTIONS.get(input['fn']);
  if (!run) {
    const known = [...FUNCTIONS.keys()].join(', ');
    throw new KernelError('UNKNOWN_FN', `${JSON.stringify(input['fn']) ?? 'A missing fn'} is not one of ${known}.`);
  }
  return run(input);
}

/** A tail below one observation is answered by the worst loss and says so: it tells nothing of what lies beyond. */
function historicalCase(input: Fields): Fields {
  const returns = listAt('returns', input['returns']).map((value, i) => numberAt(`returns[${i}]`, value));
  const tail = tailOf(returns.length, numberAt('alpha', input['alpha']));
  const { valueAtRisk, shortfall } = historicalTailLoss(returns, tail);
  return { VaR: valueAtRisk, CVaR: shortfall, ...(tail.sufficient ? {} : { code: 'INSUFFICIENT_TAIL' }) };
}

function gaussianCase(input: Fields): Fields {
  const confidence = numberAt('confidence', input['confidence']);
  const { valueAtRisk, shortfall } = gaussianShortfall(momentsOf(input), confidence);
  return { VaR: valueAtRisk, ES: shortfall, es_multiplier: gaussianMultiplier(confidence) };
}

function studentCase(input: Fields): Fields {
  const confidence = numberAt('confidence', input['confidence']);
  const { valueAtRisk, shortfall } = studentShortfall(momentsOf(input), numberAt('nu', input['nu']), confidence);
  return { VaR: valueAtRisk, ES: shortfall };
}

const momentsOf = (input: Fields) => ({
  mean: numberAt('mu', input['mu']),
  deviation: numberAt('sigma', input['sigma']),
});

/** Weights and betas are two lists in the same order, or two objects by symbol. */
function stressCase(input: Fields): Fields {
  const positions = Array.isArray(input['weights']) ? listedPositions(input) : namedPositions(input);
  const equity = decimalAt('equity', input['equity']);
  return { pnl: formatDecimal(stressByBeta(positions, decimalAt('shock', input['shock']), equity)) };
}

function listedPositions(input: Fields): BetaPosition[] {
  const weights = listAt('weights', input['weights']);
  const betas = listAt('betas', input['betas']);
  if (weights.length !== betas.length) {
    throw new KernelError(
      'INVALID_INPUT',
      `weights has ${weights.length} entries and betas ${betas.length}; give one beta a weight.`,
    );
  }
  return weights.map((weight, i) => ({
    name: `position ${i}`,
    weight: decimalAt(`weights[${i}]`, weight),
    beta: betaAt(`betas[${i}]`, betas[i]),
  }));
}

function namedPositions(input: Fields): BetaPosition[] {
  const betas = objectAt('betas', input['betas']);
  return Object.entries(objectAt('weights', input['weights'])).map(([name, weight]) => ({
    name,
    weight: decimalAt(`weights.${name}`, weight),
    beta: betaAt(`betas.${name}`, Object.hasOwn(betas, name) ? betas[name] : null),
  }));
}

const betaAt = (at: string, value: unknown): Decimal | null => (value === null ? null : decimalAt(at, value));

function volatilityCase(input: Fields): Fields {
  const floor = input['floor'] === undefined ? {} : { floor: numberAt('floor', input['floor']) };
  return {
    scale: volatilityScale({
      ...{ target: numberAt('target', input['target']), realised: numberAt('realised', input['realised']) },
      ...{ cap: numberAt('cap', input['cap']), ...floor },
    }),
  };
}

function longCase(input: Fields): Fields {
  const purchase = marginPurchase(positiveDecimalAt('equity', input['equity']), positiveDecimalAt('buy', input['buy']));
  return {
    initial_ok: purchase.initialMet,
    maintenance_req: formatDecimal(purchase.maintenance),
    margin_call_price_drop: purchase.callAfterDrop.toNumber(),
  };
}

function shortCase(input: Fields): Fields {
  const deposit = shortDepositOf(
    positiveDecimalAt('short_shares', input['short_shares']),
    positiveDecimalAt('price', input['price']),
  );
  return { initial_deposit: formatDecimal(deposit) };
}

function bandsCase(input: Fields): Fields {
  const tier = input['tier'];
  if (tier !== 1 && tier !== 2) {
    throw new KernelError('INVALID_INPUT', `tier must be 1 or 2; it is ${JSON.stringify(tier) ?? 'missing'}.`);
  }
  const { lower, upper } = bandsFor({
    tier,
    reference: positiveDecimalAt('ref', input['ref']),
    previousClose: positiveDecimalAt('prev_close', input['prev_close']),
    lastMinutes: minutesToClose(input) <= LAST_MINUTES,
  });
  return { lower: formatDecimal(lower), upper: formatDecimal(upper) };
}

function haltCase(input: Fields): Fields {
  const reached = input['reached'] ?? null;
  if (reached !== null && reached !== 1 && reached !== 2 && reached !== 3) {
    throw new KernelError('INVALID_INPUT', `reached must be 1, 2, 3 or null; it is ${JSON.stringify(reached)}.`);
  }
  const halt = marketWideHalt({
    previousClose: positiveDecimalAt('prev_spx', input['prev_spx']),
    index: positiveDecimalAt('spx', input['spx']),
    minutesToClose: minutesToClose(input),
    reached: reached satisfies HaltLevel | null,
  });
  return { level: halt?.level ?? null, halt: halt?.halt ?? null };
}

/** Both are wall times of New York; `close` is 16:00 unless the case says otherwise. */
function minutesToClose(input: Fields): number {
  const minutes = wallMinutesAt('close', input['close'] ?? CLOSE) - wallMinutesAt('time', input['time']);
  if (minutes > 0) return minutes;
  throw new KernelError('INVALID_INPUT', 'time must be before the close: there are no bands and no halts after it.');
}

function wallMinutesAt(at: string, value: unknown): number {
  const match = typeof value === 'string' ? WALL_TIME.exec(value) : null;
  if (!match)
    throw new KernelError(
      'INVALID_INPUT',
      `${at} must be a time of the form "15:40"; it is ${JSON.stringify(value) ?? 'missing'}.`,
    );
  return Number(match[1]) * 60 + Number(match[2]);
}
