// Goal: the rules of live data, one by one.
import { describe, expect, it } from '@jest/globals';
import { backoffMs } from './backoff.js';
import { isMute, judgeChannel, silenceBoundMs, type ChannelState, type SilenceBounds } from './channel-health.js';
import { heard, interrupted, silentTally, type ChannelTally } from './channel-tally.js';
import { sessionAt } from '@ballast/kernel/calendar';
import { handshakeError, streamError } from './stream-errors.js';
import { TickBuffer } from './tick-buffer.js';
import { tradeKey, venueTime, venueTimeOf, venueTimeOfMs, type Correction, type Trade } from './tick.js';

const BOUNDS: SilenceBounds = { silenceMinMs: 30_000, silenceMaxMs: 300_000, connectionMs: 30_000 };
const OPEN = Date.parse('2024-03-04T14:30:00.000Z');
const iso = (ms: number): string => new Date(ms).toISOString();

const trade = (id: number, atMs: number, more: Partial<Trade> = {}): Trade => ({
  ...{ kind: 'trade', symbol: 'SPY', at: venueTimeOfMs(atMs), id: `${id}`, exchange: 'P', price: '1', size: '1' },
  ...{ conditions: [], tape: 'B', update: null, ...more },
});

describe('a moment of a venue', () => {
  const golden = `
    2021-02-22T15:51:44.208Z       | 2021-02-22T15:51:44.208000000Z
    2021-02-06T13:04:56.334320128Z | 2021-02-06T13:04:56.334320128Z
    2021-02-06T13:04:56Z           | 2021-02-06T13:04:56.000000000Z
    2021-02-06T13:04:56.3343201281Z |
    2021-02-06T13:04:56+01:00      |
    2021-02-30T25:04:56Z           |
    now                            |
  `;
  const cases = golden
    .trim()
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()) as [string, string]);
  it.each(cases)('%s is %s', (text, at) => {
    expect(venueTime(text)).toBe(at === '' ? null : at);
  });

  it('comes from seconds and nanoseconds too', () => {
    expect(venueTimeOf(1_613_000_000, 42)).toBe('2021-02-10T23:33:20.000000042Z');
  });
});

describe('a trade', () => {
  it('is another one on another exchange, tape or day, and the same however often it is told', () => {
    const one = trade(1, OPEN);
    expect(tradeKey(trade(1, OPEN + 5))).toBe(tradeKey(one));
    const others = [
      trade(1, OPEN, { exchange: 'Q' }),
      trade(1, OPEN, { tape: 'C' }),
      trade(1, OPEN + 86_400_000),
      trade(2, OPEN),
    ];
    for (const other of others) expect(tradeKey(other)).not.toBe(tradeKey(one));
  });
});

