import { describe, expect, it } from '@jest/globals';
import {
  parseAccount,
  parseBars,
  parseError,
  parseFees,
  parseFills,
  parseOrder,
  parsePositions,
  parseQuotes,
  parseTradeUpdate,
} from './alpaca-wire.js';

const order = {
  id: 'o1',
  client_order_id: 'c1',
  symbol: 'AAPL',
  side: 'buy',
  qty: '10',
  filled_qty: '0',
  status: 'new',
  submitted_at: '2021-03-16T18:38:01.937734Z',
};

describe('what Alpaca sends', () => {
  it('is an order in our words', () => {
    expect(parseOrder(order)).toEqual({
      clientOrderId: 'c1',
      venueOrderId: 'o1',
      symbol: 'AAPL',
      side: 'buy',
      quantity: '10',
      filledQuantity: '0',
      status: 'working',
      submittedAt: '2021-03-16T18:38:01.937Z',
    });
  });

  it.each([
    ['partially_filled', 'working'],
    ['done_for_day', 'working'],
    ['filled', 'filled'],
    ['canceled', 'cancelled'],
    ['replaced', 'replaced'],
    ['pending_replace', 'pending_replace'],
    ['held', 'held'],
    ['suspended', 'held'],
    ['expired', 'expired'],
    ['rejected', 'rejected'],
  ])('has the status %s, which is %s to us', (status, ours) => {
    expect(parseOrder({ ...order, status }).status).toBe(ours);
  });

  it.each([
    ['a status that nobody knows', { status: 'melted' }],
    ['a quantity that is no number', { qty: 'ten' }],
    ['no client order id', { client_order_id: undefined }],
    ['a time that is none', { submitted_at: 'yesterday' }],
  ])('is refused with %s', (_, wrong) => {
    expect(() => parseOrder({ ...order, ...wrong })).toThrow(/cannot be read/);
  });

  it('is a fill by the id that the stream uses too', () => {
    const [fill] = parseFills([
      {
        id: '20220203000000000::045b3b8d-c566-4bef-b741-2bf598dd6ae7',
        transaction_time: '2022-02-03T05:00:00.123456Z',
        price: '100.50',
        qty: '3',
        side: 'sell_short',
        symbol: 'AAPL',
        order_id: 'o1',
      },
    ]);
    expect(fill).toMatchObject({
      executionId: '045b3b8d-c566-4bef-b741-2bf598dd6ae7',
      price: '100.5',
      side: 'sell',
      at: '2022-02-03T05:00:00.123Z',
    });
  });

  it('is a fee that takes what its net amount says the cash loses', () => {
    const fee = { id: '20190801011955195::5f596936', activity_type: 'FEE', date: '2019-08-01', net_amount: '-0.01' };
    expect(
      parseFees([
        { ...fee, description: 'TAF fee', activity_sub_type: 'TAF' },
        { ...fee, id: 'x', net_amount: '2' },
      ]),
    ).toEqual([
      {
        ...{ activityId: '20190801011955195::5f596936', code: 'TAF', amount: '0.01', date: '2019-08-01' },
        ...{ description: 'TAF fee', at: '2019-08-01T23:59:59.999Z' },
      },
      {
        activityId: 'x',
        code: null,
        amount: '-2',
        date: '2019-08-01',
        description: '',
        at: '2019-08-01T23:59:59.999Z',
      },
    ]);
    expect(() => parseFees([{ ...fee, net_amount: null }])).toThrow(/list of fees cannot be read.*net_amount/s);
  });

  it('is a position with a sign, cash, and quotes', () => {
    expect(parsePositions([{ symbol: 'AAPL', qty: '5', side: 'short' }])).toEqual([{ symbol: 'AAPL', quantity: '-5' }]);
    expect(parseQuotes({ quotes: { AAPL: { bp: 99.99, ap: 100.01 } } })).toEqual([
      { symbol: 'AAPL', bid: '99.99', ask: '100.01' },
    ]);
  });

  it.each<[string[], string]>([
    [['R'], 'open'],
    [['O', 'R'], 'open'],
    [['Z'], 'halted'],
    [['R', 'P'], 'halted'],
    [['L'], 'closed'],
    [['N'], 'not_firm'],
    [['R', '?'], 'not_firm'],
    [[], 'not_firm'],
  ])('is a quote of the conditions %j, which is %s to us', (c, condition) => {
    const [quote] = parseQuotes({ quotes: { AAPL: { bp: 1, ap: 2, t: '2024-03-04T15:00:00.1234Z', c } } });
    expect(quote).toEqual({ symbol: 'AAPL', bid: '1', ask: '2', at: '2024-03-04T15:00:00.123Z', condition });
  });

  it('is bars by symbol, a page at a time, or none', () => {
    const bar = { t: '2024-03-04T15:00:00Z', o: 1, h: 3, l: 0.5, c: 2, v: 100, n: 4, vw: 1.75 };
    expect(parseBars({ bars: { AAPL: [bar] }, next_page_token: 'n' })).toEqual({
      bars: [
        {
          ...{ symbol: 'AAPL', at: '2024-03-04T15:00:00.000Z', open: '1', high: '3', low: '0.5', close: '2' },
          ...{ volume: '100', vwap: '1.75' },
        },
      ],
      next: 'n',
    });
    expect(parseBars({ bars: null })).toEqual({ bars: [], next: null });
    expect(() => parseBars({ bars: { AAPL: [{ ...bar, vw: 'dear' }] } })).toThrow(/bars cannot be read/);
  });

  it('is an account, of which what the venue does not say is unknown and not a pass', () => {
    const unknown = {
      ...{ equity: null, buyingPower: null, multiplier: null, active: null, shortingEnabled: null },
      ...{ tradingBlocked: null, accountBlocked: null, patternDayTrader: null, dayTrades: null },
    };
    expect(parseAccount({ cash: '100.10' })).toEqual({ cash: '100.1', ...unknown });
    const said = {
      cash: '1',
      equity: '2',
      buying_power: '4',
      multiplier: '2',
      status: 'ACTIVE',
      shorting_enabled: true,
    };
    const flags = { trading_blocked: false, account_blocked: false, pattern_day_trader: false, daytrade_count: 2 };
    expect(parseAccount({ ...said, ...flags })).toEqual({
      ...{ cash: '1', equity: '2', buyingPower: '4', multiplier: '2', active: true, shortingEnabled: true },
      ...{ tradingBlocked: false, accountBlocked: false, patternDayTrader: false, dayTrades: 2 },
    });
    expect(parseAccount({ ...said, ...flags, status: 'SUBMITTED' })).toMatchObject({ active: false });
    expect(parseAccount({ ...said, ...flags, trade_suspended_by_user: true })).toMatchObject({ tradingBlocked: true });
    expect(() => parseAccount({ ...said, trading_blocked: 'no' })).toThrow('account');
  });

  it('is a fill on the stream only with its id, quantity, price and time', () => {
    const fill = {
      event: 'fill',
      execution_id: 'e1',
      price: '100',
      qty: '10',
      timestamp: '2024-03-04T15:00:00.5Z',
      order,
    };
    expect(parseTradeUpdate(fill)).toMatchObject({
      event: 'fill',
      fill: { executionId: 'e1', quantity: '10', price: '100', at: '2024-03-04T15:00:00.500Z' },
    });
    expect(() => parseTradeUpdate({ ...fill, execution_id: undefined })).toThrow(/lacks its id/);
    expect(parseTradeUpdate({ ...fill, event: 'calculated' })).toBeNull();
    expect(() => parseTradeUpdate({ ...fill, event: 'melted' })).toThrow(/an event of Alpaca/);
  });

  it('is a refusal only with a message of its own', () => {
    expect(parseError('{"code":40310000,"message":"insufficient buying power"}')).toEqual({
      code: '40310000',
      message: 'insufficient buying power',
    });
    expect([parseError('<html>403</html>'), parseError(''), parseError('{"error":"x"}')]).toEqual([null, null, null]);
  });
});
