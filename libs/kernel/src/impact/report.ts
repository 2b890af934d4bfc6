import { D, KernelError, roundDownTo } from '../money/index.js';
import type { Decimal } from '../money/index.js';
import { twapSchedule } from '../twap/index.js';
import { ALMGREN_2005, almgren2005 } from './almgren-2005.js';
import { ALMGREN_CHRISS_EXAMPLE, ALMGREN_CHRISS_EXAMPLE_BP, almgrenChriss } from './almgren-chriss.js';
import { compareWithSingle } from './compare.js';
import type { ScheduleComparison } from './compare.js';
import { impactCost, impactSlices, requirePositive, SESSION_MINUTES } from './order.js';
import type { ImpactModel } from './order.js';
import { propagator } from './propagator.js';
import { squareRootLaw } from './square-root.js';

/** The models that a report compares under. */
export const IMPACT_MODELS = ['almgren-2005', 'square-root', 'propagator', 'almgren-chriss'] as const;
export type ImpactModelName = (typeof IMPACT_MODELS)[number];

/** Θ/V of the report: half a per cent of the company's shares trade in a day. It enters with the power of 1/4. */
const OUTSTANDING_OVER_VOLUME = 200;
/** Y of the report; about 1 wherever it was measured. */
const PREFACTOR = 1;
/** Decays of the report, β and t0 in minutes, from quick to slow: the answer changes its sign among them. */
const DECAYS = [0.5, 0.25].flatMap((beta) => [0.5, 1, 5].map((t0Minutes) => ({ beta, t0Minutes })));

/** What is compared, and for which name. */
export interface ImpactReportRequest {
  readonly models: readonly ImpactModelName[];
  /** Sizes of the whole order over ADV: 0.01 is 1 %. */
  readonly sizes: readonly number[];
  /** Slices and horizon of the TWAP; Almgren-Chriss has its own, in days. */
  readonly slices: number;
  readonly horizonMinutes: number;
  /** Within how many minutes the single order is executed; Almgren-Chriss has its own, in days. */
  readonly singleMinutes: number;
  /** Standard deviation of the return of a day, as a fraction. */
  readonly volatility: number;
  /** Shares a day. */
  readonly dailyVolume: Decimal;
  /** Arrival price, in currency a share. */
  readonly price: Decimal;
}

/** Under which assumptions one row holds. */
export interface ImpactConfiguration {
  /** Slices that came out, at equal intervals. */
  readonly slices: number;
  readonly intervalMinutes: number;
  /** Minutes within which the single order and each slice are executed; null where the model does not look at it. */
  readonly singleMinutes: number | null;
  readonly sliceMinutes: number | null;
  /** The model's own, by the names of its source. */
  readonly parameters: Readonly<Record<string, number>>;
}

/** TWAP against a single order, under one model, for one size. */
export interface ImpactRow extends ScheduleComparison {
  readonly model: ImpactModelName;
  /** The size asked for, over ADV. */
  readonly size: number;
  /** The whole order, in whole shares. */
  readonly quantity: Decimal;
  /** The same comparison in currency, to the cent. */
  readonly singleCost: Decimal;
  readonly scheduleCost: Decimal;
  readonly savingCost: Decimal;
  readonly configuration: ImpactConfiguration;
}

/** A model with the schedule it is asked about. */
interface Variant {
  readonly model: ImpactModel;
  readonly slices: number;
  readonly horizonMinutes: number;
  readonly singleMinutes: number;
  /** Left out, a slice takes the whole interval. */
  readonly sliceMinutes?: number;
  readonly looksAtRate: boolean;
  readonly parameters: Readonly<Record<string, number>>;
}

/**
 * TWAP against a single order, side by side: a row for each model, each of its variants and each size, in that order.
 *
 * The TWAP is cut as the execution gateway cuts it (`twapSchedule`), in whole shares, the quantity cut down to them.
 * Under Almgren 2005 there are two variants: slices worked over their whole interval, and, where that is faster, slices
 * executed within the time of the single order, as market orders are. Under the propagator there is one for each decay. Almgren-Chriss is the paper's
 * example scaled to the name: one slice a day for five days against one day.
 *
 * Throws `INVALID_PARAMETER`, `SIZE_BELOW_ONE_SHARE`, `INVALID_SLICES`, `INVALID_HORIZON`.
 */
