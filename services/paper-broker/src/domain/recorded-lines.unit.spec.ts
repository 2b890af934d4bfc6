// Goal: recorded lines become the quotes and trades that they were, and a line that cannot be read is named.
import { describe, expect, it } from '@jest/globals';
import { D } from '@ballast/kernel/money';
import { formOf, midnightOf, minuteRow, rowsOf } from './recorded-lines.js';
import { recordedEvents, recordedQuoteAt, recordedVolume, recordingOf } from './recording.js';

const TICKS = formOf('20131007_ibm_Quote_Tick.csv');
const TRADES = formOf('20131007_ibm_Trade_Tick.csv');
/** Midnight in New York in October is 04:00 UTC. */
const midnight = midnightOf('2013-10-07');
const quotes = (lines: string) =>
  rowsOf(TICKS, lines.split('\n')).map((row) =>
    row.kind === 'quote' ? `${row.atMs - midnight} ${row.bid}x${row.bidSize} ${row.ask}x${row.askSize}` : '',
  );

describe('the best bid and ask', () => {
  it('are told by turns, and stand together at the end of their millisecond', () => {
    const lines = [
      ...['1000,1800000,100,0,0,P,1,0', '1000,0,0,1800200,300,Q,1,0', '2000,1800100,200,0,0,Z,1,0'],
      ...['2000,0,0,1800300,300,Q,1,0', '2000,1800000,50,0,0,N,1,0', '2000,0,0,1800200,80,N,1,0'],
    ];
    expect(quotes(lines.join('\n'))).toEqual(['1000 1800000x100 1800200x300', '2000 1800000x50 1800200x80']);
  });

  it('are passed over while they are locked or crossed, and told only where they changed', () => {
    const lines = [
      ...['1000,1800000,100,0,0,P,1,0', '2000,0,0,1800200,300,Q,1,0', '3000,1800200,100,0,0,Z,1,0'],
      ...['4000,1800000,100,0,0,Z,1,0', '5000,0,0,1800100,100,K,1,0'],
    ];
    expect(quotes(lines.join('\n'))).toEqual(['2000 1800000x100 1800200x300', '5000 1800000x100 1800100x100']);
  });
});

describe('a trade', () => {
  const at = (ms: number): string => new Date(midnight + ms).toISOString();
  const rows = [
    ...rowsOf(TICKS, ['1000,1800000,100,0,0,P,1,0', '1000,0,0,1800200,300,Q,1,0']),
    ...rowsOf(TRADES, ['2000,1800000,50,P,,0', '3000,1800200,60,P,,0', '4000,1800100,70,P,,0', '5000,1,80,P,,1']),
  ];
  const recording = recordingOf('IBM', '2013-10-07', rows);
  const sizes = { limited: true, shares: new D(7) };

  it('met the side whose price it had, and neither between them; a suspicious one is left out', () => {
    const trades = [...recordedEvents(recording, at(0), at(9_000), sizes)].flatMap((event) =>
      event.kind === 'trade' ? `${event.low.toFixed()} ${event.sells.toFixed()} ${event.buys.toFixed()}` : [],
    );
    expect(trades).toEqual(['180 50 0', '180.02 0 60', '180.01 0 0']);
  });

  it('counts in the volume of the time in which it was', () => {
    expect(recordedVolume(recording, at(2_000), at(4_000)).toFixed()).toBe('130');
    expect(recordedVolume(recording, at(4_000), at(9_000)).toFixed()).toBe('0');
  });

  it('has no quote before the first one', () => {
    expect(recordedQuoteAt(recording, at(999), sizes)).toBeNull();
    expect(recordedQuoteAt(recording, at(1_000), sizes)).toMatchObject({ bid: new D(180), askSize: new D(300) });
    expect(recordedQuoteAt(recording, at(9_000), { limited: false, shares: new D(7) })).toMatchObject({
      bidSize: new D(7),
    });
  });
});

describe('a bar', () => {
  it('of a second or a minute is known when its time is over', () => {
    const second = rowsOf(formOf('20131007_spy_second_quote.csv'), ['14400000,1,2,3,1672700,100,4,5,6,1674100,600']);
    const quote = { bid: 1672700, bidSize: 100, ask: 1674100, askSize: 600 };
    expect(second).toEqual([{ kind: 'quote', atMs: midnight + 14_401_000, ...quote }]);
    const trade = rowsOf(formOf('20131007_ibm_minute_trade.csv'), ['0,1815200,1815300,1815100,1815200,284']);
    expect(trade[0]).toMatchObject({ atMs: midnight + 60_000, low: 1815100, high: 1815300, sells: 142, buys: 142 });
  });

  it('of a CSV is read by its header', () => {
    const header =
      'timestamp_et,symbol,bid_open,bid_high,bid_low,bid_close,last_bid_size,ask_open,ask_high,ask_low,ask_close,last_ask_size';
    const line = '2014-06-05T09:30:00,AAPL,643.8,644.06,643.8,644.0600,100,646,646,646,646.0000,200';
    const read = minuteRow(header.split(','), line, 2);
    expect(read).toMatchObject({
      form: { date: '2014-06-05', symbol: 'AAPL', resolution: 'minute', type: 'quote' },
      row: {
        atMs: midnightOf('2014-06-05') + 571 * 60_000,
        bid: 6_440_600,
        bidSize: 100,
        ask: 6_460_000,
        askSize: 200,
      },
    });
    const trades = ['timestamp_et', 'symbol', 'open', 'high', 'low', 'close', 'volume'];
    expect(minuteRow(trades, '2014-06-05T09:30:00,AAPL,1,3,0.5,2,90', 2)?.row).toMatchObject({
      low: 5_000,
      high: 30_000,
      volume: 90,
    });
  });
});

describe('what cannot be read', () => {
  it.each(['ibm.csv', '20131007_ibm_openinterest.csv', 'readme.txt'])('is named: entry %s', (entry) => {
    expect(() => formOf(entry)).toThrow(`"${entry}"`);
  });

  it.each(['x,1,1,P,0,0', '1000,1.5,1,P,0,0', '1000,-1,1,P,0,0', '1000,1'])('is named: line %j', (line) => {
    expect(() => rowsOf(TRADES, ['1000,1,1,P,0,0', line])).toThrow('line 2 of the tick trades of IBM on 2013-10-07');
  });

  it('is named: a day on which nobody traded', () => {
    expect(() => midnightOf('2013-10-06')).toThrow('NYSE did not open on 2013-10-06');
  });
});
