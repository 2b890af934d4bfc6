import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import {
  addDays,
  addMilliseconds,
  daysBetween,
  isSession,
  millisecondsBetween,
  nextSession,
  nextSessionOpening,
  previousSession,
  sessionAt,
  settlementDate,
} from './index.js';

const anyDate = fc.integer({ min: 0, max: 36_000 }).map((days) => addDays('1999-01-01', days));
const anyInstant = fc
  .integer({ min: 0, max: 3_000_000_000 })
  .map((seconds) => addMilliseconds('1999-01-01T00:00:00.000Z', seconds * 1000));

describe('calendar', () => {
  it('has a next and a previous session that undo each other', () => {
    fc.assert(
      fc.property(anyDate, (date) => {
        const next = nextSession(date);
        const back = previousSession(next.date).date;
        return next.date > date && (isSession(date) ? back === date : back < date);
      }),
    );
  });

  it('never has more than a week without a session', () => {
    fc.assert(fc.property(anyDate, (date) => daysBetween(date, nextSession(date).date) <= 7));
  });

  it('finds the session of an instant exactly while it is open', () => {
    fc.assert(
      fc.property(anyInstant, (instant) => {
        const open = sessionAt(instant);
        const opening = nextSessionOpening(instant);
        return opening.open >= instant && (open === null || (open.open <= instant && instant < open.close));
      }),
    );
  });

  it('settles on a later session', () => {
    fc.assert(
      fc.property(anyDate, (date) => {
        const trade = nextSession(date).date;
        const settles = settlementDate(trade);
        // Three sessions later at the most; the longest that took was over the closure of September 2001.
        return settles > trade && isSession(settles) && daysBetween(trade, settles) <= 11;
      }),
      { examples: [['2001-09-05'], ['2001-09-06']] },
    );
  });

  it('adds and measures alike', () => {
    fc.assert(
      fc.property(anyDate, fc.integer({ min: -9000, max: 9000 }), (date, days) => {
        return daysBetween(date, addDays(date, days)) === days;
      }),
    );
    fc.assert(
      fc.property(anyInstant, fc.integer({ min: -1e9, max: 1e9 }), (instant, ms) => {
        return millisecondsBetween(instant, addMilliseconds(instant, ms)) === ms;
      }),
    );
  });
});
