import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  AccountOpened,
  AlertRaised,
  ApprovalDeclined,
  ApprovalGranted,
  ApprovalRequested,
  AuditRecorded,
  CancelRequested,
  CycleClosed,
  FlattenRequested,
  HaltLifted,
  HaltRaised,
  MessageParked,
  OrderRequested,
  parentOrderIdOf,
  uuid5,
  type AuditData,
} from '@ballast/contracts';
import { benchOf, type Bench } from '@ballast/testing';
import { consoleService } from '../module.js';

const HASH = 'a'.repeat(64);
const PERSON = { by: 'mina', reason: 'because it must be' };

let bench: Bench;
beforeAll(async () => {
  bench = await benchOf(consoleService);
  await bench.hear(AccountOpened, {
    portfolioId: 'main',
    account: 'main',
    mode: 'paper',
    currency: 'USD',
    cash: '1000',
    openedAt: bench.clock.now(),
  });
});
afterAll(() => bench.close());

const items = async <T = Record<string, unknown>>(path: string): Promise<T[]> => {
  const { status, body } = await bench.get(path);
  expect(status).toBe(200);
  return (body as { items: T[] }).items;
};

const audit = (n: number, service: 'feeds' | 'tax', cycleId: string | null): AuditData => ({
  auditId: uuid5('audit', n),
  service,
  act: `act.${n}`,
  actor: service,
  cycleId,
  portfolioId: 'main',
  subject: String(n),
  detail: { n, weight: 0.1 },
  at: bench.clock.now(),
});

describe('the audit chain', () => {
  const cycleId = uuid5('audited cycle');

  it('has every entry of every service in the order heard', async () => {
    await bench.hear(AuditRecorded.feeds, audit(1, 'feeds', cycleId));
    await bench.hear(AuditRecorded.tax, audit(2, 'tax', null));
    await bench.hear(AuditRecorded.feeds, audit(3, 'feeds', cycleId));
    const listed = await items('/api/v1/audit');
    expect(listed.map(({ sequence, act }) => [sequence, act])).toEqual([
      [1, 'act.1'],
      [2, 'act.2'],
      [3, 'act.3'],
    ]);
    expect(listed[1]!['previousHash']).toBe(listed[0]!['hash']);
    expect((await items(`/api/v1/audit?cycleId=${cycleId}&after=1`)).map(({ act }) => act)).toEqual(['act.3']);
    expect((await items('/api/v1/audit?service=tax')).map(({ act }) => act)).toEqual(['act.2']);
    expect((await bench.get('/api/v1/audit/verify')).body).toEqual({ ok: true, entries: 3, head: listed[2]!['hash'] });
  });

  it('takes a batch in as it takes single entries', async () => {
    const batch = Array.from({ length: 50 }, (_, i) => bench.message(AuditRecorded.tax, audit(100 + i, 'tax', null)));
    await bench.service.inbox.receive(batch);
    expect((await bench.get('/api/v1/audit/verify')).body).toMatchObject({ ok: true, entries: 53 });
  });

  it('finds an edited row, a row that was taken out and an end that was cut off', async () => {
    const { dataSource } = bench.service;
    const tampered = async (sql: string): Promise<unknown> => {
      const runner = dataSource.createQueryRunner();
      const [kept] = (await runner.query(`select json_agg(e order by sequence) as rows from audit_entry e`)) as {
        rows: unknown;
      }[];
      await runner.query(sql);
      const { body } = await bench.get('/api/v1/audit/verify');
      await runner.query(`delete from audit_entry`);
      await runner.query(`insert into audit_entry select * from json_populate_recordset(null::audit_entry, $1)`, [
        JSON.stringify(kept!.rows),
      ]);
      await runner.release();
      return body;
    };
    expect(
      await tampered(
        `update audit_entry set entry = jsonb_set(entry::jsonb, '{actor}', '"nobody"')::json where sequence = 2`,
      ),
    ).toMatchObject({ ok: false, entries: 1, broken: { sequence: 2, what: 'entry' } });
    expect(await tampered(`delete from audit_entry where sequence = 2`)).toMatchObject({
      ok: false,
      broken: { sequence: 2, what: 'missing', expected: 'entry 2', found: 'entry 3' },
    });
    expect(await tampered(`delete from audit_entry where sequence = 53`)).toMatchObject({
      ok: false,
      broken: { sequence: 53, what: 'head' },
    });
    expect(await tampered(`select 1`)).toMatchObject({ ok: true, entries: 53 });
  });
});

