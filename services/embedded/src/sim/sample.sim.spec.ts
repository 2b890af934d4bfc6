import { describe, expect, it } from '@jest/globals';
import { runSim } from './run-sim.fixture.js';

/** How many seeds; CI runs a sample, a person or a night run asks for more. */
const seeds = Number(process.env['BALLAST_SIM_SEEDS'] ?? 100);

describe('the simulated system', () => {
  it(
    `keeps its laws over ${seeds} seeds`,
    async () => {
      const { code, stdout } = await runSim('--seeds', `${seeds}`);
      const line = /^(\d+) seeds, .* (\d+) cycles closed, .* (\d+) orders, (\d+) fills, .* (\d+) violations/m.exec(
        stdout,
      );
      if (code !== 0 || !line) throw new Error(stdout);
      const [run, closed, orders, fills, violations] = line.slice(1).map(Number) as [
        number,
        number,
        number,
        number,
        number,
      ];
      expect({ run, violations }).toEqual({ run: seeds, violations: 0 });
      // Runs in which nothing is traded would keep every law.
      expect(closed).toBeGreaterThan(seeds / 2);
      expect(orders).toBeGreaterThan(seeds);
      expect(fills).toBeGreaterThan(orders);
    },
    Math.max(120_000, seeds * 20_000),
  );
});
