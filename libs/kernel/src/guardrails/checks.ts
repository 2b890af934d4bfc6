import type { Check } from './check.js';
import { CONCENTRATION } from './concentration.js';
import { LOSS } from './loss.js';
import { MANDATE } from './mandate.js';
import { MARGIN } from './margin.js';
import { MARKET } from './market.js';
import { RATE } from './rate.js';
import { SIZE } from './size.js';

/** The checks of every trade, in the order in which they are reported. */
export const TRADE_CHECKS: readonly Check<unknown>[] = [
  ...[CONCENTRATION.notionalPerName, CONCENTRATION.sectorExposure, SIZE.liquidity],
  ...[CONCENTRATION.grossLeverage, CONCENTRATION.netLeverage, CONCENTRATION.strategyExposure],
  ...[SIZE.positionRisk, SIZE.volatilitySize, SIZE.fatFinger],
  ...[LOSS.cvar, LOSS.expectedShortfall, LOSS.stress, LOSS.beta, LOSS.bookCorrelation, LOSS.dailyLoss, LOSS.drawdown],
  ...[MARGIN.initialMargin, MARGIN.maintenanceMargin, MARGIN.buyingPower, MARGIN.shortBorrow, MARGIN.dayTrading],
  ...[MARKET.priceCollar, MARKET.luldBands, MARKET.marketHalt, MARKET.restrictedList],
  ...[MARKET.dataQuality, MARKET.inputAge],
  ...[MANDATE.earningsBlackout, MANDATE.regime, MANDATE.catalyst, MANDATE.opportunityCost],
  ...[RATE.duplicateIntent, RATE.orderRate, RATE.ordersPerDay],
];
