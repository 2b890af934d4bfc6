// Goal: what the help says of the simulated venue can be typed as it stands there.
import { describe, expect, it } from '@jest/globals';
import { readConfig, SETTINGS } from '@ballast/paper-broker';
import { fakeIo } from '../../test/fixtures.js';
import { run } from '../program.js';
import { SWITCHES } from './switches.js';

const GIVEN = { DATABASE_URL: 'postgres://nobody', PAPER_BROKER_SECRET: 'of-no-importance' };

describe.each(SWITCHES)('%s', (setting) => {
  const [name = '', value = ''] = setting.split('=');

  it('is a setting of the paper broker that changes what it does', () => {
    expect(SETTINGS).toContain(name);
    const plain = readConfig(GIVEN);
    const switched = readConfig({ ...GIVEN, [name]: value });
    expect({ rules: switched.rules, recordings: switched.recordings }).not.toEqual({
      ...{ rules: plain.rules, recordings: plain.recordings },
    });
  });
});

it.each([[['start']], [['cycle', 'run']]])('ballast %s --help names every one of them', async (words) => {
  const io = fakeIo({ stdin: '' });
  expect(await run([...words, '--help'], io)).toBe(0);
  for (const [setting] of SWITCHES) expect(io.written.out).toContain(`\n  ${setting} `);
});
