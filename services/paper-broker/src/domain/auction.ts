import { D } from '@ballast/kernel/money';
import { wholeOf } from './depth.js';
import { fill, lacksCash, quiet, withdraw } from './lifecycle.js';
import type { Entry, Outcome } from './lifecycle.js';
import type { MarketSession } from './market.js';
import { isDormant, remainingQty } from './order.js';
import type { Order } from './order.js';
import type { Rules } from './rules.js';
import { take, takenIn } from './symbol-book.js';

/**
 * Lets an order take part in the opening or closing auction: at one price, the official open or close of the day, up to the
 * shares that the auction has for its side. `opg` and `cls` orders always do; where the venue holds auctions, everything
 * that waits for the open does too. The auction's price does not depend on the orders here.
 */
export function crossAt(entry: Entry, session: MarketSession, which: 'open' | 'close', rules: Rules): Outcome {
  const { order, book } = entry;
  const bar = session.bars.get(order.symbol);
  if (!bar || book.haltedAt !== null || !takesPart(order, session, which, rules)) return quiet(entry);
  const price = which === 'open' ? bar.open : bar.close;
  const limit = order.limitPrice ?? price;
  if (order.side === 'buy' ? limit.lessThan(price) : limit.greaterThan(price)) return quiet(entry);
  const now = which === 'open' ? session.open : session.close;
  const taken = takenIn(book.auction, `${session.date} ${which}`);
  const left = remainingQty(order);
  const shares = rules.auctions?.shares ?? null;
  const had = order.side === 'buy' ? taken.bought : taken.sold;
  const qty = shares === null ? left : wholeOf(D.max(shares.minus(had), 0), left);
  if (qty.isZero()) return quiet(entry);
  if (lacksCash(entry, qty, price)) return withdraw(entry, now);
  const auction = take(taken, order.side, qty);
  return fill({ ...entry, book: { ...book, auction } }, qty, price, now, { fees: rules.fees, date: session.date });
}

function takesPart(order: Order, session: MarketSession, which: 'open' | 'close', rules: Rules): boolean {
  if (which === 'close') return order.timeInForce === 'cls';
  if (order.timeInForce === 'opg') return true;
  const waited = order.submittedAt < session.open && !order.extendedHours;
  return rules.auctions !== null && order.timeInForce !== 'cls' && waited && !isDormant(order);
}
