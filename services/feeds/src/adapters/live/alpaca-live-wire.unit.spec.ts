// Goal: every message of Alpaca's data stream that we know is read as it is documented, and none that is strange passes.
import { describe, expect, it } from '@jest/globals';
import { encode } from '@msgpack/msgpack';
import { messagesOf, tickOf, UnreadableMessage } from './alpaca-live-wire.js';

// Values as in the venue's documentation and the tests of its clients.
const t = '2021-02-22T15:51:44.208Z';
const at = '2021-02-22T15:51:44.208000000Z';
const trade = { T: 't', i: 96921, S: 'AAPL', x: 'D', p: 126.55, s: 1, t, c: ['@', 'I'], z: 'C' };
const quote = { T: 'q', S: 'AMD', bx: 'U', bp: 87.66, bs: 1, ax: 'Q', ap: 87.68, as: 4, t, c: ['R'], z: 'C' };

const reads: [string, Record<string, unknown>, object][] = [
  [
    'a trade',
    trade,
    {
      kind: 'trade',
      symbol: 'AAPL',
      at,
      id: '96921',
      exchange: 'D',
      price: '126.55',
      size: '1',
      conditions: ['@', 'I'],
      tape: 'C',
      update: null,
    },
  ],
  ['a tiny price', { ...trade, p: 1e-7 }, { price: '0.0000001' }],
  [
    'a quote',
    quote,
    {
      kind: 'quote',
      bid: { price: '87.66', size: '1', exchange: 'U' },
      ask: { price: '87.68', size: '4', exchange: 'Q' },
    },
  ],
  ['a quote without a bid', { ...quote, bp: 0, bs: 0, bx: '' }, { bid: null, ask: { price: '87.68' } }],
  [
    'a bar',
    { T: 'b', S: 'SPY', o: 388.985, h: 389.13, l: 388.975, c: 389.12, v: 49378, t },
    { kind: 'bar', seconds: 60, open: '388.985', volume: '49378' },
  ],
  [
    'a correction',
    {
      T: 'c',
      S: 'EEM',
      x: 'M',
      oi: 52983525033527,
      op: 39.1582,
      os: 440000,
      oc: [' ', '7'],
      ci: 52983525034326,
      cp: 39.1809,
      cs: 440000,
      cc: [' ', '7'],
      z: 'B',
      t,
    },
    {
      kind: 'correction',
      original: { id: '52983525033527', price: '39.1582' },
      corrected: { id: '52983525034326', price: '39.1809' },
    },
  ],
  [
    'a cancel',
    { T: 'x', S: 'DJT', i: 4868, x: 'D', p: 36.18, s: 31800, a: 'C', z: 'C', t },
    { kind: 'cancel', id: '4868', reason: 'cancelled' },
  ],
  [
    'a halt',
    { T: 's', S: 'STRR', sc: 'H', sm: 'Trading Halt', rc: 'T12', rm: 'Additional information', z: 'C', t },
    { kind: 'status', code: 'H', reasonCode: 'T12' },
  ],
  [
    'a band',
    { T: 'l', S: 'IONM', u: 3.24, d: 2.65, i: 'B', z: 'C', t },
    { kind: 'luld', up: '3.24', down: '2.65', indicator: 'B' },
  ],
];

describe('a message', () => {
  it.each(reads)('%s is read', (_, message, tick) => {
    expect(tickOf(message)).toMatchObject(tick);
  });

  it.each(['n', 'i', 'u', 'd', 'o', 'zz'])('of type %s means nothing to us', (type) => {
    expect(tickOf({ T: type })).toBeNull();
  });

  it.each([
    ['no price', { ...trade, p: undefined }],
    ['a price as text', { ...trade, p: '126.55' }],
    ['a negative price', { ...trade, p: -1 }],
    ['a price that is no number', { ...trade, p: Number.NaN }],
    ['an id that a number does not hold', { ...trade, i: 2 ** 60 }],
    ['a moment elsewhere', { ...trade, t: '2021-02-22T15:51:44.208+01:00' }],
    ['conditions without end', { ...trade, c: Array.from({ length: 99 }, () => '@') }],
    ['a long exchange', { ...trade, x: 'D'.repeat(500) }],
  ])('with %s is not read, and its symbol named', (_, message) => {
    const read = (): unknown => tickOf(message as Record<string, unknown>);
    expect(read).toThrow(UnreadableMessage);
    try {
      read();
    } catch (error) {
      expect((error as UnreadableMessage).symbol).toBe('AAPL');
    }
  });
});

describe('a frame', () => {
  it('in MessagePack keeps every digit of a moment', () => {
    // Timestamp 64 of the specification: 30 bits of nanoseconds, 34 of seconds.
    const frame = Buffer.from([0x91, 0x81, 0xa1, 0x74, 0xd7, 0xff, 0, 0, 0, 0xa8, 0x60, 0x33, 0xd4, 0xa0]);
    expect(messagesOf(frame, 'msgpack')).toEqual([{ t: '2021-02-22T15:58:24.000000042Z' }]);
  });

  it.each([
    ['text that is no JSON', Buffer.from('{'), 'json'],
    ['something that is no list', Buffer.from('{"T":"t"}'), 'json'],
    ['a list of something else', Buffer.from('[1]'), 'json'],
    ['bytes that are no MessagePack', Buffer.from([0xc1]), 'msgpack'],
    ['MessagePack that is no list', Buffer.from(encode({ T: 't' })), 'msgpack'],
  ] as const)('with %s is not read', (_, bytes, format) => {
    expect(() => messagesOf(bytes, format)).toThrow(UnreadableMessage);
  });
});
