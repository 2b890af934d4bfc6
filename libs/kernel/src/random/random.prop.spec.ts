import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import { rng } from './index.js';

describe('rng', () => {
  it('stays in its ranges', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 2 ** 32 }), (seed, n) => {
        const random = rng(seed);
        const u = random.uniform();
        const i = random.int(n);
        return u >= 0 && u < 1 && Number.isInteger(i) && i >= 0 && i < n && Number.isFinite(random.normal());
      }),
    );
  });

  it('shuffles without losing anything and leaves its input alone', () => {
    fc.assert(
      fc.property(fc.integer(), fc.array(fc.integer()), (seed, list) => {
        const before = [...list];
        const shuffled = rng(seed).shuffle(list);
        const sorted = (values: number[]) => [...values].sort((a, b) => a - b).join();
        return sorted(shuffled) === sorted(list) && list.join() === before.join();
      }),
    );
  });

  it('picks what is there', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.integer(), { minLength: 1 }), (seed, list) => {
        return list.includes(rng(seed).pick(list));
      }),
    );
  });
});
