// Goal: recorded lines become the ticks that they were, and a line that cannot be read is named.
import { describe, expect, it } from '@jest/globals';
import { formOf, midnightOf, minuteTick, readLine } from './recording.js';

const codeOf = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    return (error as { code: string }).code;
  }
  return 'no error';
};

const IBM = '20131007_ibm_Trade_Tick.csv';
/** Midnight in New York in October is 04:00 UTC. */
const midnight = midnightOf('2013-10-07');

// file | line | what it becomes
const golden: [string, string, object][] = [
  [
    IBM,
    '14430270,1815200,283,P,20002020,0',
    {
      kind: 'trade',
      symbol: 'IBM',
      price: '181.52',
      size: '283',
      exchange: 'P',
      conditions: ['20002020'],
      at: '2013-10-07T08:00:30.270000000Z',
      id: '7',
    },
  ],
  [IBM, '14450472,1818000,500,P,,1', { price: '181.8', conditions: ['suspicious'] }],
  [IBM, '14450472,1800001,500,,0,0', { price: '180.0001', exchange: '' }],
  [
    '20131007_ibm_Quote_Tick.csv',
    '14400241,1800100,300,0,0,P,1,0',
    { kind: 'quote', bid: { price: '180.01', size: '300', exchange: 'P' }, ask: null },
  ],
  [
    '20131007_ibm_Quote_Tick.csv',
    '14400241,0,0,1818000,3000,P,1,0',
    { bid: null, ask: { price: '181.8', size: '3000' } },
  ],
  [
    '20131007_spy_second_trade.csv',
    '14430000,1815200,1815300,1815100,1815200,283',
    {
      kind: 'bar',
      symbol: 'SPY',
      seconds: 1,
      open: '181.52',
      high: '181.53',
      low: '181.51',
      volume: '283',
      at: '2013-10-07T08:00:30.000000000Z',
    },
  ],
  [
    '20131007_spy_second_quote.csv',
    '14400000,1,2,3,1672700,100,4,5,6,1674100,600',
    {
      kind: 'quote',
      bid: { price: '167.27', size: '100' },
      ask: { price: '167.41', size: '600' },
      at: '2013-10-07T08:00:01.000000000Z',
    },
  ],
];

describe('a line of a recording', () => {
  it.each(golden)('of %s: %s', (entry, line, tick) => {
    expect(readLine(formOf(entry), midnight, line, 7).tick).toMatchObject(tick);
  });

  it('is known when its time is over', () => {
    const second = readLine(formOf('20131007_spy_second_trade.csv'), midnight, '1000,1,1,1,1,1', 1);
    expect(second.knownMs).toBe(midnight + 2_000);
    expect(readLine(formOf(IBM), midnight, '1000,1,1,P,0,0', 1).knownMs).toBe(midnight + 1_000);
  });

  it.each(['', 'x,1,1,P,0,0', '1000,1.5,1,P,0,0', '1000,-1,1,P,0,0', '1000,,1,P,0,0', '1000,1'])(
    '%j is refused',
    (line) => {
      expect(codeOf(() => readLine(formOf(IBM), midnight, line, 7))).toBe('RECORDING_UNREADABLE');
    },
  );

  it.each(['ibm.csv', '20131007_ibm_openinterest.csv', 'readme.txt'])('in %s is nobody knows what', (entry) => {
    expect(codeOf(() => formOf(entry))).toBe('RECORDING_UNKNOWN');
  });

  it('of a day without a session is refused', () => {
    expect(codeOf(() => midnightOf('2013-10-06'))).toBe('RECORDING_NO_SESSION');
  });
});

describe('a row of minutes', () => {
  const bar = {
    timestamp_et: '2013-10-07T09:30:00',
    symbol: 'IBM',
    open: '181.5000',
    high: '182',
    low: '181',
    close: '181.7500',
    volume: '1200',
  };
  it('of trades is a bar that is known a minute later', () => {
    const { knownMs, tick } = minuteTick(bar, 2);
    expect(tick).toMatchObject({
      kind: 'bar',
      seconds: 60,
      open: '181.5',
      close: '181.75',
      at: '2013-10-07T13:30:00.000000000Z',
    });
    expect(new Date(knownMs).toISOString()).toBe('2013-10-07T13:31:00.000Z');
  });
  it('of quotes is the quote at its end, without the side that nobody quoted', () => {
    const row = {
      timestamp_et: '2013-10-07T09:30:00',
      symbol: 'IBM',
      bid_close: '181.4900',
      last_bid_size: '100',
      ask_close: '',
      last_ask_size: '',
    };
    expect(minuteTick(row, 2).tick).toMatchObject({ kind: 'quote', bid: { price: '181.49', size: '100' }, ask: null });
  });
  it.each([{ open: '' }, { open: '1e5' }, { volume: 'many' }, { timestamp_et: '2013-10-07' }, { symbol: '' }])(
    'with %j is refused',
    (more) => {
      expect(codeOf(() => minuteTick({ ...bar, ...more }, 2))).toBe('RECORDING_UNREADABLE');
    },
  );
});
