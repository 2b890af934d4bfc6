import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  AccountOpened,
  AlertRaised,
  approvedHashOf,
  CycleAborted,
  CycleClosed,
  CycleOpened,
  HistoryImported,
  LedgerPosted,
  PlanApproved,
  PlanDeclined,
  PlanProposed,
  PlanTrimmed,
  PlanVetoed,
  PositionValued,
  ReconciliationCompleted,
  ScheduleCompleted,
  SchedulePlanned,
  SnapshotRefused,
  SnapshotSealed,
  uuid5,
  type Mark,
  type Rows,
  type Target,
  type Trade,
  type Trim,
} from '@ballast/contracts';
import { packRows } from '@ballast/platform';
import { benchOf, type Bench, type HttpAnswer } from '@ballast/testing';
import { mark, trade } from '../../test/facts.fixture.js';
import { OpenCycle } from '../messages.js';
import { orchestrator } from '../module.js';

const HASH = 'a'.repeat(64);
const LEDGER = 'b'.repeat(64);
const REQUEST = { patternId: 'daily-rebalance', asOf: '2024-03-01', trigger: 'operator' };

let bench: Bench;
beforeAll(async () => {
  bench = await benchOf(orchestrator, { env: { ORCHESTRATOR_EXECUTE_WAIT_SECONDS_MAX: '1' } });
});
afterAll(() => bench.close());

const rows = async <T>(list: readonly T[]): Promise<never> => (await packRows(bench.packs, list)) as Rows<T> as never;
const ref = (cycleId: string, portfolioId: string) => ({ cycleId, portfolioId });
const execute = (portfolioId: string, key: string, more: object = {}): Promise<HttpAnswer> =>
  bench.post('/v1/execute', { ...REQUEST, portfolioId, ...more }, key);

/** A book that can have cycles. */
const openBook = (portfolioId: string) =>
  bench.hear(AccountOpened, {
    portfolioId,
    account: portfolioId,
    mode: 'paper',
    currency: 'USD',
    cash: '1000',
    openedAt: bench.clock.now(),
  });

const importHistory = () =>
  bench.hear(HistoryImported, {
    importId: uuid5('import'),
    source: 'spec',
    synthetic: true,
    symbols: 3,
    rows: 900,
    refused: 0,
    from: '2023-01-03',
    to: '2024-03-01',
  });

async function seal(cycleId: string, portfolioId: string, marks: readonly Mark[]): Promise<void> {
  await bench.hear(SnapshotSealed, {
    ...ref(cycleId, portfolioId),
    universeId: 'all',
    asOf: '2024-03-01',
    packId: HASH,
    pricingPackId: HASH,
    symbols: marks.length,
    sessions: 300,
    marks: await rows(marks),
    regime: { trend: 'up', volatility: 'normal', trendScore: 0.1, realisedVolatility: 0.15 },
    quality: { average: 1, lowest: 1, below: [] },
    staleness: { lastSession: '2024-03-01', sessionsBehind: 0 },
    source: { name: 'spec', synthetic: true },
    sealedAt: bench.clock.now(),
  });
}

async function value(cycleId: string, portfolioId: string): Promise<void> {
  await bench.hear(PositionValued, {
    ...ref(cycleId, portfolioId),
    account: portfolioId,
    asOf: '2024-03-01',
    cash: '1000',
    equity: '1000',
    positions: await rows([]),
    unpriced: [],
    working: await rows([]),
    ledgerSequence: 1,
    ledgerCommitHash: HASH,
  });
}

async function propose(cycleId: string, portfolioId: string, targets: Target[], trades: Trade[]): Promise<void> {
  await bench.hear(PlanProposed, {
    ...ref(cycleId, portfolioId),
    pricingPackId: HASH,
    planHash: HASH,
    method: 'equal_weight',
    strategies: [],
    excluded: [],
    residualCash: '0.1',
    infeasibleCap: false,
    equity: '1000',
    targets: await rows(targets),
    trades: await rows(trades),
  });
}

