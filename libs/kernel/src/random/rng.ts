import { KernelError } from '../money/index.js';
import { hash128 } from './hash.js';
import { normalQuantile } from './normal.js';

const TWO_32 = 4294967296;
const TWO_53 = 9007199254740992;

/** A stream of numbers that a seed decides. The same seed and calls give the same numbers on every machine. */
export interface Rng {
  /** A number from 0, included, to 1, excluded, with 53 random bits. */
  uniform(): number;
  /** A draw from the standard normal distribution; takes one uniform. */
  normal(): number;
  /** A whole number from 0, included, to `n`, excluded, without bias. `n` is whole, 1 to 2^32. Throws `INVALID_RANGE`. */
  int(n: number): number;
  /** One element, each as likely. Throws `INVALID_RANGE` for an empty list. */
  pick<T>(list: readonly T[]): T;
  /** The elements in a random order, each order as likely, as a new list. */
  shuffle<T>(list: readonly T[]): T[];
  /** A stream of its own that depends on this stream's seed and the label only, not on what was drawn so far. */
  fork(label: string): Rng;
}

/**
 * A seeded generator: sfc32 (Doty-Humphrey; PractRand) started from a hash of the seed.
 *
 * In: a text or a number; the number 1 and the text '1' are one seed. Throws `INVALID_SEED` for a number that is not
 * finite, which every run would otherwise share in silence.
 */
export function rng(seed: string | number): Rng {
  if (typeof seed === 'number' && !Number.isFinite(seed)) {
    throw new KernelError('INVALID_SEED', `The seed must be a text or a finite number, not ${seed}.`);
  }
  const name = String(seed);
  const next = sfc32(hash128(name));

  const uniform = (): number => {
    const high = next() >>> 5;
    const low = next() >>> 6;
    return (high * 67108864 + low) / TWO_53;
  };
  const int = (n: number): number => {
    if (!Number.isInteger(n) || n < 1 || n > TWO_32) {
      throw new KernelError('INVALID_RANGE', `The range must be a whole number from 1 to 2^32, not ${n}.`);
    }
    // Draws beyond the last whole multiple of n would favour the small numbers.
    const limit = TWO_32 - (TWO_32 % n);
    for (;;) {
      const draw = next();
      if (draw < limit) return draw % n;
    }
  };
  return {
    uniform,
    normal: () => normalQuantile(uniform() + 0.5 / TWO_53),
    int,
    pick: <T>(list: readonly T[]) => list[int(list.length)] as T,
    shuffle: <T>(list: readonly T[]) => {
      const shuffled = [...list];
      for (let i = shuffled.length - 1; i > 0; i -= 1) {
        const j = int(i + 1);
        [shuffled[i], shuffled[j]] = [shuffled[j] as T, shuffled[i] as T];
      }
      return shuffled;
    },
    fork: (label) => rng(`${name.length}:${name}/${label}`),
  };
}

/** The sfc32 generator: 128 bits of state, 32 bits a draw. The first draws are thrown away, so that near seeds part. */
function sfc32([x, y, z, w]: readonly [number, number, number, number]): () => number {
  let a = x | 0;
  let b = y | 0;
  let c = z | 0;
  let counter = w | 0;
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return sum >>> 0;
  };
  for (let i = 0; i < 15; i += 1) next();
  return next;
}
