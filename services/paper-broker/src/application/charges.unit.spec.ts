// Goal: fees are taken from the cash once a day and told; shares are sold short only where they can be borrowed and secured.
import { describe, expect, it } from '@jest/globals';
import { D } from '@ballast/kernel/money';
import { barOf, rulesWith, sessionOf } from '../../test/book.js';
import { Bench } from '../../test/bench.js';
import { CLOSE, OPEN } from '../../test/times.js';
import { isRefusal } from '../domain/refusal.js';
import type { Rules } from '../domain/rules.js';
import { nextDueOf, setMarket } from './desk.js';
import { equityOf } from './valuation.js';

const NEXT = {
  ...{ date: '2017-07-05', open: '2017-07-05T13:30:00.000Z', close: '2017-07-05T20:00:00.000Z' },
  ...{ paths: new Map(), bands: new Map(), bars: new Map([['BBB', barOf('BBB', '22')]]) },
};
const us: Rules['fees'] = { schedule: 'us', commissionPerShare: new D('0.005'), commissionBp: new D(0) };
const open = (more: Partial<Rules>, cash?: string): Bench => {
  const venue = new Bench(rulesWith(more), sessionOf(), cash);
  venue.to(OPEN);
  return venue;
};

describe('fees', () => {
  it('are owed during the session, which lowers what can be spent, and booked at its close', () => {
    const venue = open({ fees: us });
    venue.placed({ qty: '1000' });
    for (let i = 0; i < 10; i += 1) venue.placed({ side: 'sell', qty: '100' });
    // 20,000 dollars sold at 21.80 a million, 1,000 shares at 0.000119, 2,000 shares at half a cent.
    expect(venue.account.accruedFees.toFixed()).toBe(new D('0.436').plus('0.119').plus(10).toFixed());
    expect(venue.account.cash.toFixed()).toBe('100000');
    expect(venue.transact(nextDueOf)).toBe(CLOSE);
    venue.to(CLOSE);
    expect(venue.transact(nextDueOf)).toBeNull();
    expect(venue.activities.map(({ code, netAmount, at, date }) => [code, netAmount.toFixed(), at, date])).toEqual([
      ['COM', '-10', CLOSE, '2017-07-03'],
      ['REG', '-0.44', CLOSE, '2017-07-03'],
      ['TAF', '-0.12', CLOSE, '2017-07-03'],
    ]);
    expect(venue.account).toMatchObject({ cash: new D('99989.44'), accruedFees: new D(0) });
    venue.set({ ...sessionOf(), ...NEXT });
    expect(venue.activities).toHaveLength(3);
  });

  it('cannot be charged on a day of which no rate is known', () => {
    const venue = open({});
    const rules = rulesWith({ fees: { ...us, schedule: 'nse' } });
    venue.to(CLOSE);
    const refused = venue.transact((uow) => setMarket(uow, { ...sessionOf(), ...NEXT }, rules));
    expect(isRefusal(refused) && refused.body).toMatchObject({
      code: 'SIM_FEES_UNKNOWN',
      message: expect.stringContaining('known from 2024-10-01 on'),
    });
  });

  it('leave nothing to a buy that would spend the money for them', () => {
    const venue = open({ fees: us }, '1010');
    venue.placed({ qty: '50' });
    venue.placed({ side: 'sell', qty: '50' });
    expect(venue.place({ qty: '50.5' })).toMatchObject({ status: 403, body: { buying_power: '1009.47225' } });
  });
});