describe('alerts', () => {
  it('are listed and acknowledged once, by name and with a reason', async () => {
    const alert = {
      code: 'DISK_FULL',
      severity: 'critical' as const,
      message: 'the disk is full',
      numbers: { free: '0' },
      nextStep: 'make room',
      at: bench.clock.now(),
    };
    await bench.hear(AlertRaised.feeds, alert);
    await bench.hear(AlertRaised.risk, { ...alert, severity: 'info' });
    const [open] = await items('/api/v1/alerts?state=open&severity=critical');
    expect(open).toMatchObject({ code: 'DISK_FULL', family: 'feeds', state: 'open', numbers: { free: '0' } });
    const path = `/api/v1/alerts/${String(open!['alertId'])}/acknowledge`;
    expect(await bench.post(path, { by: 'mina' }, 'a1')).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'reason' }] },
    });
    expect(await bench.post(path, PERSON, 'a2')).toMatchObject({ status: 200, body: { state: 'acknowledged' } });
    expect(await bench.post(path, PERSON, 'a3')).toMatchObject({ status: 409, body: { code: 'ALERT_ACKNOWLEDGED' } });
    expect(await bench.post(`/api/v1/alerts/${uuid5('none')}/acknowledge`, PERSON, 'a4')).toMatchObject({
      status: 404,
    });
    expect(await items('/api/v1/alerts?state=acknowledged')).toMatchObject([{ acknowledgedBy: 'mina' }]);
    expect(await items('/api/v1/alerts?state=open')).toHaveLength(1);
    expect(await bench.audited()).toContain('alert.acknowledged');
  });

  it('stand beside the messages that were put aside', async () => {
    const parked = {
      code: 'MESSAGE_INVALID',
      consumer: 'tax',
      eventId: uuid5('parked'),
      type: 'x',
      key: 'k',
      error: 'e',
      at: bench.clock.now(),
    };
    await bench.hear(MessageParked.tax, parked);
    await bench.hear(MessageParked.tax, { ...parked, error: 'again' });
    expect(await items('/api/v1/alerts/parked')).toMatchObject([{ consumer: 'tax', error: 'again' }]);
  });
});

