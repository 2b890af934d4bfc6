import { describe, expect, it } from '@jest/globals';
import { fakeIo } from '../test/fixtures.js';
import { EXIT } from './errors.js';
import { run } from './program.js';

async function ran(args: readonly string[], stdin = '') {
  const io = fakeIo({ stdin });
  return { exit: await run(args, io), ...io.written };
}

const COMMANDS = [
  ...['run', 'list', 'get', 'watch', 'explain', 'replay'].map((verb) => ['cycle', verb]),
  ...['list', 'get', 'place', 'cancel'].map((verb) => ['order', verb]),
  ['execution', 'impact'],
  ['position', 'list'],
  ['lot', 'list'],
  ...['on', 'off', 'status'].map((verb) => ['halt', verb]),
  ['alert', 'list'],
  ...['tail', 'verify'].map((verb) => ['audit', verb]),
  ...['list', 'show', 'replay', 'skip'].map((verb) => ['dlq', verb]),
  ...['list', 'show', 'diff', 'verify'].map((verb) => ['pack', verb]),
  ...['verify', 'export', 'rights', 'instrument'].map((verb) => ['data', verb]),
  ...['import', 'list'].map((verb) => ['data', 'reference', verb]),
  ['calc'],
  ['start'],
  ['status'],
  ['doctor'],
  ['reset'],
];

describe('help', () => {
  it.each(COMMANDS)('of %s %s has an example of itself', async (...words) => {
    const { exit, out, err } = await ran([...words, '--help']);
    expect({ exit, err }).toEqual({ exit: EXIT.ok, err: '' });
    expect(out).toContain(`\nExamples:\n  ballast ${words.join(' ')}`);
  });

  it('that nobody asked for goes to standard error, and is wrong usage', async () => {
    const { exit, out, err } = await ran(['cycle']);
    expect({ exit, out }).toEqual({ exit: EXIT.usage, out: '' });
    expect(err).toContain('Usage: ballast cycle');
  });
});

describe('wrong usage', () => {
  it.each([
    [['cylce', 'run'], 'UNKNOWN_COMMAND', 'Did you mean cycle?'],
    [['cycle', 'explian', 'x'], 'UNKNOWN_COMMAND', 'Did you mean explain?'],
    [['cycle', 'run', '--dyas', '3'], 'UNKNOWN_OPTION', 'Did you mean --days?'],
    [['cycle', 'get'], 'MISSING_ARGUMENT', "'id'"],
    [['order', 'place'], 'MISSING_MANDATORY_OPTION_VALUE', '--symbol'],
    [['cycle', 'run', '--as-of', '2017-02-30'], 'USAGE', '--as-of: 2017-02-30'],
    [['cycle', 'run', '-o', 'xml'], 'USAGE', '--output: "xml" is not one of table, json, yaml'],
    [['cycle', 'explain', 'zz'], 'USAGE', '<order>: "zz" is not an order'],
    [['halt', 'on'], 'USAGE', '--reason'],
    [['halt', 'off', '--reason', 'all is well'], 'NOT_CONFIRMED', '--confirm main'],
    [['start', '--port', '70000', '--schedule', 'hourly'], 'USAGE', '--schedule: "hourly" is not one of daily, off'],
    [['calc', 'nope'], 'UNKNOWN_KERNEL', 'expected one of'],
  ])('%j is %s', async (args, code, hint) => {
    const { exit, out, err } = await ran(args);
    expect(exit).toBe(code === 'NOT_CONFIRMED' ? EXIT.declined : EXIT.usage);
    expect(out).toBe('');
    expect(err).toMatch(new RegExp(`^error ${code}: `));
    expect(err).toContain(hint);
    expect(err).toMatch(/\n {2}next: {2}\S/);
  });
});

describe('calc', () => {
  it('answers cases on standard output, each error in its place', async () => {
    const cases = [
      { name: 'good', input: { qty: '100', n_slices: 2, horizon_minutes: 10 } },
      { name: 'bad', input: { qty: '100', n_slices: 0, horizon_minutes: 10 } },
    ];
    const { exit, out, err } = await ran(['calc', 'twap'], JSON.stringify({ cases }));
    expect({ exit, err }).toEqual({ exit: EXIT.ok, err: '' });
    expect(JSON.parse(out)).toEqual({
      results: [
        {
          name: 'good',
          output: [
            { i: 0, qty: '50', offset_s: 0 },
            { i: 1, qty: '50', offset_s: 300 },
          ],
        },
        { name: 'bad', error: { code: 'INVALID_SLICES', message: expect.any(String) } },
      ],
    });
  });

  it.each([
    ['no JSON', '{'],
    ['no cases', '{}'],
  ])('refuses %s', async (_, stdin) => {
    const { exit, out, err } = await ran(['calc', 'twap'], stdin);
    expect({ exit, out }).toEqual({ exit: EXIT.usage, out: '' });
    expect(err).toContain('error INVALID_INPUT: ');
  });
});
