import { addMilliseconds } from '@ballast/kernel/calendar';
import { D } from '@ballast/kernel/money';
import { advance, cancelOrder, openAccountOnce, placeOrder, setMarket } from '../src/application/desk.js';
import { emptyState, UnitOfWork } from '../src/application/state.js';
import type { VenueState } from '../src/application/state.js';
import type { Account, Holding } from '../src/domain/account.js';
import type { MarketSession } from '../src/domain/market.js';
import type { VenueEvent } from '../src/domain/lifecycle.js';
import type { Rules } from '../src/domain/rules.js';
import type { Order, OrderType, Side, TimeInForce } from '../src/domain/order.js';
import { isRefusal } from '../src/domain/refusal.js';
import { rulesWith, sessionOf } from './book.js';
import { BEFORE_OPEN } from './times.js';

export type Step =
  | {
      readonly kind: 'place';
      readonly symbol: string;
      readonly side: Side;
      readonly type: OrderType;
      readonly timeInForce: TimeInForce;
      readonly qtyThousandths: number;
      readonly limitCents: number;
    }
  | { readonly kind: 'cancel'; readonly index: number }
  | { readonly kind: 'advance'; readonly minutes: number };

export interface Book {
  readonly account: Account;
  readonly holdings: ReadonlyMap<string, Holding>;
  /** Every order that was accepted, as it ended up. */
  readonly orders: ReadonlyMap<string, Order>;
  readonly events: readonly VenueEvent[];
  readonly session: MarketSession;
  readonly now: string;
}

export const configuredRules = (partialFills: boolean): Rules => rulesWith({ partialFills });

/** Runs a script through the desk in memory, each step a transaction, from an hour and a half before the open. */
export function runScript(script: readonly Step[], rules: Rules, seed: string): Book {
  const state = emptyState(BEFORE_OPEN);
  const events: VenueEvent[] = [];
  const orders = new Map<string, Order>();
  const session = sessionOf({ seed });
  const transact = (act: (uow: UnitOfWork) => unknown): void => {
    const uow = new UnitOfWork(state, new Set());
    act(uow);
    uow.fold();
    for (const order of uow.changes().orders) orders.set(order.id, order);
    events.push(...uow.frames.map(({ event }) => event));
  };
  transact((uow) => openAccountOnce(uow, 'main', new D('5000')));
  transact((uow) => setMarket(uow, session, rules));
  script.forEach((step, index) => transact((uow) => run(step, index, uow, [...orders.keys()], rules)));
  return { account: accountIn(state), holdings: state.holdings, orders, events, session, now: state.now };
}

function run(step: Step, index: number, uow: UnitOfWork, placed: readonly string[], rules: Rules): void {
  if (step.kind === 'advance') {
    const moved = advance(uow, addMilliseconds(uow.now, step.minutes * 60_000), rules);
    if (isRefusal(moved)) throw new Error(moved.body.message);
    return;
  }
  if (step.kind === 'cancel') {
    const id = placed[step.index];
    if (id !== undefined) cancelOrder(uow, 'main', id, rules);
    return;
  }
  const qty = new D(step.qtyThousandths).div(1000);
  placeOrder(
    uow,
    'main',
    {
      symbol: step.symbol,
      side: step.side,
      type: step.type,
      time_in_force: step.timeInForce,
      qty: (step.timeInForce === 'day' ? qty : qty.ceil()).toFixed(),
      ...(step.type === 'limit' ? { limit_price: new D(step.limitCents).div(100).toFixed() } : {}),
      client_order_id: `order-${index}`,
    },
    rules,
  );
}

function accountIn(state: VenueState): Account {
  const account = state.accounts.get('main');
  if (!account) throw new Error('the script did not open its account');
  return account;
}
