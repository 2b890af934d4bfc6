import { IMPACT_MODELS, impactReport } from '@ballast/kernel/impact';
import type { ImpactModelName } from '@ballast/kernel/impact';
import { D } from '@ballast/kernel/money';
import type { Command } from 'commander';
import { amount, oneOf, percentage, percentages, shares, wholeNumber, type Faults } from '../options/values.js';
import { print } from '../output/document.js';
import { impactDocument, renderImpact } from '../output/impact.js';
import { addCommand, addNoun, checked, type Cli, type OutputOption } from './command.js';

interface ImpactFlags extends OutputOption {
  readonly model: string;
  readonly sizes: string;
  readonly slices?: string;
  readonly minutes?: string;
  readonly singleMinutes?: string;
  readonly volatility?: string;
  readonly adv: string;
  readonly price: string;
}

/** Sizes in one report; more are no table that anybody reads. */
const SIZES_MAX = 20;
/** A regular session, which a schedule of the day cannot exceed. */
const MINUTES_MAX = 390;
const SLICES_MAX = 390;
/** Slices nearer together than this are no schedule. */
const INTERVAL_SECONDS_MIN = 1;

/** What is taken where an option is left out. Volume and price are those of the example of Almgren and Chriss. */
const DEFAULTS = { slices: '6', minutes: '60', singleMinutes: '1', volatility: '2' } as const;

/** Options that a model does not look at. Given with it they would be believed to have changed something. */
const IDLE: Readonly<Record<ImpactModelName, readonly (keyof typeof DEFAULTS)[]>> = {
  'almgren-2005': [],
  'square-root': ['singleMinutes'],
  propagator: ['singleMinutes'],
  'almgren-chriss': ['slices', 'minutes', 'singleMinutes', 'volatility'],
};
const OPTION = {
  slices: '--slices',
  minutes: '--minutes',
  singleMinutes: '--single-minutes',
  volatility: '--volatility',
} as const;

/** `ballast execution impact`: computed here, without a host. */
export function executionCommands(program: Command, cli: Cli): void {
  const noun = addNoun(program, 'execution', 'What working an order over time is worth.', [
    'execution impact',
    'execution impact --model almgren-2005 --sizes 1,5,10',
  ]);
  addImpact(noun, cli);
}

function addImpact(noun: Command, { io }: Cli): void {
  addCommand(
    noun,
    'impact',
    'Compare TWAP with a single order under models of market impact, and say where TWAP does not help.\n' +
      'Computed without a host: figures of models with the configuration beside each, not measurements.\n' +
      'almgren-chriss is the example of its paper, in days: one slice a day for five days against one day.',
    [
      'execution impact',
      'execution impact --model almgren-2005 --sizes 1,5,10 --single-minutes 5',
      'execution impact --model propagator --slices 12 --minutes 120 -o json',
      'execution impact --model almgren-chriss --sizes 20',
    ],
  )
    .option('--model <name>', `${IMPACT_MODELS.join(', ')}, or all`, 'all')
    .option('--sizes <list>', 'sizes of the whole order in % of ADV, separated by commas', '1,5,10')
    .option('--slices <n>', `slices of the TWAP (default: ${DEFAULTS.slices})`)
    .option('--minutes <n>', `its horizon (default: ${DEFAULTS.minutes})`)
    .option('--single-minutes <n>', `within which the single order is executed (default: ${DEFAULTS.singleMinutes})`)
    .option('--volatility <pct>', `standard deviation of a day's return in % (default: ${DEFAULTS.volatility})`)
    .option('--adv <shares>', 'shares that trade in an average day', '5000000')
    .option('--price <dollars>', 'price of a share before the order', '50')
    .action((raw: ImpactFlags) => {
      const { format, value } = checked('execution impact', raw, (faults) => parseImpact(faults, raw));
      const { adv, price, ...request } = value!;
      const rows = impactReport({ ...request, dailyVolume: new D(adv), price: new D(price) });
      print(io, format, impactDocument({ adv, price }, rows), () => renderImpact({ adv, price }, rows));
    });
}

function parseImpact(faults: Faults, raw: ImpactFlags) {
  const models = modelsOf(faults, raw);
  const sizes = percentages(faults, '--sizes', raw.sizes, SIZES_MAX);
  const whole = (name: 'slices' | 'minutes' | 'singleMinutes', max: number) =>
    wholeNumber(faults, OPTION[name], raw[name] ?? DEFAULTS[name], 1, max);
  const slices = whole('slices', SLICES_MAX);
  const minutes = whole('minutes', MINUTES_MAX);
  const singleMinutes = whole('singleMinutes', MINUTES_MAX);
  const volatility = percentage(faults, OPTION.volatility, raw.volatility ?? DEFAULTS.volatility);
  const adv = shares(faults, '--adv', raw.adv);
  const price = amount(faults, '--price', raw.price);
  if (slices !== undefined && minutes !== undefined) refuseCrowded(faults, slices, minutes);
  if (sizes !== undefined && adv !== undefined) refuseTiny(faults, sizes, adv);
  if (!models || !sizes || !slices || !minutes || !singleMinutes || !volatility || !adv || !price) return undefined;
  return { models, sizes, slices, horizonMinutes: minutes, singleMinutes, volatility, adv, price };
}

function refuseCrowded(faults: Faults, slices: number, minutes: number): void {
  const most = (minutes * 60) / INTERVAL_SECONDS_MIN;
  if (slices <= most) return;
  faults.add('--slices', `${slices} in ${minutes} min are less than a second apart; take at most ${most}`);
}

function refuseTiny(faults: Faults, sizes: readonly number[], adv: string): void {
  for (const size of sizes) {
    if (new D(adv).times(size).greaterThanOrEqualTo(1)) continue;
    const percent = new D(size).times(100).toFixed();
    faults.add('--sizes', `${percent} % of ${adv} shares is less than one share; take a larger size, or another --adv`);
  }
}

function modelsOf(faults: Faults, raw: ImpactFlags): readonly ImpactModelName[] | undefined {
  const model = oneOf(faults, '--model', raw.model, [...IMPACT_MODELS, 'all']);
  if (model === undefined) return undefined;
  if (model === 'all') return IMPACT_MODELS;
  for (const name of IDLE[model]) {
    if (raw[name] === undefined) continue;
    faults.add(OPTION[name], `changes nothing under ${model}; leave it out, or compare with --model all`);
  }
  return [model];
}
