// Goal: every check one unit below its limit, at it and one above, both ways, with pending orders, and with inputs that are missing or no numbers.
// Method: a table of plans a check; its own limit alone is on, so whatever is found comes from it. A check without rows fails the last test.
import { describe, expect, it } from '@jest/globals';
import { D } from '../money/index.js';
import { ACCOUNT_CHECKS } from './golden-account.fixture.js';
import { BOOK_CHECKS } from './golden-book.fixture.js';
import { MARKET_CHECKS } from './golden-market.fixture.js';
import { one } from './golden-row.fixture.js';
import type { Change, Golden, Limits } from './golden-row.fixture.js';
import { judgePlan, TRADE_CHECKS } from './index.js';
import type { CheckName } from './index.js';
import { buy, world } from './world.fixture.js';

const GOLDEN: Readonly<Record<Exclude<CheckName, 'HALT' | 'TRADE_SHAPE'>, Golden>> = {
  ...BOOK_CHECKS,
  ...ACCOUNT_CHECKS,
  ...MARKET_CHECKS,
};

/** The last result of the check, which is that of the last trade judged. */
function found(name: string, limits: Limits, [plan, facts]: Change) {
  const judged = judgePlan(world(limits, plan, facts));
  const result = judged.checks.findLast(({ check }) => check === name)!;
  const finding =
    result.reasonCode === 'reducing_trade' ? 'reducing_trade' : result.code === name ? 'passed' : result.code;
  return { finding, result, judged };
}

describe.each(Object.entries(GOLDEN))('%s', (name, { limits, code, below, at, above, more }) => {
  it('passes below its limit and at it', () => {
    for (const change of [below, at]) {
      const { finding, result } = found(name, limits, change);
      expect([finding, result.status, result.ruleVersion]).toEqual(['passed', 'passed', 'golden-1']);
    }
  });

  it('fails one unit above it, with its numbers', () => {
    const { finding, result, judged } = found(name, limits, above);
    expect([finding, result.status, result.severity]).toEqual([code, 'failed', 'CRITICAL']);
    expect(result.message).toMatch(/^A: ./);
    expect(judged.verdict).not.toBe('approved');
  });

  for (const [what, [change, expected]] of Object.entries(more)) {
    it(`${what}: ${expected}`, () => {
      const { finding, result, judged } = found(name, limits, change);
      expect(finding).toBe(expected);
      const lets = ['passed', 'reducing_trade', 'DAY_TRADE_WARNING'].includes(expected);
      expect(result.status).toBe(lets ? 'passed' : 'failed');
      expect(judged.verdict === 'approved').toBe(lets);
    });
  }
});

describe('a rule book', () => {
  it('has a golden table for every check there is', () => {
    expect(TRADE_CHECKS.map(({ name }) => name).sort()).toEqual(Object.keys(GOLDEN).sort());
  });

  it('without limits makes no check but the halt', () => {
    const judged = judgePlan(world({}));
    expect(judged.checks.map(({ check }) => check)).toEqual(['HALT']);
    expect(judged.verdict).toBe('approved');
  });

  it('with every limit reports all failures, not only the first', () => {
    const all = Object.assign({}, ...Object.values(GOLDEN).map(({ limits }) => limits)) as Limits;
    const { checks } = judgePlan(
      world(all, one(buy(1_000_000, { price: new D(200), orders: 1_000 })), { regime: 'turbulent' }),
    );
    expect(checks).toHaveLength(1 + TRADE_CHECKS.length);
    expect(checks.filter(({ status }) => status === 'failed').length).toBeGreaterThan(20);
  });

  it.each([
    ['a fraction in words', { cvar: { max: 'much', confidence: '0.975' } }],
    ['a confidence of 1', { cvar: { max: '0.1', confidence: '1' } }],
    ['a confidence below a half', { expectedShortfall: { max: '0.1', confidence: '0.025' } }],
    ['too few degrees of freedom', { expectedShortfall: { max: '0.1', confidence: '0.975', degreesOfFreedom: 2 } }],
    ['no scenarios', { stress: { max: '0.1', scenarios: [] } }],
    ['half a session', { earningsBlackoutSessions: 1.5 }],
    ['a window of nothing', { duplicateWindowSeconds: 0 }],
    ['a bucket without a size', { orderRate: { account: { capacity: 0, perSecond: 1 } } }],
    ['orders below zero', { ordersPerDayMax: -1 }],
  ])('that cannot be read refuses every trade: %s', (_, limits) => {
    const judged = judgePlan(world(limits));
    expect(judged.verdict).toBe('vetoed');
    expect(judged.checks.map(({ code }) => code)).toEqual(['HALT', 'CHECK_ERROR']);
  });

  it('says of each result how old its inputs are, and what they were', () => {
    const { result } = found('NOTIONAL_PER_NAME', { notionalPerNameMax: '0.1' }, [one(buy(10))]);
    expect(result).toMatchObject({ asOf: '2026-11-20T14:50:00.000Z', observed: '0.01', limit: '0.1' });
    expect(result.inputs).toEqual({ exposure: new D(1000), others: new D(0), equity: new D(100_000) });
    expect(found('LIQUIDITY', { advFractionMax: '0.05' }, [{ asOf: {} }]).result.asOf).toBeNull();
  });

  it('warns of a regime that a mandate would rather not trade in, and lets the trade through', () => {
    const { result, judged } = found('REGIME', { regimes: { allowed: ['calm'], strict: false } }, [
      {},
      { regime: 'wild' },
    ]);
    expect(result).toMatchObject({ code: 'REGIME_MISMATCH', status: 'failed', severity: 'WARNING', observed: 'wild' });
    expect(judged.verdict).toBe('approved');
    const unknown = found('REGIME', { regimes: { allowed: ['calm'], strict: false } }, [{}, { regime: undefined }]);
    expect(unknown.result).toMatchObject({ code: 'REGIME_UNKNOWN', status: 'not_evaluated', severity: 'WARNING' });
    expect(unknown.judged.verdict).toBe('approved');
  });

  it('with a limit for known sectors alone keeps to what is done with unknown ones', () => {
    const limits = { sectorGrossMax: '0.3' };
    const nowhere = { sectors: new Map<string, string>() };
    expect(found('SECTOR_EXPOSURE', limits, [nowhere]).finding).toBe('SECTOR_UNKNOWN');
    expect(found('SECTOR_EXPOSURE', limits, [{ ...nowhere, mode: 'paper' }]).result.status).toBe('not_evaluated');
    expect(found('SECTOR_EXPOSURE', { unknownSectorGrossMax: '0.3' }, [{}]).finding).toBe('passed');
  });
});
