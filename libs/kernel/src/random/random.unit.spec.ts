import { describe, expect, it } from '@jest/globals';
import { KernelError } from '../money/index.js';
import { normalQuantile, rng } from './index.js';

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof KernelError) return error.code;
    throw error;
  }
  return 'no error';
}

describe('rng', () => {
  it('gives the golden numbers', () => {
    const random = rng('ballast');
    const drawn = [
      random.uniform(),
      random.uniform(),
      random.normal(),
      random.normal(),
      random.int(6),
      random.int(1000),
    ];
    expect(drawn).toEqual([0.021598665815601104, 0.719341031577515, 0.1165117915244638, -1.6983141678327187, 0, 863]);
    const rest = [
      random.shuffle(['a', 'b', 'c', 'd', 'e', 'f']).join(''),
      random.pick(['a', 'b', 'c', 'd', 'e', 'f']),
      random.fork('AAPL').uniform(),
      rng(1).uniform(),
    ];
    expect(rest).toEqual(['adbcef', 'f', 0.08312670322062932, 0.15442750751103707]);
  });

  it('repeats itself for a seed and differs between seeds', () => {
    const draw = (seed: string | number) => {
      const random = rng(seed);
      return Array.from({ length: 20 }, () => random.uniform());
    };
    expect(draw('a')).toEqual(draw('a'));
    expect(draw(7)).toEqual(draw('7'));
    expect(draw('a')).not.toEqual(draw('b'));
    expect(draw(1)[0]).not.toBe(draw(2)[0]);
  });

  it('forks by seed and label alone', () => {
    const fresh = rng('s').fork('x').uniform();
    const used = rng('s');
    used.uniform();
    expect(used.fork('x').uniform()).toBe(fresh);
    expect(used.fork('y').uniform()).not.toBe(fresh);
    expect(rng('s').fork('a/b').uniform()).not.toBe(rng('s').fork('a').fork('b').uniform());
  });

  it('has the moments of its distributions', () => {
    const random = rng('moments');
    const n = 50_000;
    const uniforms = Array.from({ length: n }, () => random.uniform());
    const normals = Array.from({ length: n }, () => random.normal());
    const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
    expect(mean(uniforms)).toBeCloseTo(0.5, 2);
    expect(mean(uniforms.map((u) => u * u))).toBeCloseTo(1 / 3, 2);
    expect(Math.abs(mean(normals))).toBeLessThan(0.02);
    expect(Math.abs(mean(normals.map((z) => z * z)) - 1)).toBeLessThan(0.03);
    expect(Math.abs(mean(normals.map((z) => z ** 4)) - 3)).toBeLessThan(0.15);
  });

  it('draws whole numbers evenly', () => {
    const random = rng('die');
    const counts = [0, 0, 0, 0, 0, 0];
    for (let i = 0; i < 60_000; i += 1) {
      const face = random.int(6);
      counts[face] = (counts[face] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(400);
    expect(random.int(1)).toBe(0);
    expect(random.int(2 ** 32)).toBeGreaterThanOrEqual(0);
    expect(Array.from({ length: 50 }, () => random.int(3 * 2 ** 30)).every((n) => n < 3 * 2 ** 30)).toBe(true);
  });

  it.each([0, -1, 1.5, NaN, 2 ** 32 + 1])('refuses the range %s', (n) => {
    expect(codeOf(() => rng('x').int(n))).toBe('INVALID_RANGE');
  });

  it('refuses to pick from nothing and to start from no number', () => {
    expect(codeOf(() => rng('x').pick([]))).toBe('INVALID_RANGE');
    expect(codeOf(() => rng(NaN))).toBe('INVALID_SEED');
    expect(rng('x').shuffle([])).toEqual([]);
  });
});

describe('normalQuantile', () => {
  // Wichura 1988 gives the first three; the others are standard tables.
  it.each([
    [0.25, -0.6744897501960817],
    [0.001, -3.090232306167814],
    [1e-20, -9.262340089798408],
    [0.5, 0],
    [0.975, 1.959963984540054],
    [0.99, 2.3263478740408408],
  ])('at %s is %s', (p, z) => {
    expect(normalQuantile(p)).toBeCloseTo(z, 12);
  });
});
