import { TRADE_CHECKS, judgePlan } from '@ballast/kernel/guardrails';
import type { CheckName, GuardrailLimits, PlanInput, PlannedTrade } from '@ballast/kernel/guardrails';
import { Decimal } from '@ballast/kernel/money';
import { rng as rngOf } from '@ballast/kernel/random';
import { HISTORICAL_SCENARIOS, MARKET_DOWN_10 } from '@ballast/kernel/risk-measures';

const NAMES = 1_000;
const SESSIONS = 500;
/** Runs before the clock counts, for the compiler, and runs of which the middle one counts. */
const WARM_UP = 5;
const RUNS = 9;
const NOW = '2026-11-20T15:00:00.000Z';

/** Milliseconds of one run: by the clock, the middle of some runs, and of processor, the least of them, which a busy machine moves less. */
export interface RunTime {
  readonly ms: number;
  readonly cpuMs: number;
}

/** How long a plan of 1,000 trades against a book of 1,000 positions takes to judge. */
export interface GuardrailTimes {
  readonly checks: number;
  /** With every check on, where all of it passes, and where trades are cut. */
  readonly passing: RunTime;
  readonly cut: RunTime;
  readonly trims: number;
  /** Walking over the same trades once a check and making an object each: what no check can go below. */
  readonly empty: RunTime;
  /** No check at all: the book is built and moved by every trade. */
  readonly book: RunTime;
  /** What each check takes by itself, largest first. */
  readonly shares: readonly { readonly check: CheckName; readonly cpuMs: number }[];
}

/** Every limit there is, so wide that the plan passes. */
const LIMITS: Omit<GuardrailLimits, 'version'> = {
  ...{ notionalPerNameMax: '0.01', sectorGrossMax: '0.5', unknownSectorGrossMax: '0.1', advFractionMax: '0.05' },
  ...{ grossLeverageMax: '2', netLeverageMax: '2', strategyGrossMax: '2', positionRiskMax: '0.01' },
  ...{ volatilityPerNameMax: '0.01', volatilityFloor: '0.1', orderNotionalMax: '100000', bookCorrelationMax: '1' },
  ...{ cvar: { max: '0.5', confidence: '0.975' }, betaMax: '3', dailyLossMax: '0.03', drawdownMax: '0.2' },
  ...{ expectedShortfall: { max: '0.5', confidence: '0.975', degreesOfFreedom: 6 } },
  stress: { max: '0.9', scenarios: [MARKET_DOWN_10, ...HISTORICAL_SCENARIOS] },
  ...{ initialMarginMax: '1', maintenanceMarginMax: '0.8', buyingPowerMax: '1', shortBorrow: true },
  ...{ dayTrading: { intradayRuleFrom: null }, priceCollarMax: '0.05', luldBands: true, marketHalts: true },
  ...{ restrictedList: true, dataQualityMin: '0.6', inputAgeMinutesMax: '60', earningsBlackoutSessions: 2 },
  ...{ regimes: { allowed: ['calm'], strict: true }, catalystAgeHoursMax: '24', opportunityCostBpMin: '0' },
  ...{ duplicateWindowSeconds: 60, orderRate: { account: { capacity: 5_000, perSecond: 10 } }, ordersPerDayMax: 5_000 },
};

/** Which limits switch a check on. */
const SWITCHES: Readonly<Partial<Record<CheckName, readonly (keyof typeof LIMITS)[]>>> = {
  NOTIONAL_PER_NAME: ['notionalPerNameMax'],
  SECTOR_EXPOSURE: ['sectorGrossMax', 'unknownSectorGrossMax'],
  LIQUIDITY: ['advFractionMax'],
  GROSS_LEVERAGE: ['grossLeverageMax'],
  NET_LEVERAGE: ['netLeverageMax'],
  STRATEGY_EXPOSURE: ['strategyGrossMax'],
  POSITION_RISK: ['positionRiskMax'],
  VOLATILITY_SIZE: ['volatilityPerNameMax', 'volatilityFloor'],
  FAT_FINGER: ['orderNotionalMax'],
  CVAR: ['cvar'],
  EXPECTED_SHORTFALL: ['expectedShortfall'],
  STRESS: ['stress'],
  BETA: ['betaMax'],
  BOOK_CORRELATION: ['bookCorrelationMax'],
  DAILY_LOSS: ['dailyLossMax'],
  DRAWDOWN: ['drawdownMax'],
  INITIAL_MARGIN: ['initialMarginMax'],
  MAINTENANCE_MARGIN: ['maintenanceMarginMax'],
  BUYING_POWER: ['buyingPowerMax'],
  SHORT_BORROW: ['shortBorrow'],
  DAY_TRADING: ['dayTrading'],
  PRICE_COLLAR: ['priceCollarMax'],
  LULD_BANDS: ['luldBands'],
  MARKET_HALT: ['marketHalts'],
  RESTRICTED_LIST: ['restrictedList'],
  DATA_QUALITY: ['dataQualityMin'],
  INPUT_AGE: ['inputAgeMinutesMax'],
  EARNINGS_BLACKOUT: ['earningsBlackoutSessions'],
  REGIME: ['regimes'],
  CATALYST: ['catalystAgeHoursMax'],
  OPPORTUNITY_COST: ['opportunityCostBpMin'],
  DUPLICATE_INTENT: ['duplicateWindowSeconds'],
  ORDER_RATE: ['orderRate'],
  ORDERS_PER_DAY: ['ordersPerDayMax'],
};

