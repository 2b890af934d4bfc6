import { CycleOpened } from '@ballast/contracts';
import { describe, expect, it } from '@jest/globals';
import type { ExecuteRequest } from '../messages.js';
import { CYCLE_ID, GROUND, HASH, NOW, REQUEST, RULES } from './cycle.fixture.js';
import { open, seedOf, universeOf, type Ground } from './opening.js';

const attempt = (request: Partial<ExecuteRequest> = {}, ground: Partial<Ground> = {}, now = NOW) =>
  open(CYCLE_ID, 'main', { ...REQUEST, ...request }, { ...GROUND, ...ground }, now, RULES);

const OTHER = '22222222-2222-5222-8222-222222222222';
const at = '2026-11-16T20:00:00.000Z';
const books = (status: string) => ({ ...GROUND.book!, reconciliation: { status, reason: 'cash differs', at } });

const pack = (status: string) => ({ status, reason: 'why', readyAt: null });

describe('opening a cycle', () => {
  it('says the fact with the session to trade in, the deadlines and the strategies of the pattern', () => {
    const opening = attempt();
    if (opening.kind === 'refused') throw new Error(opening.refusal.detail);
    expect(opening.facts).toHaveLength(1);
    const data = CycleOpened.schema.parse(opening.facts[0]!.data);
    expect(data).toMatchObject({
      cycleId: CYCLE_ID,
      asOf: '2026-11-16',
      mode: 'paper',
      universe: { universeId: 'all' },
      strategies: ['low-volatility', 'mean-reversion', 'momentum'],
      tradeSession: { date: '2026-11-17', open: '2026-11-17T14:30:00.000Z', close: '2026-11-17T21:00:00.000Z' },
      deadlines: { decideBy: '2026-11-16T22:10:00.000Z', completeBy: '2026-11-17T21:30:00.000Z' },
    });
    expect(opening.tasks.map(({ wakes, dueAt }) => [wakes, dueAt])).toEqual([
      ['local.timer.decide-deadline', '2026-11-16T22:10:00.000Z'],
      ['local.timer.complete-deadline', '2026-11-17T21:30:00.000Z'],
    ]);
  });

  it('trades an old date in the session of today', () => {
    const opening = attempt({ asOf: '2017-06-30' });
    expect(opening).toMatchObject({ cycle: { tradeSession: { date: '2026-11-17' } } });
  });

  it('never decides past the moment at which the cycle has to be complete', () => {
    const opening = open(CYCLE_ID, 'main', REQUEST, GROUND, '2026-11-17T20:59:00.000Z', {
      decideSecondsMax: 7_200,
      config: {},
    });
    expect(opening).toMatchObject({ cycle: { decideBy: '2026-11-17T21:30:00.000Z' } });
  });

  it('allows a second cycle on the date of the last one', () => {
    expect(attempt({}, { lastClosedAsOf: '2026-11-16' }).kind).toBe('opened');
  });

  it.each<[string, Partial<ExecuteRequest>, Partial<Ground>, string, number, RegExp]>([
    ['an unknown pattern', { patternId: 'weekly' }, {}, 'PATTERN_NOT_FOUND', 404, /daily-rebalance/],
    ['a malformed date', { asOf: '16.11.2026' }, {}, 'INVALID_ASOF_DATE', 400, /2026-11-16/],
    ['a date that is none', { asOf: '2026-02-30' }, {}, 'INVALID_ASOF_DATE', 400, /2026-11-16/],
    ['a Sunday', { asOf: '2026-11-15' }, {}, 'INVALID_ASOF_DATE', 400, /2026-11-16/],
    ['a session still to come', { asOf: '2026-11-17' }, {}, 'INVALID_ASOF_DATE', 400, /2026-11-16/],
    ['a year without a calendar', { asOf: '1890-01-02' }, {}, 'INVALID_ASOF_DATE', 400, /2026-11-16/],
    ['an unknown strategy', { strategies: ['momentum', 'astrology'] }, {}, 'STRATEGY_NOT_FOUND', 400, /momentum/],
    ['a book that was not opened', {}, { book: null }, 'BOOK_NOT_FOUND', 404, /ballast cycle run .*--cash/],
    [
      'an open cycle',
      {},
      { open: { cycleId: OTHER, asOf: '2026-11-13', status: 'sealed' } },
      'CYCLE_OPEN',
      409,
      new RegExp(OTHER),
    ],
    ['broken books', {}, { book: books('broken') }, 'RECONCILIATION_FAILED', 500, /reconcile/],
    ['books that nobody could compare', {}, { book: books('unavailable') }, 'RECONCILIATION_FAILED', 500, /reconcile/],
    [
      'a date before the ledger',
      { asOf: '2026-11-12' },
      { lastClosedAsOf: '2026-11-13' },
      'ASOF_BEFORE_LEDGER',
      409,
      /--fresh/,
    ],
    ['no history', {}, { historyKnown: false }, 'PACK_WARMING', 503, /ask again after/],
    ['prices on their way', {}, { pack: pack('warming') }, 'PACK_WARMING', 503, /Ask again after .*"override"/],
    ['prices that sources disagree about', {}, { pack: pack('error') }, 'RECONCILIATION_FAILED', 500, /"override"/],
  ])('refuses %s', (_, request, ground, code, status, nextStep) => {
    const opening = attempt(request, ground);
    if (opening.kind === 'opened') throw new Error('it was opened');
    expect(opening.refusal).toMatchObject({ code, status });
    expect(opening.refusal.nextStep).toMatch(nextStep);
    expect(opening.refusal.extra).toMatchObject({
      pricing_pack_id: null,
      ledger_commit_hash: ground.book === null ? null : HASH,
    });
  });

  it.each<[string, Partial<ExecuteRequest>, string]>([
    ['fresh', {}, 'fresh'],
    ['stale, which is judged by the date of the cycle where the prices are', {}, 'stale'],
    ['on their way, on schedule, where nobody could ask again', { trigger: 'schedule' }, 'warming'],
    ['in error, where somebody answers for them', { override: { by: 'ada', reason: 'a split was missed' } }, 'error'],
  ])('opens with prices that are %s', (_, request, status) => {
    const opening = attempt(request, { pack: pack(status) });
    expect(opening.kind).toBe('opened');
    const [said] = opening.kind === 'opened' ? opening.facts : [];
    expect(said!.data).toMatchObject(request.override ? { packOverride: request.override } : {});
  });

  it('does not let anybody answer for prices that are not there', () => {
    const override = { by: 'ada', reason: 'I know them by heart' };
    expect(attempt({ override }, { historyKnown: false })).toMatchObject({ refusal: { code: 'PACK_WARMING' } });
  });

  it('names what a caller needs to go on', () => {
    expect(attempt({}, { pack: { ...pack('warming'), readyAt: '2026-11-16T22:00:07.000Z' } })).toMatchObject({
      refusal: { detail: 'why.', extra: { estimated_ready: '2026-11-16T22:00:07.000Z' } },
    });
    expect(attempt({}, { historyKnown: false })).toMatchObject({
      refusal: { extra: { estimated_ready: '2026-11-16T22:00:30.000Z' } },
    });
    expect(attempt({}, { open: { cycleId: OTHER, asOf: '2026-11-13', status: 'sealed' } })).toMatchObject({
      refusal: { extra: { cycleId: OTHER } },
    });
    expect(attempt({}, { book: books('broken') })).toMatchObject({
      refusal: { detail: expect.stringContaining('cash differs') },
    });
  });

  it('opens again once the books are green', () => {
    expect(attempt({}, { book: books('green') }).kind).toBe('opened');
  });
});

describe('names of a cycle', () => {
  it('draws the seed from the id alone, in 31 bits', () => {
    expect(seedOf(CYCLE_ID)).toBe(seedOf(CYCLE_ID));
    expect(seedOf(CYCLE_ID)).not.toBe(seedOf(OTHER));
    expect(seedOf(CYCLE_ID)).toBeLessThan(2 ** 31);
  });

  it('names a universe by its content', () => {
    expect(universeOf(undefined)).toEqual({ universeId: 'all' });
    expect(universeOf({ size: 250 })).toEqual({ universeId: 'top-250', size: 250 });
    const universe = universeOf({ symbols: ['MSFT', 'AAPL', 'MSFT'] });
    expect(universe.symbols).toEqual(['AAPL', 'MSFT']);
    expect(universeOf({ symbols: ['AAPL', 'MSFT'] })).toEqual(universe);
  });
});
