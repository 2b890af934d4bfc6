import { describe, expect, it } from '@jest/globals';
import type { Break } from '@ballast/contracts';
import { isFresh, isReady, judgeLook, nextLook, type KnownBreak, type LookStatus, type Pace } from './watch.js';

const PACE: Pace = { workingMs: 20_000, idleMs: 60_000 };
const ONLY_AROUND_ORDERS: Pace = { workingMs: 600_000, idleMs: null };
/** A Monday at ten in New York; the session is open from 14:30 to 21:00. */
const NOON = '2024-03-04T15:00:00.000Z';

describe('the next look', () => {
  it.each<[string, string, Pace, { open?: boolean; status?: LookStatus; ready?: boolean }, string | null]>([
    ['while an order works', NOON, PACE, { open: true }, '2024-03-04T15:00:20.000Z'],
    ['while nothing works', NOON, PACE, {}, '2024-03-04T15:01:00.000Z'],
    ['while the books do not agree and nothing works', NOON, PACE, { status: 'broken' }, '2024-03-04T15:01:00.000Z'],
    ['after a venue that was away', NOON, PACE, { status: 'unavailable' }, '2024-03-04T15:00:20.000Z'],
    ['of an account that waits for its first green', NOON, PACE, { ready: false }, '2024-03-04T15:00:20.000Z'],
    ['just before the close', '2024-03-04T20:59:30.000Z', PACE, {}, '2024-03-04T21:00:05.000Z'],
    [
      'just before the close of a half day',
      '2024-07-03T16:59:55.000Z',
      PACE,
      { open: true },
      '2024-07-03T17:00:05.000Z',
    ],
    ['in the evening', '2024-03-04T21:00:05.000Z', PACE, {}, '2024-03-05T14:29:30.000Z'],
    [
      'in the evening, with an order that rests',
      '2024-03-04T21:00:05.000Z',
      PACE,
      { open: true },
      '2024-03-04T21:01:05.000Z',
    ],
    ['on a Saturday', '2024-03-09T12:00:00.000Z', PACE, {}, '2024-03-11T13:29:30.000Z'],
    ['before a holiday', '2024-12-24T18:00:05.000Z', PACE, {}, '2024-12-26T14:29:30.000Z'],
    ['half a minute before the open', '2024-03-05T14:29:30.000Z', PACE, {}, '2024-03-05T14:30:00.000Z'],
    ['in simulated time, while an order works', NOON, ONLY_AROUND_ORDERS, { open: true }, '2024-03-04T15:10:00.000Z'],
    ['in simulated time, while nothing works', NOON, ONLY_AROUND_ORDERS, {}, null],
    ['in simulated time, at night', '2024-03-05T02:00:00.000Z', ONLY_AROUND_ORDERS, { open: true }, null],
    [
      'in simulated time, at night, after a venue that was away',
      '2024-03-05T02:00:00.000Z',
      ONLY_AROUND_ORDERS,
      { status: 'unavailable' },
      '2024-03-05T02:10:00.000Z',
    ],
  ])('%s', (_, now, pace, { open = false, status = 'green', ready = true }, expected) => {
    expect(nextLook({ open, status, readyAt: ready ? NOON : null }, pace, now)).toBe(expected);
  });
});

describe('what a look found', () => {
  const short: Break = { kind: 'position', subject: 'AAPL', ours: '10', venue: '7', symbol: 'AAPL' };
  const known = (each: Break, acceptedAt: string | null = null): KnownBreak => ({ ...each, acceptedAt });
  const green = { status: 'green' as const, breaks: [] };
  const broken = (...breaks: Break[]) => ({ status: 'broken' as const, breaks });
  const began = { status: null, readyAt: null };
  const ready = { status: 'green' as const, readyAt: '2024-03-04T14:00:00.000Z' };

  it('lets an account trade from the first look on that finds nothing', () => {
    expect(judgeLook(began, [], green, NOON)).toEqual({ fresh: [], standing: [], changed: true, readyAt: NOON });
    expect(judgeLook(ready, [], green, NOON)).toMatchObject({ changed: false, readyAt: ready.readyAt });
  });

  it('keeps it waiting while something does not agree that nobody has accepted', () => {
    expect(judgeLook(began, [], broken(short), NOON)).toMatchObject({ fresh: [short], readyAt: null });
    expect(judgeLook({ ...began, status: 'broken' }, [known(short)], broken(short), NOON)).toMatchObject({
      ...{ fresh: [], standing: [known(short)], changed: false, readyAt: null },
    });
    expect(judgeLook(began, [known(short, NOON)], broken(short), NOON).readyAt).toBe(NOON);
  });

  it('knows a break again by its difference, and takes another one for new', () => {
    const traded = { ...short, ours: '12', venue: '9' };
    expect(judgeLook(ready, [known(short, NOON)], broken(traded), NOON).fresh).toEqual([]);
    const wider = { ...short, venue: '6' };
    expect(judgeLook(ready, [known(short, NOON)], broken(wider), NOON)).toMatchObject({
      ...{ fresh: [wider], standing: [], changed: true, readyAt: ready.readyAt },
    });
    expect(judgeLook({ ...ready, status: 'broken' }, [known(short)], green, NOON).changed).toBe(true);
  });

  it('concludes nothing from a venue that could not be asked', () => {
    const away = { status: 'unavailable' as const, breaks: [] };
    expect(judgeLook(began, [known(short)], away, NOON)).toEqual({
      ...{ fresh: [], standing: [known(short)], changed: true, readyAt: null },
    });
    expect(judgeLook({ ...began, status: 'unavailable' }, [], away, NOON).changed).toBe(false);
  });
});

describe('whether orders may leave', () => {
  it.each<[LookStatus | null, string | null, boolean, boolean]>([
    [null, null, false, false],
    ['unavailable', null, false, false],
    ['broken', null, false, true],
    ['green', NOON, true, true],
    ['broken', NOON, true, true],
    ['unavailable', NOON, true, true],
  ])('books that are %s, ready since %s: to trade %s, to close positions %s', (status, readyAt, trade, flatten) => {
    expect(isReady({ status, readyAt }, 'trade')).toBe(trade);
    expect(isReady({ status, readyAt }, 'flatten')).toBe(flatten);
  });

  it('wants a word of the venue that is not older than the bound', () => {
    const facts = {} as never;
    expect(isFresh({ facts: null, factsAt: null }, NOON, 1_000)).toBe(false);
    expect(isFresh({ facts, factsAt: '2024-03-04T14:59:59.000Z' }, NOON, 1_000)).toBe(true);
    expect(isFresh({ facts, factsAt: '2024-03-04T14:59:58.999Z' }, NOON, 1_000)).toBe(false);
  });
});
