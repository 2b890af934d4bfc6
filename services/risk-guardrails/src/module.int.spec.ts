// Goal: on a real schema, a plan is judged once all is known, whatever came first; what may be executed is signed, and nothing else.
import { createPublicKey, verify } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AlertRaised,
  ApprovalDeclined,
  ApprovalGranted,
  ApprovalRequested,
  approvedHashOf,
  CycleAborted,
  CycleOpened,
  FlattenRequested,
  HaltLifted,
  HaltRaised,
  LedgerPosted,
  OrderRequested,
  Permit,
  permitText,
  PlanApproved,
  PlanProposed,
  PlanRefused,
  PlanTrimmed,
  PlanVetoed,
  PositionValued,
  SnapshotSealed,
  Trade,
  type DataOf,
} from '@ballast/contracts';
import { packRows, unpackRows } from '@ballast/platform';
import { benchOf, type Bench, type BenchOptions } from '@ballast/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  CLOSE,
  cycle,
  flattenFact,
  haltFact,
  inline,
  markOf,
  openedFact,
  planFact,
  postedFact,
  sealedFact,
  tradeOf,
  valuedFact,
  wishFact,
} from '../test/facts.fixture.js';
import { createSigningKeys, type SigningKeyFiles } from './adapters/signing-keys.js';
import { riskGuardrails } from './module.js';

let keysFolder: string;
let keys: SigningKeyFiles;
beforeAll(async () => {
  keysFolder = await mkdtemp(join(tmpdir(), 'ballast-keys-'));
  keys = await createSigningKeys(keysFolder);
});
afterAll(() => rm(keysFolder, { recursive: true }));

const open: Bench[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((bench) => bench.close()));
});

async function risk(env: Record<string, string> = {}, options: BenchOptions = {}): Promise<Bench> {
  const bench = await benchOf(riskGuardrails, {
    ...options,
    env: { RISK_SIGNING_KEY_FILE: keys.privateKeyFile, ...env },
  });
  open.push(bench);
  return bench;
}

/** Brings all parts of a cycle in; the trades are its plan. */
async function plan(bench: Bench, n: number, trades: Trade[], held: Record<string, string> = {}): Promise<void> {
  await bench.hear(CycleOpened, openedFact(n));
  await bench.hear(SnapshotSealed, sealedFact(n));
  await bench.hear(PositionValued, valuedFact(n, held));
  await bench.hear(PlanProposed, planFact(n, inline(trades)));
}

async function signatureHolds(verdict: DataOf<typeof PlanApproved>): Promise<boolean> {
  const publicKey = createPublicKey(await readFile(keys.publicKeyFile, 'utf8'));
  const text = permitText(Permit.parse(verdict));
  return verify(null, Buffer.from(text), publicKey, Buffer.from(verdict.signature, 'base64'));
}

