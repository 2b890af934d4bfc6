import type { FeeRules } from './fees.js';
import type { ImpactRules } from './impact.js';
import type { DepthRules, Rules } from './rules.js';

/** Symbols that a sentence names before it only counts them. */
const NAMED_MAX = 5;

const SCHEDULES: Readonly<Record<FeeRules['schedule'], string | null>> = {
  none: null,
  us: 'SEC section 31 and FINRA TAF',
  nse: 'STT, stamp duty, NSE and SEBI charges and GST',
};

/**
 * What of the fills is simulated and how, as sentences for whoever reads figures that came of them. A venue with nothing
 * switched on says one sentence.
 * @param recorded symbols that trade on recorded quotes.
 */
export function toldOf(rules: Rules, recorded: readonly string[]): string[] {
  return [fillsTold(rules, recorded), ...timeTold(rules), ...marketTold(rules), ...moneyTold(rules)];
}

function fillsTold(rules: Rules, recorded: readonly string[]): string {
  const quotes = "on a seeded path inside the day's low and high, at its bid and ask";
  const without = [
    ...(rules.depth ? [] : ['size limits']),
    ...(chargesFees(rules.fees) ? [] : ['fees']),
    ...(rules.impact === null ? ['market impact'] : []),
  ];
  const lacking = without.length === 0 ? '' : `, without ${listed(without, 'or')}`;
  const named = recorded.length > NAMED_MAX ? `${recorded.length} symbols` : listed([...recorded].sort(), 'and');
  const onRecord = recorded.length === 0 ? '' : `; ${named} at recorded quotes`;
  return `Fills are of the paper broker: ${quotes}${lacking}${onRecord}.`;
}

function timeTold({ latency }: Rules): string[] {
  if (latency.maxMs === 0) return [];
  const range = latency.minMs === latency.maxMs ? `${latency.minMs}` : `${latency.minMs} to ${latency.maxMs}`;
  return [`Orders and cancels took ${range} ms to reach the book.`];
}

function marketTold(rules: Rules): string[] {
  return [
    ...(rules.depth ? depthTold(rules.depth) : []),
    ...(rules.luldTier === null
      ? []
      : [`Limit Up-Limit Down bands and pauses of tier ${rules.luldTier} held for every symbol.`]),
    ...(rules.auctions === null ? [] : [auctionsTold(rules.auctions.shares?.toFixed() ?? null)]),
    ...(rules.impact === null ? [] : impactTold(rules.impact)),
  ];
}

function depthTold({ shares, volumeShare, sharesPerMinute, refreshMs, participation }: DepthRules): string[] {
  const cap =
    participation === null ? '' : `, and at most ${participation.times(100).toFixed()} % of what traded in that time`;
  return [
    `Quotes had the size that was recorded, else ${volumeShare.times(100).toFixed()} % of the day's volume a minute, else ${shares.toFixed()} shares; what was taken came back after ${refreshMs / 1000} s${cap}. Resting orders queued behind the size shown; where no volume is known, ${sharesPerMinute.toFixed()} shares traded a minute.`,
  ];
}

/** The model with its parameters, and what is assumed of symbols. */
function impactTold(impact: ImpactRules): string[] {
  const model =
    impact.model === 'almgren2005'
      ? `by Almgren, Thum, Hauptmann and Li (2005), with shares outstanding of ${impact.outstandingOverVolume} average days and what was taken on one side within ${impact.minutes} min as one order; the permanent part stayed until the close`
      : `by a propagator: Y = ${impact.prefactor}, decaying as (1 + t / ${impact.decayMinutes} min)^-${impact.decayExponent}, until the close`;
  return [
    `Fills that took from a quote moved it ${model}. Where no average volume and volatility was told, the day's own volume and range stood in. Prices were rounded to the next tick against whoever took.`,
  ];
}

const auctionsTold = (shares: string | null): string =>
  `Orders that waited for the open crossed at its official price${shares === null ? '' : `, up to ${shares} shares a side`}.`;

function moneyTold({ fees, shorts }: Rules): string[] {
  const statutory = SCHEDULES[fees.schedule];
  const commission = [
    ...(fees.commissionPerShare.isZero() ? [] : [`${fees.commissionPerShare.toFixed()} a share`]),
    ...(fees.commissionBp.isZero() ? [] : [`${fees.commissionBp.toFixed()} basis points`]),
  ];
  const charged = [
    ...(statutory === null ? [] : [`${statutory} by the rates of their day`]),
    ...(commission.length === 0 ? [] : [`a commission of ${listed(commission, 'and')}`]),
  ];
  return [
    ...(charged.length === 0 ? [] : [`Fees: ${listed(charged, 'and')}.`]),
    ...(shorts === null
      ? []
      : [
          `Short sales were possible: ${shorts.shares.toFixed()} shares a symbol to borrow at ${shorts.feeBp.toFixed()} basis points a year, unless told otherwise.`,
        ]),
  ];
}

const chargesFees = ({ schedule, commissionBp, commissionPerShare }: FeeRules): boolean =>
  schedule !== 'none' || !commissionBp.isZero() || !commissionPerShare.isZero();

function listed(words: readonly string[], last: 'and' | 'or'): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;
}
