import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from '@jest/globals';
import { D } from '@ballast/kernel/money';
import { collateralOf, shortDepositOf } from './margin.js';

const cases = resolve(process.env['BALLAST_SHARED_DATA'] ?? '../shared/data', '../cases/risk-measures.json');

it.each([
  ['500', '40', '10000'],
  ['10000', '2', '25000'],
  ['100', '8', '500'],
  ['100', '5', '500'],
  ['100', '4.99', '499'],
  ['100', '2.5', '250'],
])('%s shares short at %s ask for a deposit of %s', (qty, price, deposit) => {
  expect(shortDepositOf(new D(qty), new D(price)).toFixed()).toBe(deposit);
  const tied = new D(qty).times(price).plus(deposit);
  expect(collateralOf(new D(qty), new D(price)).toFixed()).toBe(tied.toFixed());
});

it('asks for what the reference cases ask for', () => {
  if (!existsSync(cases)) {
    console.warn(`skipped: no ${cases}`);
    return;
  }
  const all = JSON.parse(readFileSync(cases, 'utf8')) as {
    cases: { input: Record<string, unknown>; expected: { initial_deposit: number } }[];
  };
  const shorts = all.cases.filter(({ input }) => input['fn'] === 'regt_short');
  expect(shorts.length).toBeGreaterThan(0);
  for (const { input, expected } of shorts) {
    const deposit = shortDepositOf(new D(String(input['short_shares'])), new D(String(input['price'])));
    expect(deposit.toNumber()).toBe(expected.initial_deposit);
  }
});