describe('a plan', () => {
  it('is judged when its last part has come, the same whichever that is', async () => {
    const said: unknown[] = [];
    for (const first of [0, 1, 2, 3]) {
      const bench = await risk();
      const parts = [
        () => bench.hear(CycleOpened, openedFact(1)),
        () => bench.hear(SnapshotSealed, sealedFact(1)),
        () => bench.hear(PositionValued, valuedFact(1)),
        () =>
          bench.hear(PlanProposed, planFact(1, inline([tradeOf('AAA', 'buy', '1200'), tradeOf('BBB', 'buy', '10')]))),
      ];
      for (const [i, part] of [...parts.slice(first), ...parts.slice(0, first)].entries()) {
        expect(await bench.said(PlanTrimmed)).toHaveLength(0);
        await part();
        if (i < 3) expect(await bench.saidAll()).toEqual([]);
      }
      said.push(await bench.said(PlanTrimmed));
      expect(await bench.audited()).toEqual(['plan.judged']);
    }
    const [verdict] = said[0] as DataOf<typeof PlanTrimmed>[];
    expect(verdict).toMatchObject({
      ...{ origin: 'plan', account: 'main', haltEpoch: 0, expiresAt: CLOSE },
      trades: {
        inline: [
          { symbol: 'AAA', quantity: '1000' },
          { symbol: 'BBB', quantity: '10' },
        ],
      },
      trims: { inline: [{ symbol: 'AAA', code: 'POSITION_SIZE_EXCEEDED', from: '1200', to: '1000' }] },
    });
    expect(said.slice(1)).toEqual([said[0], said[0], said[0]]);
  });

  it('that fits is approved and signed over the list that may be executed', async () => {
    const bench = await risk();
    const trades = [tradeOf('AAA', 'buy', '500')];
    await plan(bench, 1, trades);
    const [verdict] = await bench.said(PlanApproved);
    expect(verdict!.approvedHash).toBe(approvedHashOf({ cycleId: cycle(1), account: 'main', trades }));
    expect(await signatureHolds(verdict!)).toBe(true);
    expect(await signatureHolds({ ...verdict!, haltEpoch: 1 })).toBe(false);
    const answer = await bench.get(`/api/v1/verdicts/${cycle(1)}`);
    expect(answer).toMatchObject({ status: 200, body: { verdict: 'approved', trades, trims: [] } });
  });

  it('of nothing is approved', async () => {
    const bench = await risk();
    await plan(bench, 1, []);
    expect(await bench.said(PlanApproved)).toMatchObject([{ trades: { count: 0 } }]);
  });

  it('of a halted account is vetoed, until the halt is lifted under a new epoch', async () => {
    const bench = await risk();
    await bench.hear(HaltRaised, haltFact(1));
    await plan(bench, 1, [tradeOf('AAA', 'buy', '500')]);
    expect(await bench.said(PlanVetoed)).toMatchObject([{ cycleId: cycle(1), codes: ['HALTED'] }]);
    expect(await bench.said(AlertRaised.risk)).toMatchObject([{ code: 'PLAN_VETOED', severity: 'warning' }]);
    await bench.hear(HaltLifted, haltFact(2));
    await plan(bench, 2, [tradeOf('AAA', 'buy', '500')]);
    expect(await bench.said(PlanApproved)).toMatchObject([{ cycleId: cycle(2), haltEpoch: 2 }]);
  });

  it('of a cycle that was aborted is not judged', async () => {
    const bench = await risk();
    const aborted = { code: 'SILENT', reason: 'late', stage: 'plan', abortedAt: CLOSE };
    await bench.hear(CycleAborted, { cycleId: cycle(1), portfolioId: 'main', ...aborted });
    await plan(bench, 1, [tradeOf('AAA', 'buy', '500')]);
    expect(await bench.saidAll()).toEqual([]);
    expect(await bench.get(`/api/v1/verdicts/${cycle(1)}`)).toMatchObject({
      status: 404,
      body: { code: 'VERDICT_NOT_FOUND' },
    });
  });

  it('of 10,000 trades is judged, and its lists travel by the pack store', async () => {
    const bench = await risk({ RISK_LIMIT_SECTOR_GROSS: '10' });
    const symbols = Array.from({ length: 10_000 }, (_, i) => `S${String(i).padStart(5, '0')}`);
    await bench.hear(CycleOpened, openedFact(1));
    const marks = await packRows(
      bench.packs,
      symbols.map((symbol) => markOf(symbol)),
    );
    await bench.hear(SnapshotSealed, sealedFact(1, marks as never));
    await bench.hear(PositionValued, valuedFact(1));
    const trades = await packRows(
      bench.packs,
      symbols.map((symbol) => tradeOf(symbol, 'buy', '2')),
    );
    await bench.hear(PlanProposed, planFact(1, trades as never));
    const [verdict] = await bench.said(PlanApproved);
    expect(await unpackRows(bench.packs, verdict!.trades, Trade)).toHaveLength(10_000);
  });
});

