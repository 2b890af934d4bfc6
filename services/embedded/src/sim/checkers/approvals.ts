import { createPublicKey, verify } from 'node:crypto';
import { approvedHashOf, Permit, permitText, type DataOf, type PlanApproved, type Trade } from '@ballast/contracts';
import { decimal } from '@ballast/kernel/money';
import { Violation } from '@ballast/testing';
import type { OwnOrder } from './orders.js';

/** A verdict of risk with its list of trades. */
export interface Approval {
  readonly verdict: DataOf<typeof PlanApproved>;
  readonly trades: readonly Trade[];
}

/** Every order goes back to a verdict whose hash is that of its trades, whose signature holds, and which lists its trade. */
export function everyOrderApproved(
  orders: readonly OwnOrder[],
  approvals: readonly Approval[],
  publicKeyPem: string,
): void {
  const key = createPublicKey(publicKeyPem);
  const byHash = new Map(approvals.map((approval) => [approval.verdict.approvedHash, approval]));
  for (const order of orders) {
    const { symbol, side, approved_hash: hash, cycle_id: cycleId } = order;
    const wrong = (why: string): Violation =>
      new Violation('every order is approved', `${side} ${symbol} ${order.client_order_id}: ${why}`);
    const approval = byHash.get(hash);
    if (!approval || approval.verdict.cycleId !== cycleId) throw wrong(`no verdict of its cycle has the hash ${hash}`);
    const { verdict, trades } = approval;
    const computed = approvedHashOf({ cycleId, account: verdict.account, trades });
    if (computed !== hash) throw wrong(`the approved trades hash to ${computed}, and ${hash} was signed`);
    const text = permitText(Permit.parse(verdict));
    if (!verify(null, Buffer.from(text), key, Buffer.from(verdict.signature, 'base64')))
      throw wrong('the signature does not hold');
    const trade = trades.find((each) => each.symbol === symbol && each.side === side);
    if (!trade) throw wrong('its trade is not in the approved list');
    if (decimal(order.quantity).greaterThan(trade.quantity)) {
      throw wrong(`${order.quantity} is more than the ${trade.quantity} that were approved`);
    }
  }
}
