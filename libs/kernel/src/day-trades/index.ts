export { dayTradingRule, isPatternDayTrader, PATTERN_DAY_TRADES } from './rules.js';
export type { DayTradingRule } from './rules.js';
export { countDayTrades, DayCount, dayCounts } from './count.js';
export type { DayExecution } from './count.js';
export { cureBy, intradayMarginDeficit } from './intraday-margin.js';
export type { IntradayMarginDeficit } from './intraday-margin.js';
