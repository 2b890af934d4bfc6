import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { D } from '@ballast/kernel/money';
import { accountOf, holdingOf, requestOf, rulesWith, sessionOf } from '../../test/book.js';
import { OPEN } from '../../test/times.js';
import { place } from '../domain/place.js';
import { emptyBook } from '../domain/symbol-book.js';
import { isRefusal } from '../domain/refusal.js';
import { frameJson, orderJson } from './wire.js';

const fixtures = resolve(process.env['BALLAST_SHARED_DATA'] ?? '../shared/data', '../cases/alpaca-fixtures.json');

function bought() {
  const result = place(
    requestOf({ qty: '2.5' }),
    {
      account: accountOf('1000'),
      holding: holdingOf('BBB'),
      book: emptyBook('BBB'),
      lending: null,
      opening: [],
      session: sessionOf(),
      now: OPEN,
      seq: 1,
      clientOrderId: 'c',
    },
    rulesWith(),
  );
  if (isRefusal(result)) throw new Error(result.body.message);
  return result;
}

const kindOf = (value: unknown): string => (value === null ? 'null' : typeof value);

describe('what goes over the wire', () => {
  it('has the fields of the published order and trade update, numbers as text', () => {
    if (!existsSync(fixtures)) {
      console.warn(`skipped: no ${fixtures}`);
      return;
    }
    const published = JSON.parse(readFileSync(fixtures, 'utf8')) as {
      order: Record<string, unknown>;
      trade_update_fill: { data: Record<string, unknown> & { order: Record<string, unknown> } };
    };
    const { acknowledged, outcome } = bought();
    const order = orderJson(acknowledged);
    expect(Object.keys(order).sort()).toEqual(Object.keys(published.order).sort());
    // Published is an order by notional, ours one by qty: the only two fields that differ in kind.
    const differing = Object.keys(order).filter((field) => kindOf(order[field]) !== kindOf(published.order[field]));
    expect(differing.sort()).toEqual(['notional', 'qty']);
    const event = outcome.events[1];
    if (!event) throw new Error('the order was filled');
    const frame = frameJson({ account: 'main', frame: 2, event }) as { data: { order: Record<string, unknown> } };
    expect(Object.keys(frame.data).sort()).toEqual(Object.keys(published.trade_update_fill.data).sort());
    expect(Object.keys(frame.data.order)).toEqual(
      expect.arrayContaining(Object.keys(published.trade_update_fill.data.order)),
    );
  });

  it('says amounts in plain digits', () => {
    const { outcome } = bought();
    const json = orderJson({
      ...outcome.order,
      qty: new D('0.000000001'),
      filledQty: new D('0.000000001'),
      filledNotional: new D('0.00000002'),
    });
    expect(json).toMatchObject({ qty: '0.000000001', filled_avg_price: '20', limit_price: null, notional: null });
  });
});
