import { describe, expect, it } from '@jest/globals';
import { placeInOrder } from './key-order.js';

describe('placing a message of a key', () => {
  it.each([
    // handled | seq | what happens
    [0, 1, 'handle'],
    [0, 2, 'wait'],
    [4, 4, 'drop'],
    [4, 1, 'drop'],
    [4, 5, 'handle'],
    [4, 9, 'wait'],
  ])('with %i handled, %i is for: %s', (handled, seq, place) => {
    expect(placeInOrder(handled, seq)).toBe(place);
  });
});