describe('the buffer', () => {
  const correction: Correction = {
    ...{ kind: 'correction', symbol: 'SPY', at: venueTimeOfMs(OPEN + 3), exchange: 'P', tape: 'B' },
    original: { id: '1', price: '1', size: '1', conditions: [] },
    corrected: { id: '9', price: '2', size: '1', conditions: [] },
  };

  it('keeps a correction after the trade it corrects, though that has to be fetched', () => {
    const buffer = new TickBuffer({ symbols: ['SPY'], ticksMax: 16 });
    buffer.listenFrom(venueTimeOfMs(OPEN));
    buffer.interrupt('disconnected', OPEN);
    buffer.resume(OPEN + 2);
    expect(buffer.push(correction, OPEN + 3)).toBe('held');
    buffer.fill('SPY', [trade(1, OPEN + 1), trade(9, OPEN + 1)]);
    expect(buffer.close('SPY', 1)).toBe(true);
    // What the trade became comes by the correction alone, though the venue resends it as a trade.
    expect(buffer.drain(10).map((tick) => (tick.kind === 'trade' ? tick.id : tick.kind))).toEqual(['1', 'correction']);
  });

  it('has room for what nobody tells twice when it is full of trades, and counts what it loses beyond', () => {
    const buffer = new TickBuffer({ symbols: ['SPY'], ticksMax: 16 });
    for (let id = 0; id < 16; id += 1) expect(buffer.push(trade(id, OPEN + id), OPEN)).toBe('queued');
    expect(buffer.push(trade(16, OPEN + 16), OPEN)).toBe('refused');
    const pushed = [1, 2, 3].map(() => buffer.push(correction, OPEN));
    expect(pushed).toEqual(['held', 'held', 'lost']);
    expect(buffer.counts).toMatchObject({ refused: 1, lost: 1, gaps: 1 });
    expect(buffer.gapAt('SPY')).toMatchObject({ reason: 'overflow', refused: 1 });
  });

  it('passes over ticks of symbols that nobody listens to', () => {
    const buffer = new TickBuffer({ symbols: ['SPY'], ticksMax: 16 });
    expect(buffer.push(trade(1, OPEN, { symbol: 'IBM' }), OPEN)).toBe('foreign');
    expect(buffer.size).toBe(0);
  });

  it('never fetches from where it may have forgotten what it took', () => {
    const buffer = new TickBuffer({ symbols: ['SPY'], ticksMax: 64, seenMax: 4 });
    for (let id = 0; id < 10; id += 1) buffer.push(trade(id, OPEN + id), OPEN);
    buffer.interrupt('disconnected', OPEN + 20);
    expect(buffer.gapAt('SPY')!.from).toBe(venueTimeOfMs(OPEN + 5));
    expect(buffer.fill('SPY', [trade(5, OPEN + 5), trade(9, OPEN + 9), trade(10, OPEN + 10)])).toBe(1);
  });

  it('gives up what nobody resends, says which, and goes on with what was held', () => {
    const buffer = new TickBuffer({ symbols: ['SPY'], ticksMax: 16 });
    buffer.listenFrom(venueTimeOfMs(OPEN));
    buffer.interrupt('disconnected', OPEN);
    buffer.resume(OPEN + 50);
    buffer.push(trade(8, OPEN + 60), OPEN + 60);
    buffer.giveUp('SPY', venueTimeOfMs(OPEN + 40), 'too far back');
    expect(buffer.gapAt('SPY')).not.toBeNull();
    buffer.giveUp('SPY', null, 'refused');
    expect(buffer.losses).toEqual([
      { symbol: 'SPY', from: venueTimeOfMs(OPEN - 5_000), to: venueTimeOfMs(OPEN + 40), reason: 'too far back' },
      { symbol: 'SPY', from: venueTimeOfMs(OPEN - 4_960), to: venueTimeOfMs(OPEN + 60), reason: 'refused' },
    ]);
    expect({ gap: buffer.gapAt('SPY'), losses: buffer.counts.losses }).toEqual({ gap: null, losses: 2 });
    expect(buffer.drain(10)).toEqual([trade(8, OPEN + 60)]);
  });

  it('refuses to be filled beyond its room', () => {
    const buffer = new TickBuffer({ symbols: ['SPY'], ticksMax: 4 });
    buffer.interrupt('disconnected', OPEN);
    const trades = [1, 2, 3, 4, 5].map((id) => trade(id, OPEN + id));
    expect(() => buffer.fill('SPY', trades)).toThrow(RangeError);
  });

  it('does not count a gap as filled that was torn open anew meanwhile', () => {
    const buffer = new TickBuffer({ symbols: ['SPY'], ticksMax: 16 });
    buffer.interrupt('disconnected', OPEN);
    buffer.interrupt('disconnected', OPEN + 5);
    expect(buffer.close('SPY', 1)).toBe(false);
    expect(buffer.close('SPY', 2)).toBe(true);
  });
});

/** A channel that spoke each `everyMs` from the opening on, for `forMs`. */
function regular(everyMs: number, forMs: number): ChannelTally {
  let tally = silentTally(OPEN);
  for (let at = OPEN; at <= OPEN + forMs; at += everyMs) tally = heard(tally, trade(1, at), at, sessionAt(iso(at)));
  return tally;
}