const judged = async (cycleId: string, portfolioId: string, trims: readonly Trim[] = []) => ({
  ...ref(cycleId, portfolioId),
  account: portfolioId,
  origin: 'plan' as const,
  planHash: HASH,
  limitsVersion: '1',
  checks: await rows([]),
  trims: await rows(trims),
  judgedAt: bench.clock.now(),
});

const signed = async (cycleId: string, portfolioId: string, trades: readonly Trade[], trims: readonly Trim[] = []) => ({
  ...(await judged(cycleId, portfolioId, trims)),
  approvedHash: approvedHashOf({ cycleId, account: portfolioId, trades }),
  trades: await rows(trades),
  expiresAt: '2024-03-04T21:00:00.000Z',
  haltEpoch: 0,
  purpose: 'trade' as const,
  keyId: 'spec',
  signature: 'spec',
});

const parentOf = (cycleId: string, portfolioId: string, symbol: string) => ({
  ...ref(cycleId, portfolioId),
  account: portfolioId,
  parentOrderId: uuid5(cycleId, symbol),
  symbol,
  side: 'buy' as const,
});

async function work(cycleId: string, portfolioId: string, symbol: string): Promise<void> {
  const parent = parentOf(cycleId, portfolioId, symbol);
  await bench.hear(SchedulePlanned, {
    ...parent,
    algorithm: 'twap',
    quantity: '10',
    referencePrice: '10',
    approvedHash: HASH,
    slices: [{ slice: 0, quantity: '10', dueAt: bench.clock.now() }],
  });
  await bench.hear(ScheduleCompleted, {
    ...parent,
    status: 'filled',
    quantity: '10',
    filledQuantity: '10',
    averagePrice: '10',
    arrivalPrice: null,
    slippageBp: null,
    reason: null,
  });
}

const reconcile = (cycleId: string | null, portfolioId: string, status: 'green' | 'broken') =>
  bench.hear(ReconciliationCompleted, {
    reconciliationId: uuid5(String(cycleId), status, bench.clock.now()),
    account: portfolioId,
    portfolioId,
    cycleId,
    fills: 0,
    status,
    breaks: status === 'green' ? [] : [{ kind: 'cash', subject: 'USD', ours: '1', venue: '2' }],
    at: bench.clock.now(),
  });

const post = async (cycleId: string, portfolioId: string) =>
  bench.hear(LedgerPosted, {
    ...ref(cycleId, portfolioId),
    fromSequence: 2,
    toSequence: 4,
    ledgerCommitHash: LEDGER,
    cash: '900',
    realised: '0',
    fees: '0',
    positions: await rows([]),
  });

/** Opens a cycle without waiting for its prices. */
async function open(portfolioId: string, key: string): Promise<string> {
  const request = { ...REQUEST, trigger: 'operator' as const };
  const received = await bench.tell(OpenCycle, portfolioId, { idempotencyKey: key, portfolioId, request });
  expect(received).toMatchObject({ status: 'handled', reply: { status: 200 } });
  return uuid5(portfolioId, key);
}