describe('orders', () => {
  it('can be asked for by a person, and are asked for once', async () => {
    const wanted = { book: 'main', symbol: 'AAPL', side: 'buy', quantity: '5', ...PERSON };
    const first = await bench.post('/api/v1/orders', wanted, 'o1');
    const { requestId } = first.body as { requestId: string };
    const orderId = parentOrderIdOf({ cycleId: requestId, account: 'main', symbol: 'AAPL', side: 'buy' });
    const follow = { verdict: `/api/v1/verdicts/${requestId}`, order: `/api/v1/orders/${orderId}` };
    expect(first).toEqual({ status: 202, body: { requestId, orderId, follow } });
    expect(await bench.post('/api/v1/orders', wanted, 'o1')).toEqual(first);
    expect(await bench.said(OrderRequested)).toEqual([
      { requestId, portfolioId: 'main', symbol: 'AAPL', side: 'buy', quantity: '5', notional: null, ...PERSON },
    ]);
    expect(await bench.post('/api/v1/orders', { ...wanted, book: 'none' }, 'o2')).toMatchObject({ status: 404 });
    expect(await bench.post('/api/v1/orders', { ...wanted, quantity: '0', extra: 1 }, 'o3')).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'quantity' }, { field: 'extra' }] },
    });
  });

  it('can be asked for by an amount of money, in place of shares', async () => {
    const wanted = { book: 'main', symbol: 'AAPL', side: 'buy', notional: '500', ...PERSON };
    expect(await bench.post('/api/v1/orders', wanted, 'n1')).toMatchObject({ status: 202 });
    expect((await bench.said(OrderRequested)).at(-1)).toMatchObject({
      symbol: 'AAPL',
      quantity: null,
      notional: '500',
    });
    const { notional: _, ...neither } = wanted;
    for (const [key, body] of [{ ...wanted, quantity: '5' }, neither].entries()) {
      expect(await bench.post('/api/v1/orders', body, `n2-${key}`)).toMatchObject({
        status: 400,
        body: { errors: [{ field: 'quantity' }] },
      });
    }
  });

  it('can be asked for under terms, which are kept as they are', async () => {
    const terms = { type: 'stop_limit', timeInForce: 'gtc', stopPrice: '95', limitPrice: '94.5' } as const;
    const wanted = { book: 'main', symbol: 'AAPL', side: 'sell', quantity: '5', terms, ...PERSON };
    expect(await bench.post('/api/v1/orders', wanted, 't1')).toMatchObject({ status: 202 });
    expect((await bench.said(OrderRequested)).at(-1)).toMatchObject({ symbol: 'AAPL', quantity: '5', terms });
    const wrong = { ...terms, timeInForce: 'gtd', stopLoss: { stopPrice: '1', trail: '2' } };
    expect(await bench.post('/api/v1/orders', { ...wanted, terms: wrong }, 't2')).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'terms.timeInForce' }, { field: 'terms.stopLoss.trail' }] },
    });
  });

  it('cannot be asked for while the account is halted', async () => {
    const halt = { account: 'main', reason: 'odd prices', by: 'mina', door: 'http' as const, at: bench.clock.now() };
    const wanted = { book: 'main', symbol: 'AAPL', side: 'buy', quantity: '5', ...PERSON };
    await bench.hear(HaltRaised, { ...halt, epoch: 1 });
    expect(await bench.post('/api/v1/orders', wanted, 'h1')).toMatchObject({
      status: 409,
      body: { code: 'ACCOUNT_HALTED' },
    });
    await bench.hear(HaltLifted, { ...halt, epoch: 2 });
    expect(await bench.post('/api/v1/orders', wanted, 'h2')).toMatchObject({ status: 202 });
  });

  it('can all be cancelled, where all is said', async () => {
    const path = '/api/v1/orders/cancel';
    expect(await bench.post(path, { book: 'main', all: true, ...PERSON }, 'c1')).toMatchObject({ status: 202 });
    expect(await bench.said(CancelRequested)).toMatchObject([{ clientOrderId: null, portfolioId: 'main', by: 'mina' }]);
    expect(await bench.post(path, { book: 'none', all: true, ...PERSON }, 'c2')).toMatchObject({
      status: 404,
      body: { code: 'BOOK_NOT_FOUND' },
    });
    expect(await bench.post(path, { book: 'main', ...PERSON }, 'c3')).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'all' }] },
    });
  });
});

