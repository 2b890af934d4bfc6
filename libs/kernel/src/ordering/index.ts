/**
 * The order of two texts by their code units, the same on every machine and in every locale: below zero, zero or above, as
 * `Array.sort` wants it. Dates written `YYYY-MM-DD` and instants in UTC come in the order of time.
 */
export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