describe('POST /v1/execute', () => {
  it('refuses what it cannot do, each with a code, a next step and both hashes', async () => {
    const hashes = { pricing_pack_id: null, ledger_commit_hash: null };
    const faulty = await execute('nobody', 'k1', { trigger: 'event', universe: { symbol: ['AAPL'] } });
    expect(faulty).toMatchObject({ status: 400, body: { code: 'INVALID_REQUEST', ...hashes } });
    const { errors } = faulty.body as { errors: { field: string }[] };
    expect(errors.map(({ field }) => field).sort()).toEqual(['eventId', 'universe.symbol']);
    expect(await bench.post('/v1/execute', REQUEST)).toMatchObject({
      status: 400,
      body: { code: 'IDEMPOTENCY_KEY_REQUIRED', ...hashes },
    });
    expect(await execute('nobody', 'k2')).toMatchObject({ status: 404, body: { code: 'BOOK_NOT_FOUND', ...hashes } });
    await openBook('cold');
    expect(await execute('cold', 'k0', { patternId: 'weekly' })).toMatchObject({ body: { code: 'PATTERN_NOT_FOUND' } });
    const warming = await execute('cold', 'k3');
    expect(warming).toMatchObject({
      status: 503,
      body: { code: 'PACK_WARMING', estimated_ready: '2024-03-04T15:00:30.000Z', ...hashes },
    });
  });

  it('takes the same key again once there are prices', async () => {
    await importHistory();
    expect(await execute('cold', 'k3')).toMatchObject({ status: 200, body: { cycleId: uuid5('cold', 'k3') } });
  });

  it('answers with the hashes when the prices are sealed, and gives a repeat the same cycle', async () => {
    await openBook('sealed');
    const cycleId = uuid5('sealed', 'k4');
    const answer = execute('sealed', 'k4');
    while ((await bench.get(`/api/v1/cycles/${cycleId}`)).status === 404);
    await seal(cycleId, 'sealed', [mark('AAA')]);
    const trace_id = expect.stringMatching(/^[0-9a-f]{32}$/) as never;
    const expected = { cycleId, trace_id, status: 'sealed', pricing_pack_id: HASH, ledger_commit_hash: null };
    expect(await answer).toMatchObject({ status: 200, body: expected });
    expect(await execute('sealed', 'k4')).toMatchObject({ status: 200, body: expected });
    expect(await execute('sealed', 'k4', { asOf: '2024-02-29' })).toMatchObject({
      status: 422,
      body: { code: 'IDEMPOTENCY_KEY_REUSED' },
    });
    expect(await execute('sealed', 'k5')).toMatchObject({ status: 409, body: { code: 'CYCLE_OPEN', cycleId } });
    expect((await bench.said(CycleOpened)).filter((data) => data.portfolioId === 'sealed')).toHaveLength(1);
  });

  it('is refused while the books do not agree, and not once they do', async () => {
    await openBook('books');
    await reconcile(null, 'books', 'broken');
    const refused = await execute('books', 'k6');
    expect(refused).toMatchObject({ status: 500, body: { code: 'RECONCILIATION_FAILED' } });
    expect((refused.body as { detail: string }).detail).toContain('cash USD is 1 here and 2 there');
    await reconcile(null, 'books', 'green');
    expect(await execute('books', 'k7')).toMatchObject({
      status: 200,
      body: { status: 'opened', pricing_pack_id: null },
    });
  });
});

