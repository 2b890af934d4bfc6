import type { GuardrailLimits, TokenBucket } from '../guardrails/index.js';
import { formatDecimal, KernelError } from '../money/index.js';
import { HISTORICAL_SCENARIOS, MARKET_DOWN_10 } from '../risk-measures/index.js';
import type { Scenario } from '../risk-measures/index.js';
import { booleanAt, decimalAt, listAt, mapAt, numberAt, objectAt, onlyKnown, optionalAt, textAt } from './fields.js';

type Read<T> = (at: string, value: unknown) => T;
type Limits = Omit<GuardrailLimits, 'version'>;

/** Limits of a case whose rule book has no version of its own. */
const VERSION = 'calc';
const NAMED: ReadonlyMap<string, Scenario> = new Map(
  [MARKET_DOWN_10, ...HISTORICAL_SCENARIOS].map((scenario) => [scenario.name, scenario]),
);

const fraction: Read<string> = (at, value) => formatDecimal(decimalAt(at, value));
const on: Read<true> = (at, value) => {
  if (booleanAt(at, value)) return true;
  throw new KernelError('INVALID_INPUT', `${at} is false; leave it out to switch the check off.`);
};

/** How each limit is read. */
const READERS: { readonly [K in keyof Required<Limits>]: Read<NonNullable<Limits[K]>> } = {
  notionalPerNameMax: fraction,
  sectorGrossMax: fraction,
  unknownSectorGrossMax: fraction,
  grossLeverageMax: fraction,
  netLeverageMax: fraction,
  strategyGrossMax: fraction,
  advFractionMax: fraction,
  positionRiskMax: fraction,
  volatilityPerNameMax: fraction,
  volatilityFloor: fraction,
  orderNotionalMax: fraction,
  cvar: (at, value) => {
    const fields = objectAt(at, value);
    onlyKnown(at, fields, ['max', 'confidence']);
    return tailAt(at, value);
  },
  expectedShortfall: (at, value) => {
    const fields = objectAt(at, value);
    onlyKnown(at, fields, ['max', 'confidence', 'degreesOfFreedom']);
    const degreesOfFreedom = optionalAt(`${at}.degreesOfFreedom`, fields['degreesOfFreedom'], numberAt);
    return { ...tailAt(at, value), ...(degreesOfFreedom === undefined ? {} : { degreesOfFreedom }) };
  },
  stress: (at, value) => {
    const fields = objectAt(at, value);
    onlyKnown(at, fields, ['max', 'scenarios']);
    const scenarios = listAt(`${at}.scenarios`, fields['scenarios']);
    return {
      max: fraction(`${at}.max`, fields['max']),
      scenarios: scenarios.map((each, i) => scenarioAt(`${at}.scenarios[${i}]`, each)),
    };
  },
  betaMax: fraction,
  bookCorrelationMax: fraction,
  dailyLossMax: fraction,
  drawdownMax: fraction,
  initialMarginMax: fraction,
  maintenanceMarginMax: fraction,
  buyingPowerMax: fraction,
  shortBorrow: on,
  dayTrading: (at, value) => {
    const fields = objectAt(at, value);
    onlyKnown(at, fields, ['intradayRuleFrom']);
    const from = fields['intradayRuleFrom'] ?? null;
    return { intradayRuleFrom: from === null ? null : textAt(`${at}.intradayRuleFrom`, from) };
  },
  priceCollarMax: fraction,
  luldBands: on,
  marketHalts: on,
  restrictedList: on,
  dataQualityMin: fraction,
  inputAgeMinutesMax: fraction,
  earningsBlackoutSessions: numberAt,
  regimes: (at, value) => {
    const fields = objectAt(at, value);
    onlyKnown(at, fields, ['allowed', 'strict']);
    const allowed = listAt(`${at}.allowed`, fields['allowed']).map((each, i) => textAt(`${at}.allowed[${i}]`, each));
    return { allowed, strict: booleanAt(`${at}.strict`, fields['strict']) };
  },
  catalystAgeHoursMax: fraction,
  opportunityCostBpMin: fraction,
  duplicateWindowSeconds: numberAt,
  orderRate: (at, value) => {
    const fields = objectAt(at, value);
    onlyKnown(at, fields, ['account', 'segment']);
    const account = optionalAt(`${at}.account`, fields['account'], bucketAt);
    const segment = optionalAt(`${at}.segment`, fields['segment'], bucketAt);
    return { ...(account ? { account } : {}), ...(segment ? { segment } : {}) };
  },
  ordersPerDayMax: numberAt,
};

/** The limits of a case, fractions as decimal strings or numbers. Throws `UNKNOWN_LIMIT`, `INVALID_INPUT`, `INVALID_DECIMAL`. */
export function limitsAt(at: string, value: unknown): GuardrailLimits {
  const { version = VERSION, ...fields } = objectAt(at, value);
  const limits = Object.entries(fields).map(([name, limit]) => {
    if (!Object.hasOwn(READERS, name)) {
      const known = Object.keys(READERS).join(', ');
      throw new KernelError('UNKNOWN_LIMIT', `${at} has no limit ${JSON.stringify(name)}; known are ${known}.`);
    }
    return [name, READERS[name as keyof Limits](`${at}.${name}`, limit)] as const;
  });
  return { version: textAt(`${at}.version`, version), ...Object.fromEntries(limits) };
}

function tailAt(at: string, value: unknown): { max: string; confidence: string } {
  const { max, confidence } = objectAt(at, value);
  return { max: fraction(`${at}.max`, max), confidence: fraction(`${at}.confidence`, confidence) };
}

/** The name of a scenario that everybody knows, or one of the case's own. */
function scenarioAt(at: string, value: unknown): Scenario {
  if (typeof value === 'string') {
    const named = NAMED.get(value);
    if (named !== undefined) return named;
    throw new KernelError(
      'INVALID_INPUT',
      `${at}: ${JSON.stringify(value)} is none of ${[...NAMED.keys()].join(', ')}.`,
    );
  }
  const fields = objectAt(at, value);
  onlyKnown(at, fields, ['name', 'market', 'factors', 'sectors', 'symbols']);
  const market = optionalAt(`${at}.market`, fields['market'], numberAt);
  const moves = (['factors', 'sectors', 'symbols'] as const).flatMap((kind) =>
    fields[kind] === undefined
      ? []
      : [[kind, Object.fromEntries(mapAt(`${at}.${kind}`, fields[kind], numberAt))] as const],
  );
  const scenario = { name: textAt(`${at}.name`, fields['name']), ...Object.fromEntries(moves) };
  return market === undefined ? scenario : { ...scenario, market };
}

function bucketAt(at: string, value: unknown): TokenBucket {
  const fields = objectAt(at, value);
  onlyKnown(at, fields, ['capacity', 'perSecond']);
  return {
    capacity: numberAt(`${at}.capacity`, fields['capacity']),
    perSecond: numberAt(`${at}.perSecond`, fields['perSecond']),
  };
}
