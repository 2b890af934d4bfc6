import { instantToMs } from '../calendar/index.js';
import { KernelError } from '../money/index.js';
import { boundAt, boundOf, row } from './check.js';
import type { Bound } from './check.js';
import { onlyReducing, passed, refused, unknown, within } from './outcome.js';
import { roundStatistic, statisticText } from './ratio.js';

const HOUR_MS = 3_600_000;

/** Nothing is opened so many sessions before a report of earnings, its day included (`earningsBlackoutSessions`). Forward only. */
const earningsBlackout = row<number>({
  name: 'EARNINGS_BLACKOUT',
  severity: 'CRITICAL',
  unit: 'sessions',
  reads: ['reference'],
  limit: ({ earningsBlackoutSessions: sessions }) => {
    if (sessions !== undefined && !(Number.isInteger(sessions) && sessions >= 0)) {
      throw new KernelError(
        'INVALID_LIMIT',
        `earningsBlackoutSessions is ${sessions}; give a whole number of at least 0.`,
      );
    }
    return sessions;
  },
  rule: (context, limit) => {
    const sessions = context.facts.sessionsToEarnings?.get(context.symbol);
    const numbers = { limit: String(limit) };
    if (sessions === undefined || (sessions !== null && !(Number.isInteger(sessions) && sessions >= 0))) {
      return onlyReducing(context, 'MISSING_EARNINGS_DATE', 'when earnings are reported next is not known', numbers);
    }
    if (sessions === null) return passed('no report of earnings is due', numbers);
    const told = { ...numbers, observed: String(sessions) };
    const says = `earnings are reported in ${sessions} sessions, and nothing is opened ${limit} sessions before`;
    return sessions > limit ? passed(says, told) : onlyReducing(context, 'EARNINGS_TOO_NEAR', says, told);
  },
});

/** Whether the mandate trades in this regime (`regimes`): a mismatch warns, and refuses what opens where the mandate is strict. */
const regime = row<{ readonly allowed: readonly string[]; readonly strict: boolean }>({
  name: 'REGIME',
  severity: 'WARNING',
  unit: 'regime',
  reads: ['market'],
  limit: (limits) => limits.regimes,
  rule: (context, { allowed, strict }) => {
    const limit = allowed.join(' ');
    const now = context.facts.regime;
    const severity = strict ? 'CRITICAL' : 'WARNING';
    if (now === undefined || now === '') {
      const says = 'the regime is not known';
      return strict
        ? { ...onlyReducing(context, 'REGIME_UNKNOWN', says, { limit }), ...(context.reducing ? {} : { severity }) }
        : unknown('REGIME_UNKNOWN', says, limit);
    }
    const says = `the regime is ${now}, and the mandate trades in ${allowed.join(', ')}`;
    const numbers = { observed: now, limit };
    if (allowed.includes(now)) return passed(says, numbers);
    const outcome = onlyReducing(context, 'REGIME_MISMATCH', says, numbers);
    return context.reducing ? outcome : { ...outcome, severity };
  },
});

/** Age of the news that a trade on the hot path acts on (`catalystAgeHoursMax`); news of the future is none. */
const catalyst = row<{ readonly max: Bound; readonly nowMs: number | null }>({
  name: 'CATALYST',
  severity: 'CRITICAL',
  unit: 'hours',
  reads: [],
  limit: ({ catalystAgeHoursMax }, { now }) =>
    catalystAgeHoursMax === undefined
      ? undefined
      : { max: boundOf(catalystAgeHoursMax), nowMs: now === undefined ? null : instantToMs(now) },
  rule: ({ trade: { catalystAt } }, { max, nowMs }) => {
    if (catalystAt === undefined) return passed('the trade is not on the hot path', { limit: max.text });
    if (catalystAt === null) return unknown('MISSING_CATALYST', 'when the catalyst came is not known', max.text);
    if (nowMs === null) return unknown('MISSING_TIME', 'the moment of the judgement is not known', max.text);
    const ageMs = nowMs - instantToMs(catalystAt);
    const numbers = { limit: max.text, inputs: { catalystAt } };
    if (ageMs < 0) return refused('CATALYST_IN_FUTURE', 'the catalyst is dated in the future', numbers);
    const observed = statisticText(ageMs / HOUR_MS);
    const told = { observed, ...numbers };
    if (ageMs <= max.number * HOUR_MS) return within('the age of the catalyst', told);
    return refused('CATALYST_STALE', `the catalyst is ${observed} hours old against a limit of ${max.text}`, told);
  },
});

/** What the trade is expected to earn beyond its cost and its best alternative (`opportunityCostBpMin`). Exits need no such reason. */
const opportunityCost = row<Bound>({
  name: 'OPPORTUNITY_COST',
  severity: 'CRITICAL',
  unit: 'basis_points',
  reads: [],
  limit: boundAt((limits) => limits.opportunityCostBpMin),
  rule: (context, limit) => {
    const { expectedBp, costBp, alternativeBp } = context.trade;
    const parts = [expectedBp, costBp, alternativeBp];
    if (parts.some((part) => part === undefined || !Number.isFinite(part))) {
      const cause = 'what the trade is expected to earn, its cost or its alternative is not known';
      return onlyReducing(context, 'MISSING_EXPECTATION', cause, { limit: limit.text });
    }
    const edge = roundStatistic(expectedBp! - costBp! - alternativeBp!);
    const text = statisticText(edge);
    const says = `it is expected to earn ${text} bp beyond its cost and its alternative, and should earn ${limit.text}`;
    const numbers = {
      observed: text,
      limit: limit.text,
      inputs: { expectedBp: expectedBp!, costBp: costBp!, alternativeBp: alternativeBp! },
    };
    return edge >= limit.number ? passed(says, numbers) : onlyReducing(context, 'OPPORTUNITY_COST_FAIL', says, numbers);
  },
});

export const MANDATE = { earningsBlackout, regime, catalyst, opportunityCost };