describe('an order of a person', () => {
  it('is judged like a plan of one trade, with what was let through since counted', async () => {
    const bench = await risk();
    await plan(bench, 1, [tradeOf('AAA', 'buy', '900')], { BBB: '100' });
    await bench.hear(OrderRequested, wishFact(1, 'AAA', 'buy', '200'));
    const [trimmed] = await bench.said(PlanTrimmed);
    expect(trimmed).toMatchObject({
      ...{ cycleId: wishFact(1, 'AAA', 'buy', '1').requestId, origin: 'manual', expiresAt: '2024-03-05T15:00:00.000Z' },
      trades: { inline: [{ symbol: 'AAA', quantity: '100' }] },
    });
    expect(await signatureHolds(trimmed!)).toBe(true);
  });

  it('keeps its terms, which are signed with the trade', async () => {
    const bench = await risk();
    await plan(bench, 1, []);
    const terms = { type: 'limit', timeInForce: 'gtc', limitPrice: '99.5' } as const;
    await bench.hear(OrderRequested, { ...wishFact(1, 'AAA', 'buy', '1200'), terms });
    const [verdict] = await bench.said(PlanTrimmed);
    const trades = verdict!.trades.inline as Trade[];
    expect(trades).toMatchObject([{ symbol: 'AAA', quantity: '1000', terms }]);
    const { cycleId, account, approvedHash } = verdict!;
    expect(approvedHashOf({ cycleId, account, trades })).toBe(approvedHash);
    const without = trades.map(({ terms: _, ...trade }) => trade);
    expect(approvedHashOf({ cycleId, account, trades: without })).not.toBe(approvedHash);
  });

  it('may sell what the ledger of the cycle has posted', async () => {
    const bench = await risk();
    await plan(bench, 1, [tradeOf('AAA', 'buy', '900')]);
    await bench.hear(OrderRequested, wishFact(1, 'AAA', 'sell', '900'));
    expect(await bench.said(PlanVetoed)).toMatchObject([{ origin: 'manual', codes: ['NOT_ENOUGH_HELD'] }]);
    await bench.hear(LedgerPosted, postedFact(1, 2, { AAA: '900' }));
    await bench.hear(OrderRequested, wishFact(2, 'AAA', 'sell', '900'));
    expect((await bench.said(PlanApproved)).at(-1)).toMatchObject({ origin: 'manual', trades: { count: 1 } });
  });

  it('is vetoed where nothing is known of the book, or not of late', async () => {
    const bench = await risk();
    await bench.hear(OrderRequested, wishFact(1, 'AAA', 'buy', '1'));
    await plan(bench, 1, []);
    await bench.advanceTo('2024-03-08T15:00:00.001Z');
    await bench.hear(OrderRequested, wishFact(2, 'AAA', 'buy', '1'));
    expect((await bench.said(PlanVetoed)).map(({ codes }) => codes)).toEqual([['NO_VALUATION'], ['STALE_MARKS']]);
  });

  it('can be tried out without changing anything', async () => {
    const bench = await risk();
    await plan(bench, 1, []);
    const before = await bench.saidAll();
    const wish = { book: 'main', symbol: 'AAA', side: 'buy', quantity: '1200' };
    expect(await bench.post('/api/guardrails/check', wish)).toMatchObject({
      status: 200,
      body: {
        verdict: 'trimmed',
        trims: [{ code: 'POSITION_SIZE_EXCEEDED', to: '1000' }],
        marks: { cycleId: cycle(1) },
      },
    });
    const other = { ...wish, book: 'other' };
    expect(await bench.post('/api/guardrails/check', other)).toMatchObject({
      body: { verdict: 'vetoed', codes: ['NO_VALUATION'] },
    });
    expect(await bench.post('/api/guardrails/check', { ...wish, side: 'short' })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'side' }] },
    });
    expect(await bench.saidAll()).toEqual(before);
    const limits = await bench.get('/api/v1/risk/limits');
    expect(limits).toMatchObject({ body: { limits: { notionalPerNameMax: '0.10' }, approvalNotionalUsdMin: null } });
    expect(await bench.get('/api/guardrails/explain')).toMatchObject({
      body: { checks: [{ code: 'HALT' }, {}, {}, {}] },
    });
  });
});

