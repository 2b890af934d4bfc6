import { describe, expect, it } from '@jest/globals';
import { basisPoints, bytes, duration, money, percent, price, quantity, short } from './format.js';

describe('figures', () => {
  it.each([
    [money('1234567.891'), '1,234,567.89'],
    [money('-1234.5'), '-1,234.50'],
    [money('-0.001'), '0.00'],
    [money('999'), '999.00'],
    [money(null), '-'],
    [quantity('12345.5'), '12,345.5'],
    [quantity('-1000'), '-1,000'],
    [price('143.9'), '143.90'],
    [price('0.00012345'), '0.0001'],
    [price('1234.56789'), '1,234.5679'],
    [basisPoints('2.54'), '+2.5'],
    [basisPoints('-2.56'), '-2.6'],
    [basisPoints('0'), '0.0'],
    [percent('0.125'), '12.5 %'],
    [percent(null), '-'],
    [duration(999.4), '999 ms'],
    [duration(2_449), '2.4 s'],
    [bytes(1_023), '1023 B'],
    [bytes(41_000_000), '39.1 MiB'],
    [short('0123456789abcdef'), '0123456789ab'],
  ])('%s', (shown, expected) => {
    expect(shown).toBe(expected);
  });
});
