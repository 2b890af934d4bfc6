import {
  almgren2005,
  averagePaidBp,
  compareWithSingle,
  impactCost,
  impactSlices,
  linearCost,
  optimalTrades,
  propagator,
  SESSION_MINUTES,
  squareRootLaw,
} from '../impact/index.js';
import type { ImpactModel, ImpactSlice, LinearOrder } from '../impact/index.js';
import { D, KernelError, sum } from '../money/index.js';
import type { Decimal } from '../money/index.js';
import { listAt, notPositive, numberAt, objectAt, positiveDecimalAt } from './fields.js';
import type { Fields } from './fields.js';

/** For models that take a slice to be executed at once: in no time that a schedule could notice. */
const AT_ONCE_MINUTES = 1e-6;

/** The models of an order in basis points; what each needs is read from the case. */
const MODELS: ReadonlyMap<unknown, (input: Fields) => ImpactModel> = new Map([
  ['almgren-2005', almgren2005Of],
  ['square-root', squareRootOf],
  ['propagator', propagatorOf],
]);

/**
 * `{model, ...}` → what an order pays for moving the price. Symbols and units are those of the papers: `sigma` a fraction
 * a day, `V` shares a day, `X` shares, `T` days of 390 minutes; quantities and `price` are decimals, the rest numbers.
 *
 * - `almgren-2005 {sigma, V, Theta, X, T}`, `square-root {sigma, V, X, Y?}`,
 *   `propagator {sigma, V, X, beta, t0_minutes, Y?}` → `{I_bps, J_bps}`: how far the price has moved when the order is
 *   done (`movedBp`), and what it paid on average; with a `price` also `cost` in its currency. `model` may be left out
 *   where `Theta` is given: only one model knows it. `Y` is 1 unless given.
 * - the same with `schedule` instead of `X` and `T`, rows as `calc twap` gives them `[{qty, offset_s}]` (offsets in time of
 *   trading) → `{single_bps, twap_bps, saving_bps, reduction, slices_bps}`, with a `price` also `single_cost`, `twap_cost`
 *   and `saving_cost`. Almgren 2005 needs `single_minutes` and `slice_minutes`, within which the single order and each
 *   slice are executed.
 * - `almgren-chriss {X, T, N, sigma, eps, gamma, eta, lambda?, S0?}` in currency a share, shares and days → `{E, V, kappa,
 *   trades}` of the best trajectory (equal trades for lambda 0), and `{E_one, E_twap, reduction, reduction_excluding_spread}`
 *   of equal trades against all of it in one period; with `S0` also `E_bps`.
 *
 * Throws `UNKNOWN_MODEL`, `INVALID_INPUT`, `INVALID_DECIMAL`, `INVALID_SCHEDULE`, `INVALID_PARAMETER`.
 */
export function impactCase(input: Fields): Fields {
  const name = input['model'] ?? (input['Theta'] === undefined ? undefined : 'almgren-2005');
  if (name === 'almgren-chriss') return almgrenChrissCase(input);
  const modelOf = MODELS.get(name);
  if (!modelOf) {
    const known = [...MODELS.keys(), 'almgren-chriss'].join(', ');
    throw new KernelError('UNKNOWN_MODEL', `${JSON.stringify(name) ?? 'A missing model'} is not one of ${known}.`);
  }
  const model = modelOf(input);
  const minutes = minutesOf(input, name === 'almgren-2005');
  if (input['schedule'] === undefined) return orderCase(input, model, minutes);
  if (input['X'] !== undefined || input['T'] !== undefined) {
    throw new KernelError('INVALID_INPUT', 'schedule says the sizes and times of the slices; leave X and T out.');
  }
  return scheduleCase(input, model, minutes);
}

interface Minutes {
  readonly order: number;
  readonly single: number;
  readonly slice: number;
}

/** Only a model that looks at the rate of trading has to know how long anything takes. */
function minutesOf(input: Fields, looksAtRate: boolean): Minutes {
  if (!looksAtRate) return { order: AT_ONCE_MINUTES, single: AT_ONCE_MINUTES, slice: AT_ONCE_MINUTES };
  if (input['schedule'] === undefined) {
    const order = positiveAt('T', input['T']) * SESSION_MINUTES;
    return { order, single: order, slice: order };
  }
  const [single, slice] = [
    positiveAt('single_minutes', input['single_minutes']),
    positiveAt('slice_minutes', input['slice_minutes']),
  ];
  return { order: single, single, slice };
}

