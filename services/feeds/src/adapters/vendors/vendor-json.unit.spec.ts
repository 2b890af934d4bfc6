import { describe, expect, it } from '@jest/globals';
import type { z } from 'zod';
import {
  amountText,
  isDollars,
  numberTextIfAny,
  parseJson,
  positive,
  sessionOfInstant,
  sessionOfMilliseconds,
} from './vendor-json.js';

const outcome = (schema: z.ZodType, value: unknown): unknown => {
  const parsed = schema.safeParse(value);
  return parsed.success ? parsed.data : parsed.error.issues[0]!.message;
};

describe('JSON whose numbers stay text', () => {
  it.each([
    ['{"v":1.029145e+06}', { v: '1.029145e+06' }],
    ['[0.10, -0, -12.5E-3,0]', ['0.10', '-0', '-12.5E-3', '0']],
    ['{"big":123456789012345678901.123456789}', { big: '123456789012345678901.123456789' }],
    ['{"1":2,"a\\"3":"\\\\4","u":"\\u0035 6"}', { '1': '2', 'a"3': '\\4', u: '5 6' }],
    ['{"t":"2022-02-28T05:00:00Z","ok":true,"none":null}', { t: '2022-02-28T05:00:00Z', ok: true, none: null }],
    ['7', '7'],
  ])('reads %s', (text, value) => {
    expect(parseJson(text)).toEqual(value);
  });

  it.each(['', '{', '{"a":1', '{"a":01}', '{1:2}', '[1.]', '[.5]', '[+1]', '[1,]', "{'a':1}", '<html>', 'NaN'])(
    'refuses %j as JSON does',
    (text) => {
      expect(() => parseJson(text)).toThrow(SyntaxError);
    },
  );
});

describe('fields of answers', () => {
  it('tells a missing number from zero', () => {
    expect(outcome(numberTextIfAny, undefined)).toBeUndefined();
    expect(outcome(numberTextIfAny, null)).toBeUndefined();
    expect(outcome(numberTextIfAny, '0')).toBe('0');
    expect(outcome(numberTextIfAny, 'n/a')).toBe('a number');
    expect(outcome(numberTextIfAny, '')).toBe('a number');
  });

  it.each([
    ['0.125', '0.125'],
    ['1.5e-3', '0.0015'],
    ['0', '0'],
    ['-0', '0'],
    ['-0.01', 'an amount of zero or more'],
    ['1e999999', 'a number of ordinary size'],
    ['1e-999999', 'a number of ordinary size'],
  ])('reads the amount %s as %s', (text, amount) => {
    expect(outcome(amountText, text)).toBe(amount);
  });

  it.each(['0', '-1', '-0'])('takes %s for no ratio', (text) => {
    expect(outcome(positive, text)).toBe('a number above zero');
  });

  it('takes no currency for dollars, as vendors do, and no other one', () => {
    expect(['USD', 'usd', '', null, undefined].map(isDollars)).toEqual([true, true, true, true, true]);
    expect(['CAD', 'EUR'].map(isDollars)).toEqual([false, false]);
  });
});

describe('the session that a stamp means', () => {
  const none = 'midnight in New York at the start of a session';
  it.each([
    // The Friday before clocks go forward and the Monday after; the Friday before they go back and the Monday after.
    ['2024-03-08T05:00:00Z', '2024-03-08'],
    ['2024-03-11T04:00:00Z', '2024-03-11'],
    ['2024-11-01T04:00:00Z', '2024-11-01'],
    ['2024-11-04T05:00:00Z', '2024-11-04'],
    // Until 2006 clocks went forward in April and back in October.
    ['2006-03-31T05:00:00Z', '2006-03-31'],
    ['2006-04-03T04:00:00Z', '2006-04-03'],
    ['2024-07-01T00:00:00-04:00', '2024-07-01'],
    // One hour beside midnight is a sign of another convention, in which the date would be wrong.
    ['2024-03-11T05:00:00Z', none],
    ['2024-03-08T04:00:00Z', none],
    ['2024-07-01T00:00:00Z', none],
    ['1997-12-31T05:00:00Z', none],
    ['2100-01-04T05:00:00Z', none],
  ])('%s is %s', (stamp, session) => {
    expect(outcome(sessionOfInstant, stamp)).toBe(session);
    expect(outcome(sessionOfMilliseconds, String(Date.parse(stamp)))).toBe(session);
  });

  it('refuses what is no moment', () => {
    expect(outcome(sessionOfInstant, '2024-03-08')).not.toBe('2024-03-08');
    expect(outcome(sessionOfInstant, 'yesterday')).not.toBe('yesterday');
    expect(outcome(sessionOfMilliseconds, '-1')).toBe('milliseconds since 1970');
    expect(outcome(sessionOfMilliseconds, undefined)).not.toBeUndefined();
  });
});
