import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { resolveNatsServer } from '@ballast/platform';
import { runChaos } from './run-chaos.fixture.js';

/** How many seeds, and deaths in each; CI runs a sample, a person or a night run asks for more. */
const SEEDS = 2;
const KILLS = 8;

/** Why there is no run, printed: a machine without nats-server cannot make one, and CI refuses to be such a machine. */
async function whyNot(): Promise<string | null> {
  const home = process.env['BALLAST_HOME'] ?? join(tmpdir(), 'ballast-test-cache');
  const found = await resolveNatsServer({ env: process.env, home, log: (line) => console.warn(line) });
  if (found.found) return null;
  if (process.env['BALLAST_REQUIRE_NATS'] === '1') throw new Error(found.reason);
  return found.reason;
}

const why = await whyNot();
if (why !== null) process.stderr.write(`the sample of the chaos is skipped: ${why}\n`);
const suite = why === null ? describe : describe.skip;

suite('a gateway that is killed among servers that fail', () => {
  it(`loses and doubles nothing in ${SEEDS} worlds`, async () => {
    const { code, stdout, stderr } = await runChaos('--seeds', `${SEEDS}`, '--kills', `${KILLS}`, '--proof', 'none');
    const line =
      /^(\d+) seeds, (\d+) kills, .*; (\d+) parents, (\d+) orders, (\d+) fills, (\d+) seeds with broken/m.exec(stdout);
    if (code !== 0 || !line) throw new Error(`${stdout}\n${stderr}`);
    const [seeds, kills, , orders, fills, broken] = line.slice(1).map(Number) as number[];
    expect({ seeds, kills, broken }).toEqual({ seeds: SEEDS, kills: SEEDS * KILLS, broken: 0 });
    // Worlds in which nothing is traded would keep every rule.
    expect(orders).toBeGreaterThan(SEEDS);
    expect(fills).toBeGreaterThan(SEEDS);
  }, 900_000);
});

describe('the command line of the chaos', () => {
  it('refuses a proof that it does not know, and a number that is none', async () => {
    expect(await runChaos('--proof', 'none-such')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('naive-sender, venue-without-dedupe'),
    });
    expect(await runChaos('--kills', 'many')).toMatchObject({ code: 2, stderr: expect.stringContaining('--kills') });
  }, 60_000);

  it('tells what it does', async () => {
    expect(await runChaos('--help')).toMatchObject({ code: 0, stdout: expect.stringContaining('--first-seed') });
  }, 60_000);
});