describe('a cycle', () => {
  it('that is trimmed writes its decisions, closes with the ledger and has an entry a stage', async () => {
    await openBook('trimmed');
    const cycleId = await open('trimmed', 't1');
    const plan = [trade('AAA', '100'), trade('BBB', '10')];
    await seal(cycleId, 'trimmed', [mark('AAA'), mark('BBB'), mark('ZZZ', 0.1)]);
    await value(cycleId, 'trimmed');
    await propose(cycleId, 'trimmed', [{ symbol: 'CCC', weight: '0.25', contributors: [] }], plan);
    const trims = [
      { symbol: 'AAA', code: 'NOTIONAL_MAX', from: '100', to: '60', observed: '1000', limit: '600' },
      { symbol: 'BBB', code: 'SECTOR_MAX', from: '10', to: '0', observed: null, limit: null },
    ];
    await bench.hear(PlanTrimmed, await signed(cycleId, 'trimmed', [trade('AAA', '60')], trims));
    await work(cycleId, 'trimmed', 'AAA');
    await reconcile(cycleId, 'trimmed', 'green');
    await post(cycleId, 'trimmed');

    const decisions = { BUY: 1, SELL: 0, HOLD: 1, REJECT: 2 };
    const closed = (await bench.said(CycleClosed)).find((data) => data.cycleId === cycleId);
    expect(closed).toMatchObject({ outcome: 'executed', decisions, ledgerCommitHash: LEDGER });
    const listed = await bench.get(`/api/v1/cycles/${cycleId}/decisions`);
    expect(listed.body).toEqual({
      next: null,
      items: [
        {
          symbol: 'AAA',
          action: 'BUY',
          reasonCodes: ['position_scaled', 'NOTIONAL_MAX'],
          targetWeight: null,
          heldQuantity: '0',
          plannedQuantity: '100',
          approvedQuantity: '60',
        },
        {
          symbol: 'BBB',
          action: 'REJECT',
          reasonCodes: ['SECTOR_MAX'],
          targetWeight: null,
          heldQuantity: '0',
          plannedQuantity: '10',
          approvedQuantity: '0',
        },
        {
          symbol: 'CCC',
          action: 'HOLD',
          reasonCodes: ['no_trade_needed'],
          targetWeight: '0.25',
          heldQuantity: '0',
          plannedQuantity: null,
          approvedQuantity: null,
        },
        {
          symbol: 'ZZZ',
          action: 'REJECT',
          reasonCodes: ['data_quality'],
          targetWeight: null,
          heldQuantity: '0',
          plannedQuantity: null,
          approvedQuantity: null,
        },
      ],
    });
    expect((await bench.get(`/api/v1/cycles/${cycleId}/decisions?action=BUY&limit=1`)).body).toMatchObject({
      next: null,
      items: [{ symbol: 'AAA' }],
    });
    expect(await acts(cycleId)).toEqual([
      'cycle.closed',
      'cycle.decided',
      'cycle.executed',
      'cycle.executing',
      'cycle.judged',
      'cycle.opened',
      'cycle.planned',
      'cycle.posted',
      'cycle.reconciled',
      'cycle.sealed',
      'cycle.valued',
    ]);
    const shown = (await bench.get(`/api/v1/cycles/${cycleId}`)).body as { stages: { stage: string }[] };
    expect(shown).toMatchObject({
      ...{ status: 'closed', outcome: 'executed', durationMs: 0, ledgerCommitHash: LEDGER },
      universe: { universeId: 'all' },
      deadlines: { decideBy: '2024-03-04T15:10:00.000Z', completeBy: '2024-03-04T21:30:00.000Z' },
    });
    expect(shown.stages.map(({ stage }) => stage)).toContain('closed');
  });

  it('may be followed by another on the same date, and by none before it', async () => {
    expect(await execute('trimmed', 't2', { asOf: '2024-02-29' })).toMatchObject({
      status: 409,
      body: { code: 'ASOF_BEFORE_LEDGER', ledger_commit_hash: LEDGER },
    });
    await open('trimmed', 't3');
  });

  it('that is vetoed closes at once with every planned trade rejected, and notes what comes late', async () => {
    await openBook('vetoed');
    const cycleId = await open('vetoed', 'v1');
    await bench.hear(PlanVetoed, { ...(await judged(cycleId, 'vetoed')), codes: ['HALTED'] });
    await propose(cycleId, 'vetoed', [], [trade('AAA', '1')]);
    await value(cycleId, 'vetoed');
    await seal(cycleId, 'vetoed', [mark('AAA')]);
    const closed = (await bench.said(CycleClosed)).find((data) => data.cycleId === cycleId);
    expect(closed).toMatchObject({ outcome: 'vetoed', decisions: { REJECT: 1 }, ledgerCommitHash: HASH });
    await work(cycleId, 'vetoed', 'AAA');
    await bench.hear(PlanApproved, await signed(cycleId, 'vetoed', [trade('AAA', '1')]));
    expect((await acts(cycleId)).filter((act) => act === 'cycle.late_fact')).toHaveLength(3);
    const shown = (await bench.get(`/api/v1/cycles/${cycleId}`)).body;
    expect(shown).toMatchObject({ status: 'closed', verdict: 'vetoed', lateFacts: { 'risk.plan.approved.v1': 1 } });
    expect((await bench.said(CycleClosed)).filter((data) => data.cycleId === cycleId)).toHaveLength(1);
  });

  it('whose plan is declined closes at once', async () => {
    await openBook('declined');
    const cycleId = await open('declined', 'd1');
    await seal(cycleId, 'declined', [mark('AAA')]);
    await value(cycleId, 'declined');
    await bench.hear(PlanDeclined, { ...ref(cycleId, 'declined'), code: 'NO_SCORES', reason: 'none scored' });
    expect((await bench.get(`/api/v1/cycles/${cycleId}`)).body).toMatchObject({
      outcome: 'declined',
      code: 'NO_SCORES',
    });
  });

  it('without prices is aborted with the reason, and a person is told', async () => {
    await openBook('priceless');
    const cycleId = await open('priceless', 'p1');
    await bench.hear(SnapshotRefused, {
      ...ref(cycleId, 'priceless'),
      universeId: 'all',
      code: 'STALE_HISTORY',
      reason: 'the history ends on 2024-02-01',
    });
    const aborted = (await bench.said(CycleAborted)).find((data) => data.cycleId === cycleId);
    expect(aborted).toMatchObject({ code: 'STALE_HISTORY', stage: 'sealed' });
    const alerts = await bench.said(AlertRaised.orchestrator);
    expect(alerts.at(-1)).toMatchObject({ code: 'CYCLE_ABORTED', numbers: { cycleId } });
  });

  it('of ten thousand symbols keeps a decision for each of them', async () => {
    await openBook('large');
    const cycleId = await open('large', 'l1');
    const trades = Array.from({ length: 10_000 }, (_, i) => trade(`S${i}`, '1'));
    await seal(
      cycleId,
      'large',
      trades.map(({ symbol }) => mark(symbol)),
    );
    await value(cycleId, 'large');
    await propose(cycleId, 'large', [], trades);
    await bench.hear(PlanApproved, await signed(cycleId, 'large', trades));
    const first = (await bench.get(`/api/v1/cycles/${cycleId}/decisions?limit=10000`)).body as { items: unknown[] };
    expect(first.items).toHaveLength(10_000);
  });
});

