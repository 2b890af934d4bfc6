export const DATE = '2017-07-03';
/** The session of 2017-07-03, the day before Independence Day, is a half day. */
export const OPEN = '2017-07-03T13:30:00.000Z';
export const CLOSE = '2017-07-03T17:00:00.000Z';
export const BEFORE_OPEN = '2017-07-03T12:00:00.000Z';