describe('the approval of a person', () => {
  const asking = { RISK_APPROVAL_NOTIONAL_USD_MIN: '5000' };
  const answer = (approvedHash: string) => ({
    cycleId: cycle(1),
    portfolioId: 'main',
    approvedHash,
    by: 'ada',
    reason: 'looks right',
  });
  const asked = async (bench: Bench) => {
    await plan(bench, 1, [tradeOf('AAA', 'buy', '1200')]);
    const [question] = await bench.said(ApprovalRequested);
    return question!;
  };

  it('is not asked for at the threshold, and is above it', async () => {
    const bench = await risk(asking);
    await plan(bench, 1, [tradeOf('AAA', 'buy', '500')]);
    expect(await bench.said(PlanApproved)).toHaveLength(1);
    await plan(bench, 2, [tradeOf('AAA', 'buy', '501')]);
    expect(await bench.said(PlanApproved)).toHaveLength(1);
    expect(await bench.said(ApprovalRequested)).toMatchObject([{ cycleId: cycle(2), notional: '5010' }]);
  });

  it('lets exactly the list be executed that was asked about', async () => {
    const bench = await risk(asking);
    const { approvedHash } = await asked(bench);
    expect(await bench.get(`/api/v1/verdicts/${cycle(1)}`)).toMatchObject({
      body: { verdict: 'approval_requested', approvedHash },
    });
    await bench.hear(ApprovalGranted, answer('0'.repeat(64)));
    expect(await bench.said(PlanTrimmed)).toEqual([]);
    expect(await bench.said(AlertRaised.risk)).toMatchObject([{ code: 'APPROVAL_MISMATCH' }]);
    await bench.hear(ApprovalGranted, answer(approvedHash));
    const [verdict] = await bench.said(PlanTrimmed);
    expect(verdict).toMatchObject({ approvedHash, trims: { inline: [{ from: '1200', to: '1000' }] } });
    expect(await signatureHolds(verdict!)).toBe(true);
    await bench.hear(ApprovalGranted, answer(approvedHash));
    expect(await bench.said(PlanTrimmed)).toHaveLength(1);
  });

  it.each<[string, (bench: Bench) => Promise<unknown>, string]>([
    ['a halt since', (bench) => bench.hear(HaltRaised, haltFact(1)), 'HALTED'],
    ['its expiry', (bench) => bench.advanceTo(CLOSE), 'APPROVAL_EXPIRED'],
  ])('does not help after %s', async (_what, meanwhile, code) => {
    const bench = await risk(asking);
    const { approvedHash } = await asked(bench);
    await meanwhile(bench);
    await bench.hear(ApprovalGranted, answer(approvedHash));
    expect(await bench.said(PlanVetoed)).toMatchObject([{ codes: [code] }]);
    expect(await bench.said(PlanTrimmed)).toEqual([]);
  });

  it('that is declined is a veto', async () => {
    const bench = await risk(asking);
    const { approvedHash } = await asked(bench);
    await bench.hear(ApprovalDeclined, answer(approvedHash));
    expect(await bench.said(PlanVetoed)).toMatchObject([{ codes: ['DECLINED'] }]);
  });
});

