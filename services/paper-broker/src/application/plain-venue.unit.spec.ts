// Goal: a venue with nothing switched on trades as it always did, byte for byte: recorded books rest on it.
import { createHash } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { addMilliseconds } from '@ballast/kernel/calendar';
import { D } from '@ballast/kernel/money';
import { rng } from '@ballast/kernel/random';
import type { Rng } from '@ballast/kernel/random';
import { barOf, rulesWith, sessionOf } from '../../test/book.js';
import type { MarketSession } from '../domain/market.js';
import { isRefusal } from '../domain/refusal.js';
import { advance, cancelOrder, openAccountOnce, placeOrder, setMarket } from './desk.js';
import { emptyState, UnitOfWork } from './state.js';
import { frameJson, orderJson } from './wire.js';

/** Taken from the venue before it knew depth, latency, bands, auctions, fees and short sales. */
const FRAMES = 2_600;
const DIGEST = '9a7c263b96fed225231b1236ed0db8041992861fd145f9b1d2aab668e153b320';

const RUNS = 60;
const STEPS = 60;
const rules = rulesWith({ partialFills: true });
const LIMITS: Readonly<Record<string, readonly number[]>> = {
  AAA: [9500, 10600],
  BBB: [1990, 2010],
  CCC: [4950, 5200],
};

const dayOf = (date: string, seed: string): MarketSession =>
  sessionOf({
    ...{ date, seed, open: `${date}T13:30:00.000Z`, close: `${date}T20:00:00.000Z`, source: 't' },
    bars: new Map([
      ['AAA', barOf('AAA', '100', '106', '95', '104.5')],
      ['BBB', barOf('BBB', '20')],
      ['CCC', barOf('CCC', '50', '52', '49.5', '50.1')],
    ]),
  });

function bodyOf(random: Rng, id: string): object {
  const type = random.pick(['market', 'limit']);
  const timeInForce = type === 'market' ? random.pick(['day', 'ioc']) : random.pick(['day', 'ioc', 'gtc']);
  const symbol = random.pick(['AAA', 'BBB', 'CCC']);
  const side = random.pick(['buy', 'buy', 'sell']);
  const qty = timeInForce === 'day' ? String(random.int(20_000) / 1000 + 0.001) : String(1 + random.int(20));
  const body = { symbol, side, type, time_in_force: timeInForce, qty, client_order_id: id };
  if (type === 'market') return body;
  const cents = random.pick(LIMITS[symbol] ?? []) - 100 + random.int(200);
  return { ...body, limit_price: String(cents).replace(/(..)$/, '.$1') };
}

it('gives the same frames, orders and balances as it did before', () => {
  const hash = createHash('sha256');
  let frames = 0;
  for (let run = 0; run < RUNS; run += 1) {
    const random = rng(`golden${run}`);
    const state = emptyState('2017-07-03T12:00:00.000Z');
    const ids: string[] = [];
    const transact = <T>(act: (uow: UnitOfWork) => T): T => {
      const uow = new UnitOfWork(state, new Set());
      const result = act(uow);
      uow.fold();
      for (const frame of uow.frames) hash.update(JSON.stringify(frameJson(frame)));
      frames += uow.frames.length;
      const { accounts, orders } = uow.changes();
      const balances = accounts.map((a) => [
        ...[a.name, a.cash.toFixed(), a.reserved.toFixed()],
        ...[a.lastFrame, a.lastEquity.toFixed()],
      ]);
      hash.update(JSON.stringify([...balances, ...orders.map((o) => [orderJson(o), o.dueAt, o.sessionDate])]));
      return result;
    };
    transact((uow) => openAccountOnce(uow, 'main', new D('5000')));
    for (const date of ['2017-07-03', '2017-07-05']) {
      transact((uow) => setMarket(uow, dayOf(date, `s${run}`), rules));
      for (let step = 0; step < STEPS; step += 1) {
        const kind = random.int(10);
        if (kind < 6) {
          const body = bodyOf(random, `o${date}${step}`);
          const placed = transact((uow) => placeOrder(uow, 'main', body, rules));
          hash.update(JSON.stringify(isRefusal(placed) ? placed.body : orderJson(placed)));
          if (!isRefusal(placed)) ids.push(placed.id);
        } else if (kind < 7 && ids.length > 0) {
          transact((uow) => cancelOrder(uow, 'main', random.pick(ids), rules));
        } else {
          transact((uow) =>
            advance(uow, addMilliseconds(uow.now, random.int(20) * 60_000 + random.int(3) * 700), rules),
          );
        }
      }
      const evening = `${date}T21:00:00.000Z`;
      transact((uow) => advance(uow, evening > uow.now ? evening : uow.now, rules));
    }
  }
  expect([frames, hash.digest('hex')]).toEqual([FRAMES, DIGEST]);
});