export function impactReport(request: ImpactReportRequest): ImpactRow[] {
  requirePositive('The price', request.price.toNumber());
  requirePositive('The daily volume', request.dailyVolume.toNumber());
  return request.models.flatMap((model) =>
    request.sizes.flatMap((size) => {
      const quantity = wholeShares(size, request.dailyVolume);
      return variantsOf(model, request).flatMap((variant) => rowOf({ model, size, quantity }, variant, request));
    }),
  );
}

function wholeShares(size: number, dailyVolume: Decimal): Decimal {
  requirePositive('The size over ADV', size);
  const quantity = roundDownTo(new D(size).times(dailyVolume), new D(1));
  if (quantity.isZero()) {
    throw new KernelError(
      'SIZE_BELOW_ONE_SHARE',
      `${new D(size).times(100).toFixed()} % of an ADV of ${dailyVolume.toFixed()} shares is less than one share; take a larger size.`,
    );
  }
  return quantity;
}

function variantsOf(model: ImpactModelName, request: ImpactReportRequest): Variant[] {
  const { volatility, slices, horizonMinutes, singleMinutes } = request;
  const twap = { slices, horizonMinutes, singleMinutes, looksAtRate: false };
  switch (model) {
    case 'almgren-2005': {
      const outstandingOverVolume = OUTSTANDING_OVER_VOLUME;
      const worked = {
        ...{ ...twap, looksAtRate: true },
        model: almgren2005({ volatility, outstandingOverVolume }),
        parameters: { ...ALMGREN_2005, outstandingOverVolume, volatility },
      };
      return [worked, { ...worked, sliceMinutes: singleMinutes }];
    }
    case 'square-root': {
      const law = squareRootLaw({ volatility, prefactor: PREFACTOR });
      return [{ ...twap, model: law, parameters: { Y: PREFACTOR, volatility } }];
    }
    case 'propagator':
      return DECAYS.map(({ beta, t0Minutes }) => ({
        ...twap,
        model: propagator({ volatility, prefactor: PREFACTOR, decayExponent: beta, decayMinutes: t0Minutes }),
        parameters: { beta, t0Minutes, Y: PREFACTOR, volatility },
      }));
    case 'almgren-chriss': {
      const { halfSpread, permanent, temporary } = ALMGREN_CHRISS_EXAMPLE_BP;
      const { periods, days } = ALMGREN_CHRISS_EXAMPLE;
      return [
        {
          ...{ model: almgrenChriss(ALMGREN_CHRISS_EXAMPLE_BP), looksAtRate: true },
          ...{ slices: periods, horizonMinutes: days * SESSION_MINUTES, singleMinutes: SESSION_MINUTES },
          parameters: { halfSpreadBp: halfSpread, permanentBpPerAdv: permanent, temporaryBpPerAdvADay: temporary },
        },
      ];
    }
  }
}

/** The row of a variant; none where its slices cannot be faster than their interval, which is a row already. */
function rowOf(
  order: Pick<ImpactRow, 'model' | 'size' | 'quantity'>,
  variant: Variant,
  { dailyVolume, price }: ImpactReportRequest,
): ImpactRow[] {
  const { model, slices, horizonMinutes, singleMinutes, looksAtRate, parameters } = variant;
  const schedule = twapSchedule({ qty: order.quantity, slices, horizonMinutes });
  const intervalMinutes = horizonMinutes / schedule.length;
  const { sliceMinutes = intervalMinutes } = variant;
  if (variant.sliceMinutes !== undefined && sliceMinutes >= intervalMinutes) return [];
  const compared = compareWithSingle(model, impactSlices(schedule, { dailyVolume, sliceMinutes }), singleMinutes);
  const inCurrency = (bp: number): Decimal => impactCost(bp, order.quantity, price);
  const [singleCost, scheduleCost] = [inCurrency(compared.singleBp), inCurrency(compared.scheduleBp)];
  const configuration = {
    ...{ slices: schedule.length, intervalMinutes, parameters },
    singleMinutes: looksAtRate ? singleMinutes : null,
    sliceMinutes: looksAtRate ? sliceMinutes : null,
  };
  const savingCost = singleCost.minus(scheduleCost);
  return [{ ...order, ...compared, singleCost, scheduleCost, savingCost, configuration }];
}
