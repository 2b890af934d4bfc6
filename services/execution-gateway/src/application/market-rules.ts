import type { ExecutionConfig } from '../config.js';
import type { MarketRules } from '../domain/market-check.js';
import type { WorkRules } from '../domain/schedule.js';

/** What the market must be like for a slice to leave; null where slices do not wait for it. */
export function marketRulesOf(config: ExecutionConfig): MarketRules | null {
  const priceLimitBp = config.EXECUTION_TWAP_PRICE_LIMIT_BP ?? null;
  const participationRatioMax = config.EXECUTION_TWAP_PARTICIPATION_RATIO_MAX ?? null;
  if (!config.EXECUTION_TWAP_MARKET_CHECKED && priceLimitBp === null && participationRatioMax === null) return null;
  return { quoteAgeMsMax: config.EXECUTION_TWAP_QUOTE_AGE_MS_MAX, priceLimitBp, participationRatioMax };
}

/** How parents that trade are cut and spread. */
export function twapRulesOf(config: ExecutionConfig): WorkRules {
  return {
    algorithm: 'twap',
    slices: config.EXECUTION_TWAP_SLICES,
    horizonMinutes: config.EXECUTION_TWAP_HORIZON_MINUTES,
    minIntervalMs: config.EXECUTION_TWAP_INTERVAL_SECONDS_MIN * 1_000,
    jitter: {
      time: Number(config.EXECUTION_TWAP_JITTER_TIME_RATIO),
      size: Number(config.EXECUTION_TWAP_JITTER_SIZE_RATIO),
    },
  };
}