describe('a flatten', () => {
  const path = '/api/v1/flatten';
  const wanted = { book: 'main', ...PERSON };
  const halt = { account: 'main', reason: 'odd prices', by: 'mina', door: 'http' as const };

  it('is for a halted account only', async () => {
    expect(await bench.post(path, wanted, 'f1')).toMatchObject({ status: 409, body: { code: 'ACCOUNT_NOT_HALTED' } });
    expect(await bench.post(path, { ...wanted, book: 'none' }, 'f2')).toMatchObject({
      status: 404,
      body: { code: 'BOOK_NOT_FOUND' },
    });
    expect(await bench.post(path, { book: 'main', by: 'mina', all: true }, 'f3')).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'reason' }, { field: 'all' }] },
    });
    expect(await bench.said(FlattenRequested)).toEqual([]);
  });

  it('is asked for once, under the halt that was heard last', async () => {
    await bench.hear(HaltRaised, { ...halt, epoch: 3, at: bench.clock.now() });
    const first = await bench.post(path, wanted, 'f4');
    expect(first).toMatchObject({ status: 202, body: { requestId: expect.any(String) } });
    expect(await bench.post(path, wanted, 'f4')).toEqual(first);
    expect(await bench.said(FlattenRequested)).toEqual([
      { ...(first.body as object), portfolioId: 'main', haltEpoch: 3, ...PERSON },
    ]);
    expect(await bench.audited()).toContain('flatten.requested');
    await bench.hear(HaltLifted, { ...halt, epoch: 4, at: bench.clock.now() });
    expect(await bench.post(path, wanted, 'f5')).toMatchObject({ status: 409, body: { code: 'ACCOUNT_NOT_HALTED' } });
  });
});

describe('approvals', () => {
  const ask = (cycleId: string) =>
    bench.hear(ApprovalRequested, {
      cycleId,
      portfolioId: 'main',
      account: 'main',
      planHash: HASH,
      approvedHash: HASH,
      notional: '500000',
      reasons: ['NOTIONAL_OVER_LIMIT'],
      expiresAt: '2024-03-04T15:10:00.000Z',
    });
  const said = { decision: 'granted', approvedHash: HASH, ...PERSON };

  it('are given once, for the list that was asked about', async () => {
    const cycleId = uuid5('approved');
    await ask(cycleId);
    expect(await items('/api/v1/approvals?state=pending')).toMatchObject([
      { cycleId, state: 'pending', notional: '500000' },
    ]);
    const path = `/api/v1/approvals/${cycleId}`;
    const other = { ...said, approvedHash: 'b'.repeat(64) };
    expect(await bench.post(path, other, 'p1')).toMatchObject({
      status: 409,
      body: { code: 'APPROVAL_HASH_MISMATCH' },
    });
    expect(await bench.post(path, said, 'p2')).toMatchObject({ status: 200, body: { cycleId, state: 'granted' } });
    expect(await bench.post(path, { ...said, decision: 'declined' }, 'p3')).toMatchObject({
      status: 409,
      body: { code: 'APPROVAL_DECIDED' },
    });
    expect(await bench.said(ApprovalGranted)).toMatchObject([{ cycleId, approvedHash: HASH, by: 'mina' }]);
    expect(await bench.said(ApprovalDeclined)).toEqual([]);
  });

  it('lapse with their cycle, and expire', async () => {
    const [ended, late] = [uuid5('ended'), uuid5('late')];
    await ask(ended);
    await ask(late);
    await bench.hear(CycleClosed, {
      cycleId: ended,
      portfolioId: 'main',
      outcome: 'vetoed',
      decisions: { BUY: 0, SELL: 0, HOLD: 0, REJECT: 0 },
      ledgerCommitHash: HASH,
      closedAt: bench.clock.now(),
    });
    expect(await bench.post(`/api/v1/approvals/${ended}`, said, 'p4')).toMatchObject({
      body: { code: 'APPROVAL_LAPSED' },
    });
    await bench.advanceTo('2024-03-04T15:10:00.000Z');
    expect(await bench.post(`/api/v1/approvals/${late}`, said, 'p5')).toMatchObject({
      body: { code: 'APPROVAL_EXPIRED' },
    });
    expect(await items('/api/v1/approvals?state=expired')).toMatchObject([{ cycleId: late, state: 'expired' }]);
    expect(await bench.post(`/api/v1/approvals/${uuid5('x')}`, said, 'p6')).toMatchObject({
      body: { code: 'APPROVAL_NOT_REQUESTED' },
    });
  });
});