describe('the bound on silence', () => {
  it.each([
    ['of one that speaks each second', 1_000, 3_600_000, 30_000],
    ['of one that is watched for a minute', 1_000, 60_000, 60_000],
    ['of one that has hardly spoken', 60_000, 180_000, 300_000],
    ['of minute bars', 60_000, 3_600_000, 180_000],
    ['of one that speaks each two minutes', 120_000, 3_600_000, null],
  ])('%s', (_, every, forMs, bound) => {
    expect(silenceBoundMs(regular(every, forMs), BOUNDS)).toBe(bound);
  });

  it('does not learn from pauses outside of a session, nor from a broken line', () => {
    let tally = silentTally(OPEN - 3_600_000);
    tally = heard(tally, trade(1, OPEN - 3_600_000), OPEN - 3_600_000, null);
    tally = heard(tally, trade(2, OPEN + 1_000), OPEN + 1_000, sessionAt(iso(OPEN + 1_000)));
    expect(tally.longestPauseMs).toBeNull();
    tally = heard(interrupted(tally), trade(3, OPEN + 90_000), OPEN + 90_000, sessionAt(iso(OPEN + 90_000)));
    expect(tally.longestPauseMs).toBeNull();
  });

  it('forgets a long pause slowly', () => {
    const after = (minutes: number): number => {
      let tally = regular(1_000, 1_000);
      tally = heard(tally, trade(1, OPEN), OPEN + 61_000, sessionAt(iso(OPEN)));
      for (let s = 1; s <= minutes * 60; s += 1)
        tally = heard(tally, trade(1, OPEN), OPEN + 61_000 + s * 1_000, sessionAt(iso(OPEN)));
      return tally.longestPauseMs!;
    };
    expect(after(0)).toBe(60_000);
    expect(after(30)).toBeCloseTo(60_000 / Math.E, -3);
  });
});

describe('a channel', () => {
  const busy = regular(1_000, 3_600_000);
  const last = OPEN + 3_600_000;
  const CLOSE = Date.parse('2024-03-04T21:00:00.000Z');
  const cases: [string, ChannelTally, boolean, number, ChannelState][] = [
    ['that never spoke, before the opening', silentTally(OPEN), true, OPEN - 1, 'never_seen'],
    ['that never spoke, in session', silentTally(OPEN), true, OPEN + 1, 'never_seen'],
    ['at its bound', busy, true, last + 30_000, 'live'],
    ['beyond its bound', busy, true, last + 30_001, 'silent'],
    ['whose line is away', busy, false, last + 60_000, 'recovering'],
    ['whose line is away for long', busy, false, last + 150_001, 'silent'],
    ['after the close', busy, true, CLOSE, 'out_of_session'],
    ['at the next opening', busy, true, OPEN + 86_400_000 + 29_000, 'live'],
    ['that is silent after the next opening', busy, true, OPEN + 86_400_000 + 30_001, 'silent'],
    ['that rarely speaks', regular(420_000, 3_600_000), true, last + 3_000_000, 'live'],
  ];
  it.each(cases)('%s', (_, tally, well, atMs, state) => {
    expect(judgeChannel(tally, well, iso(atMs), BOUNDS).state).toBe(state);
  });

  it('makes a line mute only together with all that can be relied on', () => {
    const at = iso(last + 200_000);
    const silent = judgeChannel(busy, true, at, BOUNDS);
    const rare = judgeChannel(regular(420_000, 3_600_000), true, at, BOUNDS);
    const unknown = judgeChannel(regular(1_000, 60_000), true, at, BOUNDS);
    const live = judgeChannel(busy, true, iso(last), BOUNDS);
    expect(isMute([silent, rare])).toBe(true);
    expect(isMute([silent, live])).toBe(false);
    expect(isMute([rare, unknown])).toBe(false);
    expect(isMute([])).toBe(false);
  });
});

describe('an error of the stream', () => {
  it.each([
    [400, 'stop'],
    [401, 'stop'],
    [402, 'stop'],
    [403, 'ignore'],
    [404, 'backoff'],
    [405, 'stop'],
    [406, 'long_wait'],
    [407, 'backoff'],
    [409, 'stop'],
    [410, 'stop'],
    [411, 'stop'],
    [412, 'msgpack'],
    [413, 'stop'],
    [500, 'backoff'],
    [499, 'backoff'],
  ])('%i: %s', (code, remedy) => {
    expect(streamError(code).remedy).toBe(remedy);
    expect(streamError(code).nextStep).not.toBe('');
  });
  it.each([
    [401, 'stop'],
    [403, 'stop'],
    [404, 'stop'],
    [429, 'long_wait'],
    [503, 'backoff'],
  ])('handshake %i: %s', (status, remedy) => {
    expect(handshakeError(status).remedy).toBe(remedy);
  });
});

describe('waiting before a line is opened again', () => {
  it.each([
    [0, 0, 250],
    [0, 1, 500],
    [1, 1, 1_000],
    [5, 1, 16_000],
    [6, 1, 30_000],
    [1_000, 1, 30_000],
    [1_000, 0, 15_000],
  ])('after %i failures with chance %d: %i ms', (failures, chance, wait) => {
    expect(backoffMs(failures, chance)).toBe(wait);
  });
});
