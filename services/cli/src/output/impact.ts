import type { ImpactConfiguration, ImpactRow } from '@ballast/kernel/impact';
import { SESSION_MINUTES } from '@ballast/kernel/impact';
import { Decimal } from 'decimal.js';
import { basisPoints, money, percent, quantity } from './format.js';
import { renderPairs, renderTable, type Column } from './table.js';

/** The name that the report is about: shares that trade in an average day, and dollars a share before the order. */
export interface ImpactName {
  readonly adv: string;
  readonly price: string;
}

/** The report as a document: statistics are numbers, shares and dollars are decimal strings. */
export function impactDocument(name: ImpactName, rows: readonly ImpactRow[]): Readonly<Record<string, unknown>> {
  return {
    ...name,
    rows: rows.map((row) => ({
      model: row.model,
      sizeOverAdv: row.size,
      quantity: row.quantity.toFixed(),
      singleBp: row.singleBp,
      twapBp: row.scheduleBp,
      savingBp: row.savingBp,
      saving: row.saving,
      singleCost: row.singleCost.toFixed(2),
      twapCost: row.scheduleCost.toFixed(2),
      savingCost: row.savingCost.toFixed(2),
      configuration: row.configuration,
    })),
    doesNotHelp: whereUseless(rows),
    notes: notesOf(rows),
  };
}

const COLUMNS: readonly Column<ImpactRow>[] = [
  { title: 'MODEL', of: ({ model }) => model },
  { title: 'OF ADV', of: ({ size }) => `${plain(size * 100)} %`, numeric: true },
  { title: 'SHARES', of: (row) => quantity(row.quantity.toFixed()), numeric: true },
  { title: 'SINGLE BP', of: ({ singleBp }) => singleBp.toFixed(1), numeric: true },
  { title: 'TWAP BP', of: ({ scheduleBp }) => scheduleBp.toFixed(1), numeric: true },
  { title: 'SAVES BP', of: ({ savingBp }) => basisPoints(String(savingBp)), numeric: true },
  { title: 'SAVES', of: ({ saving }) => percent(saving), numeric: true },
  { title: 'SAVES $', of: ({ savingCost }) => money(savingCost.toFixed()), numeric: true },
  { title: 'CONFIGURATION', of: ({ configuration }) => configurationText(configuration) },
];

/** The report for people: one line a row with its configuration, and where TWAP does not help. */
export function renderImpact({ adv, price }: ImpactName, rows: readonly ImpactRow[]): string {
  const asked = renderPairs([
    ['name', `ADV ${quantity(adv)} shares, ${money(price)} dollars a share`],
    ['bp', 'average price paid against the price before the first share, for the impact of the order alone'],
  ]);
  const useless = whereUseless(rows).map((line) => `  ${line}\n`);
  const verdict =
    useless.length === 0 ? 'TWAP helps in every row above.\n' : `TWAP does not help here:\n${useless.join('')}`;
  return `${asked}\n${renderTable(COLUMNS, rows)}\n${verdict}${notesOf(rows).join('\n')}\n`;
}

/** The configurations under which TWAP saves nothing or costs more, each once, with what it saves over all sizes. */
function whereUseless(rows: readonly ImpactRow[]): string[] {
  const useless = rows.filter(({ saving }) => saving <= 0);
  const nameOf = ({ model, configuration }: ImpactRow): string => `${model}, ${configurationText(configuration)}`;
  return [...new Set(useless.map(nameOf))].map((name) => {
    const savings = useless.filter((row) => nameOf(row) === name).map(({ saving }) => saving);
    return `${spanOf(savings)} under ${name}`;
  });
}

/** Why TWAP does not help where it does not, and what the figures are not. */
function notesOf(rows: readonly ImpactRow[]): string[] {
  const useless = rows.filter(({ saving }) => saving <= 0);
  const without = (model: string): boolean => useless.some((row) => row.model === model);
  return [
    ...(without('square-root')
      ? ['The square-root law has no schedule: late slices pay what early ones save, 0 % however an order is cut.']
      : []),
    ...(without('propagator')
      ? ['Where moves decay slowly against the interval, those of small slices add up to more than a large one makes.']
      : []),
    ...(without('almgren-2005')
      ? ['Where the rate of trading is what costs, a single order that takes its time costs no more than slices.']
      : []),
    ...(useless.length === 0
      ? ['It saves nothing under the square-root law and costs more where a book forgets slowly: see --model all.']
      : []),
    'These are models, not measurements: no figure holds without its configuration, none was fitted to your fills.',
  ];
}

function spanOf(savings: readonly number[]): string {
  const [lowest, highest] = [percent(Math.min(...savings)), percent(Math.max(...savings))];
  return lowest === highest ? lowest : `${lowest} to ${highest}`;
}

/** How fast both are executed, and the model's parameters by the names of its source. */
function configurationText(configuration: ImpactConfiguration): string {
  const { slices, intervalMinutes, singleMinutes, sliceMinutes, parameters } = configuration;
  const pieces = slices === 1 ? '1 slice' : `${slices} slices ${time(intervalMinutes)} apart`;
  const pace =
    singleMinutes === null || sliceMinutes === null
      ? `single and ${pieces}, however fast each is executed`
      : `single within ${time(singleMinutes)}, ${pieces}, each within ${time(sliceMinutes)}`;
  return `${pace}; ${Object.entries(parameters).map(parameterText).join(', ')}`;
}

const PARAMETERS: Readonly<Record<string, (value: number) => string>> = {
  volatility: (value) => `sigma ${plain(value * 100)} %`,
  outstandingOverVolume: (value) => `Theta/V ${plain(value)}`,
  t0Minutes: (value) => `t0 ${plain(value)} min`,
  halfSpreadBp: (value) => `eps ${plain(value)} bp`,
  permanentBpPerAdv: (value) => `gamma ${plain(value)} bp an ADV`,
  temporaryBpPerAdvADay: (value) => `eta ${plain(value)} bp at an ADV a day`,
};

const parameterText = ([name, value]: readonly [string, number]): string =>
  PARAMETERS[name]?.(value) ?? `${name} ${plain(value)}`;

function time(minutes: number): string {
  const days = minutes / SESSION_MINUTES;
  if (Number.isInteger(days)) return days === 1 ? '1 day' : `${days} days`;
  return `${plain(minutes)} min`;
}

/** Without what binary fractions add, to four decimals at most. */
const plain = (value: number): string => new Decimal(value).toDecimalPlaces(4).toFixed();
