import { generateKeyPairSync, sign } from 'node:crypto';
import { approvedHashOf, Permit, permitText, type Trade } from '@ballast/contracts';
import { GENESIS_HASH, ledgerEntryHash } from '@ballast/kernel/ledger';
import { decimal } from '@ballast/kernel/money';
import { Violation } from '@ballast/testing';
import { describe, expect, it } from '@jest/globals';
import { everyOrderApproved, type Approval } from './approvals.js';
import { cashAgrees, fillsAgree, ledgerHolds, positionsAgree } from './books.js';
import { auditHasEveryStage, auditIsChained, everyCycleEnds, type CycleRow } from './cycles.js';
import { nothingSentWhileHalted } from './halts.js';
import { filledWithinOrdered, intentsOnce, ordersAgree, placedOnce, type OwnOrder } from './orders.js';

const AT = '2024-03-04T15:30:00.000Z';
const asked = (clientOrderId: string) => ({
  account: 'main',
  clientOrderId,
  symbol: 'A',
  side: 'buy' as const,
  quantity: '10',
});
const booked = (clientOrderId: string, filledQuantity = '10') => ({
  ...asked(clientOrderId),
  ...{ venueOrderId: `v-${clientOrderId}`, filledQuantity, status: 'filled' as const, submittedAt: AT },
});
const own = (client_order_id: string, more: Partial<OwnOrder> = {}): OwnOrder => ({
  ...{ client_order_id, parent_order_id: 'p', cycle_id: 'c', account: 'main', symbol: 'A', side: 'buy', slice: 0 },
  ...{ quantity: '10', filled_quantity: '10', approved_hash: 'h', state: 'filled', ...more },
});
const fill = (executionId: string, quantity = '10', price = '2.50') => ({
  ...{ executionId, venueOrderId: 'v', symbol: 'A', side: 'buy' as const, quantity, price, at: AT },
});
const ownFill = (execution_id: string, quantity = '10') => ({
  ...{ execution_id, symbol: 'A', side: 'buy', quantity, price: '2.5', fees: '0' },
});
const cycle = (more: Partial<CycleRow>): CycleRow => ({
  ...{ cycle_id: 'c', status: 'closed', outcome: 'executed', code: null, reason: null, stages: {}, ...more },
});

describe('a checker of orders', () => {
  it.each([
    ['one name sent twice', () => placedOnce([asked('1'), asked('1')])],
    ['an order that the gateway does not know', () => intentsOnce([booked('1')], [])],
    ['two attempts at one slice', () => intentsOnce([booked('1'), booked('2')], [own('1'), own('2')])],
    ['more filled than ordered at the venue', () => filledWithinOrdered([booked('1', '11')], [], [])],
    [
      'more filled than ordered in our books',
      () => filledWithinOrdered([], [own('1', { filled_quantity: '10.1' })], []),
    ],
    [
      'children that fill more than their parent',
      () => filledWithinOrdered([], [own('1'), own('2')], [{ parent_order_id: 'p', symbol: 'A', quantity: '19' }]),
    ],
    ['an order that never ends', () => ordersAgree([booked('1')], [own('1', { state: 'unknown' })])],
    ['fills that one side does not know', () => ordersAgree([booked('1', '9')], [own('1')])],
  ])('refuses %s', (_, check) => expect(check).toThrow(Violation));

  it('is content with orders that agree', () => {
    placedOnce([asked('1'), asked('2')]);
    intentsOnce([booked('1'), booked('2')], [own('1'), own('2', { slice: 1 })]);
    filledWithinOrdered([booked('1')], [own('1'), own('2')], [{ parent_order_id: 'p', symbol: 'A', quantity: '20' }]);
    ordersAgree([booked('1')], [own('1'), own('2', { state: 'rejected', filled_quantity: '0' })]);
  });
});