describe('a short sale', () => {
  const shorts = { shares: new D(0), feeBp: new D(360) };
  const lend = (venue: Bench, shares: string, feeBp = '360'): void =>
    venue.transact((uow) => uow.setLendable({ symbol: 'BBB', shares: new D(shares), feeBp: new D(feeBp) }));

  it('is refused where nobody lends, with what there is to borrow', () => {
    const venue = open({ shorts });
    expect(venue.place({ side: 'sell' })).toMatchObject({
      status: 422,
      body: { code: 42210000, message: 'asset "BBB" cannot be sold short', available_to_borrow: '0' },
    });
    lend(venue, '15');
    expect(venue.place({ side: 'sell', qty: '16' })).toMatchObject({ status: 422 });
    venue.placed({ side: 'sell', qty: '10' });
    expect(venue.place({ side: 'sell', qty: '6' })).toMatchObject({ body: { available_to_borrow: '5' } });
    expect(venue.place({ side: 'sell', qty: '0.5' })).toMatchObject({
      body: { message: 'fractional orders cannot be sold short' },
    });
  });

  it('is refused where the venue does not know short sales, as ever', () => {
    expect(open({}).place({ side: 'sell' })).toMatchObject({ status: 403, body: { code: 40310000 } });
  });

  it('ties up its proceeds and a deposit, which its cover gives back', () => {
    const venue = open({ shorts });
    lend(venue, '1000');
    const id = venue.placed({ side: 'sell', qty: '100' });
    expect(venue.order(id)).toMatchObject({ intent: 'sell_to_open', status: 'filled' });
    expect(venue.account).toMatchObject({ cash: new D(102_000), collateral: new D(3_000), reserved: new D(0) });
    expect(venue.transact((uow) => equityOf(uow, venue.account, venue.now)).toFixed()).toBe('100000');
    expect(venue.place({ qty: '101' })).toMatchObject({ status: 403, body: { existing_qty: '-100' } });
    const cover = venue.placed({ qty: '40' });
    expect(venue.order(cover).intent).toBe('buy_to_close');
    expect(venue.account).toMatchObject({ cash: new D(101_200), collateral: new D(1_800) });
    venue.placed({ qty: '60' });
    expect(venue.account).toMatchObject({ cash: new D(100_000), collateral: new D(0) });
    expect(venue.state.holdings.get('main\nBBB')).toMatchObject({ qty: new D(0), costBasis: new D(0) });
  });

  it('is not taken beside an open buy, nor by an account with little equity, nor beyond its means', () => {
    const venue = open({ shorts });
    lend(venue, '100000');
    venue.placed({ type: 'limit', limit_price: '19' });
    expect(venue.place({ side: 'sell' })).toMatchObject({
      body: { message: 'cannot open a short sell while a long buy order is open' },
    });
    const poor = open({ shorts }, '1999');
    lend(poor, '100');
    expect(poor.place({ side: 'sell' })).toMatchObject({ body: { message: 'account is not allowed to short' } });
    const bold = open({ shorts }, '5000');
    lend(bold, '100000');
    expect(bold.place({ side: 'sell', qty: '600' })).toMatchObject({ body: { message: 'insufficient buying power' } });
    bold.placed({ side: 'sell', type: 'limit', limit_price: '30' });
    expect(bold.place({})).toMatchObject({
      body: { message: 'cannot open a long buy while a short sell order is open' },
    });
  });

  it('cannot be replaced by a larger one than there is to borrow', () => {
    const venue = open({ shorts });
    lend(venue, '15');
    const id = venue.placed({ side: 'sell', type: 'limit', limit_price: '25' });
    expect(venue.replace(id, { qty: '16' })).toMatchObject({ body: { available_to_borrow: '15' } });
    expect(venue.replace(id, { qty: '15' })).toMatchObject({ status: 'accepted', intent: 'sell_to_open' });
  });

  it('pays for the nights until the next session by its close', () => {
    const venue = open({ shorts });
    lend(venue, '1000');
    venue.placed({ side: 'sell', qty: '100' });
    venue.to(CLOSE);
    venue.set({ ...sessionOf(), ...NEXT });
    // 2,000 dollars at 3.6 % a year of 360 days, two nights.
    expect(venue.activities.map(({ code, netAmount }) => [code, netAmount.toFixed()])).toEqual([['BORROW', '-0.4']]);
  });

  it('says what the client believed wrongly', () => {
    const venue = open({ shorts });
    lend(venue, '100');
    expect(venue.place({ side: 'sell', position_intent: 'sell_to_close' })).toMatchObject({
      status: 422,
      body: { message: 'position intent mismatch, inferred: sell_to_open, specified: sell_to_close' },
    });
    expect(typeof venue.place({ side: 'sell', position_intent: 'sell_to_open' })).toBe('string');
  });
});
