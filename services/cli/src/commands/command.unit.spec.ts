import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { fakeIo } from '../../test/fixtures.js';
import { EXIT } from '../errors.js';
import { confirm } from './command.js';
import { exitOfCycle, exitOfRun } from './cycle.js';
import { requireHome } from './reset.js';

describe('confirm', () => {
  it('goes on where the name was typed, or came as an option', async () => {
    await confirm(fakeIo({ answers: ['main '] }), 'Orders leave again.', 'main', undefined, '--confirm main');
    await confirm(fakeIo(), 'Orders leave again.', 'main', 'main', '--confirm main');
  });

  it.each([
    ['another name', fakeIo({ answers: ['mian'] }), undefined],
    ['an empty line', fakeIo({ answers: [''] }), undefined],
    ['nobody to ask', fakeIo(), undefined],
    ['an option with another name', fakeIo({ answers: ['main'] }), 'other'],
  ])('is declined by %s', async (_, io, option) => {
    await expect(confirm(io, 'Orders leave again.', 'main', option, '--confirm main')).rejects.toMatchObject({
      code: 'NOT_CONFIRMED',
      exit: EXIT.declined,
      nextStep: expect.stringContaining('--confirm main'),
    });
  });
});

describe('how a run ends', () => {
  it.each([
    [['approved', 'trimmed'], EXIT.ok],
    [['approved', 'declined'], EXIT.declined],
    [['declined', 'vetoed'], EXIT.blocked],
    [['vetoed', 'aborted', 'approved'], EXIT.failure],
  ] as const)('%j: %i', (verdicts, exit) => {
    expect(exitOfRun(verdicts.map((verdict) => ({ verdict })))).toBe(exit);
  });

  it.each([
    [{ status: 'closed', outcome: 'executed' }, EXIT.ok],
    [{ status: 'closed', outcome: 'no_trades' }, EXIT.ok],
    [{ status: 'closed', outcome: 'vetoed' }, EXIT.blocked],
    [{ status: 'closed', outcome: 'declined' }, EXIT.declined],
    [{ status: 'aborted' }, EXIT.failure],
  ])('%j: %i', (cycle, exit) => {
    expect(exitOfCycle(cycle)).toBe(exit);
  });
});

describe('requireHome', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ballast-cli-home-'));

  it('takes a data folder, and knows when there is none', async () => {
    const home = join(folder, 'home');
    expect(await requireHome(home, '/')).toBe(false);
    mkdirSync(home);
    writeFileSync(join(home, 'version.json'), '{"dataVersion":1}');
    expect(await requireHome(home, folder)).toBe(true);
  });

  it.each([
    ['a folder of somebody else', folder, '/'],
    ['the folder that we stand in', join(folder, 'home'), join(folder, 'home')],
    ['a folder around the one that we stand in', join(folder, 'home'), join(folder, 'home', 'deep')],
  ])('refuses %s', async (_, home, cwd) => {
    await expect(requireHome(home, cwd)).rejects.toMatchObject({ code: 'NOT_A_HOME', exit: EXIT.failure });
  });
});
