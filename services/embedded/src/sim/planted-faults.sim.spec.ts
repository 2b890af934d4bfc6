import { describe, expect, it } from '@jest/globals';
import { PLANTED_FAULTS } from './planted-faults.js';
import { runSim } from './run-sim.fixture.js';

const last = Math.max(...PLANTED_FAULTS.map((fault) => fault.knownSeed));

describe('the simulator', () => {
  it.each(PLANTED_FAULTS)(
    'finds $name with the seed that is known for it',
    async ({ name, knownSeed }) => {
      const { code, stdout, stderr } = await runSim('--fault', name, '--first-seed', `${knownSeed}`, '--seeds', '1');
      expect(stderr).not.toMatch(/stale/);
      expect(stdout).toMatch(new RegExp(`VIOLATION of ".+" with seed ${knownSeed}:`));
      expect(stdout).toContain(`npm run sim -- --first-seed ${knownSeed} --seeds 1 --fault ${name}`);
      expect(code).toBe(1);
    },
    240_000,
  );

  it('finds nothing with the same seeds where no fault is planted', async () => {
    const { code, stdout } = await runSim('--seeds', `${last}`);
    expect(stdout).toMatch(/ 0 violations/);
    expect(code).toBe(0);
  }, 480_000);

  it('takes the same steps again, however many workers share the seeds', async () => {
    const [shared, alone] = [
      await runSim('--seeds', '8', '--workers', '2'),
      await runSim('--seeds', '8', '--workers', '1'),
    ];
    const digest = /run ([0-9a-f]{16})/;
    expect(digest.exec(shared.stdout)?.[1]).toMatch(/./);
    expect(digest.exec(alone.stdout)?.[1]).toBe(digest.exec(shared.stdout)?.[1]);
  }, 480_000);

  it('refuses a fault that it does not know, and a number that is none', async () => {
    expect(await runSim('--fault', 'none-such')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('none-such'),
    });
    expect(await runSim('--seeds', 'many')).toMatchObject({ code: 2, stderr: expect.stringContaining('--seeds') });
  }, 60_000);
});