/** Measures in this process; the share of a check is the plan with that check alone, less the plan without any. */
export function benchGuardrails(): GuardrailTimes {
  const plan = planOf();
  const judged = (limits: Omit<GuardrailLimits, 'version'>): RunTime =>
    time(() => void judgePlan({ ...plan, limits: { ...limits, version: 'bench' } }));
  // At the CVaR that the first trade leads to, whatever raises it further is cut by bisection.
  const first = judgePlan({ ...plan, limits: { ...LIMITS, version: 'bench' } }).checks.find(
    ({ check }) => check === 'CVAR',
  );
  const tight = { ...LIMITS, advFractionMax: '0.00006', cvar: { max: first!.observed!, confidence: '0.975' } };
  const passing = judged(LIMITS);
  const cut = judged(tight);
  const book = judged({});
  const shares = TRADE_CHECKS.map(({ name }) => {
    const on = Object.fromEntries((SWITCHES[name] ?? []).map((key) => [key, LIMITS[key]]));
    return { check: name, cpuMs: Math.max(0, judged(on).cpuMs - book.cpuMs) };
  });
  return {
    ...{ checks: TRADE_CHECKS.length, passing, cut, book, empty: time(() => void empty(plan)) },
    trims: judgePlan({ ...plan, limits: { ...tight, version: 'bench' } }).trims.length,
    shares: shares.sort((a, b) => b.cpuMs - a.cpuMs),
  };
}

function empty({ trades }: PlanInput<PlannedTrade>): object[] {
  const seen: object[] = [];
  for (const trade of trades) for (const check of TRADE_CHECKS) seen.push({ check: check.name, symbol: trade.symbol });
  return seen;
}

function time(work: () => void): RunTime {
  for (let i = 0; i < WARM_UP; i++) work();
  const runs = Array.from({ length: RUNS }, () => {
    const [start, cpu] = [performance.now(), process.cpuUsage()];
    work();
    const { user, system } = process.cpuUsage(cpu);
    return { ms: performance.now() - start, cpuMs: (user + system) / 1_000 };
  });
  const sorted = (of: (run: RunTime) => number): number[] => runs.map(of).sort((a, b) => a - b);
  return { ms: sorted(({ ms }) => ms)[RUNS >> 1]!, cpuMs: sorted(({ cpuMs }) => cpuMs)[0]! };
}

function planOf(): PlanInput<PlannedTrade> {
  const rng = rngOf(7);
  const symbols = Array.from({ length: NAMES }, (_, i) => `S${String(i).padStart(4, '0')}`);
  const mapOf = <T>(of: (i: number) => T): Map<string, T> => new Map(symbols.map((symbol, i) => [symbol, of(i)]));
  const marks = mapOf((i) => new Decimal(10 + (i % 90)).plus('0.37'));
  const asOf = '2026-11-20T14:59:00.000Z';
  return {
    trades: symbols.map((symbol, i) => ({
      symbol,
      side: i % 3 === 0 ? 'sell' : 'buy',
      quantity: new Decimal(1 + (i % 7)),
      price: marks.get(symbol)!,
      stop: marks.get(symbol)!.times(i % 3 === 0 ? '1.1' : '0.9'),
      strategies: { momentum: 0.5, reversal: 0.5 },
      ...{ catalystAt: '2026-11-20T09:00:00.000Z', expectedBp: 40, costBp: 5, alternativeBp: 10 },
    })),
    positions: symbols.map((symbol, i) => ({ symbol, quantity: new Decimal((i % 50) - 5) })),
    working: [],
    ...{ marks, equity: new Decimal('1234567.89'), mode: 'live', halted: false, now: NOW },
    sectors: mapOf((i) => `sector-${i % 11}`),
    adv: mapOf((i) => new Decimal(100_000 + i)),
    limits: { version: 'bench' },
    asOf: {
      ...{ marks: asOf, book: asOf, equity: asOf, volume: asOf, history: asOf, reference: asOf, market: asOf },
      ...{ broker: asOf, orders: asOf },
    },
    facts: {
      returns: mapOf(() => Float64Array.from({ length: SESSIONS }, () => (rng.uniform() - 0.5) / 25)),
      volatilities: mapOf((i) => 0.1 + (i % 40) / 100),
      betas: mapOf((i) => 0.5 + (i % 10) / 10),
      quality: mapOf(() => 0.95),
      sessionsToEarnings: mapOf((i) => 3 + (i % 60)),
      borrowable: mapOf(() => new Decimal(10_000)),
      bands: mapOf((i) => ({ lower: new Decimal(9 + (i % 90)), upper: new Decimal(12 + (i % 90)) })),
      ...{ paused: new Set<string>(), marketHalt: null, restricted: new Map(), regime: 'calm', ordersToday: 0 },
      ...{
        buyingPower: new Decimal(2_000_000),
        sessionEquity: new Decimal(1_240_000),
        peakEquity: new Decimal(1_300_000),
      },
      strategyGross: new Map([
        ['momentum', new Decimal(300_000)],
        ['reversal', new Decimal(300_000)],
      ]),
      tradingDay: {
        ...{ date: '2026-11-20', dayTradesBefore: 0, executions: [], overnight: new Map() },
        equityBefore: new Decimal(1_240_000),
      },
      ...{ sentOrders: [], accountBucket: { tokens: 5_000, at: NOW }, segmentBuckets: new Map() },
    },
  };
}