describe('a checker of books', () => {
  const entry = { kind: 'deposit' };
  const link = { previousHash: GENESIS_HASH, entry, hash: ledgerEntryHash(GENESIS_HASH, entry) };

  it.each([
    ['a fill that is there twice', () => fillsAgree('tax', [fill('1')], [ownFill('1'), ownFill('1')])],
    ['a fill that the venue does not know', () => fillsAgree('tax', [], [ownFill('1')])],
    ['a fill of another size', () => fillsAgree('tax', [fill('1')], [ownFill('1', '9')])],
    ['a fill that is missing', () => fillsAgree('tax', [fill('1')], [])],
    ['lots that are not the position', () => positionsAgree('tax', [{ symbol: 'A', quantity: '10' }], [])],
    ['a position that the venue does not have', () => positionsAgree('tax', [], [{ symbol: 'A', quantity: '1' }])],
    ['a cent that is missing here', () => cashAgrees('100', [fill('1')], decimal('75'), '74.99')],
    ['a cent that is missing there', () => cashAgrees('100', [fill('1')], decimal('75.01'), '75')],
    ['an entry that was changed', () => ledgerHolds([{ ...link, entry: { kind: 'other' } }], GENESIS_HASH, link.hash)],
    ['a head that is another', () => ledgerHolds([link], GENESIS_HASH, 'another')],
  ])('refuses %s', (_, check) => expect(check).toThrow(Violation));

  it('is content with books that agree', () => {
    fillsAgree('tax', [fill('1')], [ownFill('1', '10.0')]);
    positionsAgree(
      'tax',
      [{ symbol: 'A', quantity: '10' }],
      [4, 6].map((n) => ({ symbol: 'A', quantity: `${n}` })),
    );
    cashAgrees('100', [fill('1')], decimal('75'), '75.00');
    ledgerHolds([link], GENESIS_HASH, link.hash);
  });
});

describe('the checker of approvals', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const pem = String(publicKey.export({ type: 'spki', format: 'pem' }));
  const trade = { symbol: 'A', side: 'buy', quantity: '10' } as Trade;
  const trades = [trade];
  const approvedHash = approvedHashOf({ cycleId: 'c', account: 'main', trades });
  const terms = {
    ...{ planHash: '0'.repeat(64), approvedHash, account: 'main', limitsVersion: '1', expiresAt: AT, haltEpoch: 0 },
    ...('purpose' in Permit.shape ? { purpose: 'trade' } : {}),
  };
  const signature = sign(null, Buffer.from(permitText(terms as never)), privateKey).toString('base64');
  const approval = (more: object = {}, list = trades): Approval =>
    ({ verdict: { ...terms, cycleId: 'c', signature, ...more }, trades: list }) as unknown as Approval;
  const order = own('1', { approved_hash: approvedHash });

  it.each([
    ['an order without a verdict', order, []],
    ['an order of another cycle', { ...order, cycle_id: 'd' }, [approval()]],
    ['trades that are not those of the hash', order, [approval({}, [{ ...trade, quantity: '11' }])]],
    ['a signature over something else', order, [approval({ haltEpoch: 1 })]],
    ['a side that was not approved', { ...order, side: 'sell' }, [approval()]],
    ['more than was approved', { ...order, quantity: '11' }, [approval()]],
  ])('refuses %s', (_, one, approvals) => expect(() => everyOrderApproved([one], approvals, pem)).toThrow(Violation));

  it('is content with an order that was approved', () => everyOrderApproved([order], [approval()], pem));
});

describe('a checker of cycles', () => {
  const opened = { audit_id: '1', service: 'orchestrator', act: 'cycle.opened', cycle_id: 'c' };
  const closed = { ...opened, audit_id: '2', act: 'cycle.closed' };
  const halted = (...after: string[]) => [
    { account: 'main', how: 'over HTTP', sendingBefore: new Set(['1']), sendingAfter: new Set(after) },
  ];

  it.each([
    ['a cycle that stays open', () => everyCycleEnds([cycle({ status: 'executing' })])],
    ['a cycle that aborts without a reason', () => everyCycleEnds([cycle({ status: 'aborted' })])],
    ['a stage without an entry', () => auditHasEveryStage([cycle({ stages: { sealed: AT } })], [opened, closed])],
    ['an end without an entry', () => auditHasEveryStage([cycle({ stages: { opened: AT } })], [opened])],
    ['an entry outside of the chain', () => auditIsChained([opened], new Set(), { ok: true, detail: '' })],
    ['a chain that does not verify', () => auditIsChained([], new Set(), { ok: false, detail: 'entry 1' })],
    ['an order that was sent in a halt', () => nothingSentWhileHalted(halted('1', '2'))],
  ])('refuses %s', (_, check) => expect(check).toThrow(Violation));

  it('is content with cycles that end and tell of it', () => {
    everyCycleEnds([cycle({}), cycle({ status: 'aborted', code: 'DEADLINE', reason: 'nobody spoke' })]);
    auditHasEveryStage([cycle({ stages: { opened: AT } })], [opened, closed]);
    auditIsChained([opened], new Set(['1']), { ok: true, detail: '' });
    nothingSentWhileHalted(halted('1'));
  });
});