describe('a flatten', () => {
  /** A book that holds 900 AAA and 10 BBB in its ledger, halted at epoch 1. */
  const halted = async (env: Record<string, string> = {}): Promise<Bench> => {
    const bench = await risk(env);
    await plan(bench, 1, [tradeOf('AAA', 'buy', '900')], { BBB: '10' });
    await bench.hear(LedgerPosted, postedFact(1, 2, { AAA: '900', BBB: '10' }));
    await bench.hear(HaltRaised, haltFact(1));
    return bench;
  };
  const flattened = async (bench: Bench) =>
    (await bench.said(PlanApproved)).filter(({ origin }) => origin === 'flatten').at(-1);

  it('is a permit of its own for exactly what the book holds, and nobody is asked for a yes', async () => {
    const bench = await halted({ RISK_APPROVAL_NOTIONAL_USD_MIN: '9001' });
    await bench.hear(FlattenRequested, flattenFact(1, 1));
    const verdict = await flattened(bench);
    expect(verdict).toMatchObject({
      ...{ cycleId: flattenFact(1, 1).requestId, purpose: 'flatten', haltEpoch: 1, account: 'main' },
      trades: {
        inline: [
          { symbol: 'AAA', side: 'sell', quantity: '900', referencePrice: '10', notional: '9000' },
          { symbol: 'BBB', side: 'sell', quantity: '10' },
        ],
      },
    });
    expect(await signatureHolds(verdict!)).toBe(true);
    expect(await signatureHolds({ ...verdict!, purpose: 'trade' })).toBe(false);
    expect(await bench.said(ApprovalRequested)).toEqual([]);
    expect(await bench.get(`/api/v1/verdicts/${verdict!.cycleId}`)).toMatchObject({
      body: { verdict: 'approved', origin: 'flatten', purpose: 'flatten', trims: [] },
    });
    expect((await bench.said(PlanApproved))[0]).toMatchObject({ origin: 'plan', purpose: 'trade' });
  });

  it('counts itself as working until it was refused or its ledger is posted', async () => {
    const bench = await halted();
    await bench.hear(FlattenRequested, flattenFact(1, 1));
    const { cycleId, approvedHash } = (await flattened(bench))!;
    await bench.hear(FlattenRequested, flattenFact(2, 1));
    expect(await bench.said(PlanVetoed)).toMatchObject([{ origin: 'flatten', codes: ['NOTHING_TO_CLOSE'] }]);
    const refused = { cycleId, portfolioId: 'main', account: 'main', approvedHash, reason: 'a test' };
    await bench.hear(PlanRefused, { ...refused, code: 'SIGNATURE_INVALID' });
    await bench.hear(FlattenRequested, flattenFact(3, 1));
    expect(await bench.said(PlanVetoed)).toHaveLength(2);
    await bench.hear(PlanRefused, { ...refused, code: 'NOT_REDUCING' });
    await bench.hear(FlattenRequested, flattenFact(4, 1));
    expect(await flattened(bench)).toMatchObject({ cycleId: flattenFact(4, 1).requestId, trades: { count: 2 } });
    const ledger = { ...postedFact(1, 4, { BBB: '10' }), cycleId: flattenFact(4, 1).requestId };
    await bench.hear(LedgerPosted, ledger);
    await bench.hear(FlattenRequested, flattenFact(5, 1));
    expect(await flattened(bench)).toMatchObject({
      trades: { inline: [{ symbol: 'BBB', side: 'sell', quantity: '10' }] },
    });
    await bench.hear(LedgerPosted, { ...postedFact(1, 5, {}), cycleId: flattenFact(5, 1).requestId });
    await bench.hear(FlattenRequested, flattenFact(6, 1));
    expect((await bench.said(PlanVetoed)).at(-1)).toMatchObject({ codes: ['NOTHING_TO_CLOSE'] });
  });

  it('is bound to the halt that it was asked under, heard of here or not', async () => {
    const bench = await halted();
    await bench.hear(FlattenRequested, flattenFact(1, 3));
    expect(await flattened(bench)).toMatchObject({ haltEpoch: 3 });
    await bench.hear(HaltLifted, haltFact(2));
    await bench.hear(FlattenRequested, flattenFact(2, 1));
    expect(await bench.said(PlanVetoed)).toMatchObject([{ origin: 'flatten', codes: ['HALT_EPOCH_OLD'] }]);
  });

  it('does not wait for fresh marks', async () => {
    const bench = await halted();
    await bench.advanceTo('2024-03-18T15:00:00.000Z');
    await bench.hear(FlattenRequested, flattenFact(1, 1));
    expect((await flattened(bench))!.checks.inline).toContainEqual(
      expect.objectContaining({ code: 'STALE_MARKS', status: 'not_evaluated', observed: '336' }),
    );
  });

  it('of a book that nothing is known of is vetoed', async () => {
    const bench = await risk();
    await bench.hear(FlattenRequested, flattenFact(1, 1));
    expect(await bench.said(PlanVetoed)).toMatchObject([{ origin: 'flatten', codes: ['NO_VALUATION'] }]);
  });
});

describe('the signing keys', () => {
  it('are made once, the private one for its owner alone', async () => {
    const again = await createSigningKeys(keysFolder);
    expect(again).toEqual(keys);
    const pem = await readFile(keys.privateKeyFile, 'utf8');
    await createSigningKeys(keysFolder);
    expect(await readFile(keys.privateKeyFile, 'utf8')).toBe(pem);
    expect((await stat(keys.privateKeyFile)).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['is missing', () => Promise.resolve(join(keysFolder, 'nothing.pem'))],
    [
      'holds no private key',
      async () => {
        const file = join(keysFolder, 'text.pem');
        await writeFile(file, 'no key');
        return file;
      },
    ],
  ])('a file that %s is a fault of the configuration with the way out', async (_what, file) => {
    await expect(risk({ RISK_SIGNING_KEY_FILE: await file() })).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('npm start'),
    });
  });
});