describe('silence', () => {
  it('past the deadline aborts whatever has no verdict, and leaves alone what trades', async () => {
    await openBook('silent');
    const cycleId = await open('silent', 's1');
    await seal(cycleId, 'silent', [mark('AAA')]);
    await bench.advanceTo('2024-03-04T15:10:00.000Z');
    const aborted = (await bench.said(CycleAborted)).find((data) => data.cycleId === cycleId);
    expect(aborted).toMatchObject({ code: 'STAGE_SILENT', stage: 'valued', abortedAt: '2024-03-04T15:10:00.000Z' });
    expect(aborted!.reason).toContain('since 2024-03-04T15:00:00.000Z portfolio valued nothing');
    expect((await bench.get('/api/v1/cycles?book=large')).body).toMatchObject({ items: [{ status: 'judged' }] });
    expect((await bench.get('/api/v1/cycles/health?book=silent')).body).toMatchObject({
      status: 'failing',
      aborted: 1,
    });
    await bench.advanceTo('2024-03-04T21:30:00.000Z');
    expect((await bench.get('/api/v1/cycles?book=large')).body).toMatchObject({
      items: [{ status: 'aborted', code: 'STAGE_SILENT' }],
    });
  });
});

describe('lists', () => {
  it('are walked page by page', async () => {
    const seen: string[] = [];
    for (let after = ''; ;) {
      const page = (await bench.get(`/api/v1/cycles?limit=3${after}`)).body as {
        items: { cycleId: string }[];
        next: string | null;
      };
      seen.push(...page.items.map(({ cycleId }) => cycleId));
      if (page.next === null) break;
      after = `&after=${page.next}`;
    }
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toHaveLength((await bench.said(CycleOpened)).length);
  });

  it('say where there is nothing', async () => {
    expect(await bench.get(`/api/v1/cycles/${uuid5('nobody')}`)).toMatchObject({
      status: 404,
      body: { code: 'CYCLE_NOT_FOUND' },
    });
    expect(await bench.get('/api/v1/cycles?limit=0&books=x')).toMatchObject({ status: 400 });
  });
});

async function acts(cycleId: string): Promise<string[]> {
  const entries = await bench.service.dataSource.query<{ act: string }[]>(
    `select act from audit where cycle_id = $1 order by act`,
    [cycleId],
  );
  return entries.map(({ act }) => act);
}