function orderCase(input: Fields, model: ImpactModel, { order }: Minutes): Fields {
  const quantity = positiveDecimalAt('X', input['X']);
  const slices: ImpactSlice[] = [{ volumeFraction: overVolume(quantity, input), startMinutes: 0, minutes: order }];
  const paidBp = averagePaidBp(model, slices);
  const price = priceAt(input);
  return {
    ...{ I_bps: model.movedBp(slices), J_bps: paidBp },
    ...(price === null ? {} : { cost: impactCost(paidBp, quantity, price).toFixed(2) }),
  };
}

function scheduleCase(input: Fields, model: ImpactModel, { single, slice }: Minutes): Fields {
  const rows = listAt('schedule', input['schedule']).map((row, i) => {
    const at = `schedule[${i}]`;
    const fields = objectAt(at, row);
    return {
      qty: positiveDecimalAt(`${at}.qty`, fields['qty']),
      offsetMs: numberAt(`${at}.offset_s`, fields['offset_s']) * 1_000,
    };
  });
  const dailyVolume = positiveDecimalAt('V', input['V']);
  const slices = impactSlices(rows, { dailyVolume, sliceMinutes: slice });
  const { singleBp, scheduleBp, savingBp, saving } = compareWithSingle(model, slices, single);
  const price = priceAt(input);
  const quantity = sum(rows.map(({ qty }) => qty));
  return {
    ...{ single_bps: singleBp, twap_bps: scheduleBp, saving_bps: savingBp, reduction: saving },
    slices_bps: model.paidBp(slices),
    ...(price === null ? {} : costsOf(impactCost(singleBp, quantity, price), impactCost(scheduleBp, quantity, price))),
  };
}

/** The saving is the difference of the two amounts as they are shown, so that the three add up. */
function costsOf(single: Decimal, twap: Decimal): Fields {
  return { single_cost: single.toFixed(2), twap_cost: twap.toFixed(2), saving_cost: single.minus(twap).toFixed(2) };
}

function almgrenChrissCase(input: Fields): Fields {
  const size = positiveDecimalAt('X', input['X']).toNumber();
  const order: LinearOrder = {
    size,
    days: positiveAt('T', input['T']),
    periods: numberAt('N', input['N']),
    volatility: numberAt('sigma', input['sigma']),
    halfSpread: numberAt('eps', input['eps']),
    permanent: numberAt('gamma', input['gamma']),
    temporary: numberAt('eta', input['eta']),
  };
  const lambda = input['lambda'] === undefined ? 0 : numberAt('lambda', input['lambda']);
  const { kappa, trades } = optimalTrades(order, lambda);
  const best = linearCost(order, trades);
  const twap = linearCost(order, optimalTrades(order, 0).trades).expected;
  const one = linearCost({ ...order, days: order.days / order.periods, periods: 1 }, [size]).expected;
  const spread = order.halfSpread * size;
  const inBp =
    input['S0'] === undefined ? {} : { E_bps: (best.expected / size / positiveAt('S0', input['S0'])) * 10_000 };
  return {
    ...{ E: best.expected, V: best.variance, kappa, trades, ...inBp },
    ...{ E_one: one, E_twap: twap, reduction: 1 - twap / one },
    reduction_excluding_spread: 1 - (twap - spread) / (one - spread),
  };
}

function almgren2005Of(input: Fields): ImpactModel {
  const outstanding = positiveDecimalAt('Theta', input['Theta']);
  return almgren2005({
    volatility: positiveAt('sigma', input['sigma']),
    outstandingOverVolume: overVolume(outstanding, input),
  });
}

function squareRootOf(input: Fields): ImpactModel {
  return squareRootLaw(scaleOf(input));
}

function propagatorOf(input: Fields): ImpactModel {
  return propagator({
    ...scaleOf(input),
    decayExponent: numberAt('beta', input['beta']),
    decayMinutes: positiveAt('t0_minutes', input['t0_minutes']),
  });
}

function scaleOf(input: Fields): { volatility: number; prefactor: number } {
  const prefactor = input['Y'] === undefined ? 1 : positiveAt('Y', input['Y']);
  return { volatility: positiveAt('sigma', input['sigma']), prefactor };
}

function overVolume(quantity: Decimal, input: Fields): number {
  return new D(quantity).div(positiveDecimalAt('V', input['V'])).toNumber();
}

/** Null where the case gives none and wants no amounts. */
function priceAt({ price }: Fields): Decimal | null {
  return price === undefined ? null : positiveDecimalAt('price', price);
}

function positiveAt(at: string, value: unknown): number {
  const number = numberAt(at, value);
  if (number <= 0) throw notPositive(at, String(number));
  return number;
}
