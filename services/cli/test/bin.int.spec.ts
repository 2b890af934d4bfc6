import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';

const BIN = resolve('bin/ballast.mjs');
const CASES = join(resolve(process.env['BALLAST_SHARED_DATA'] ?? '../shared/data'), '../cases');

/** Runs the committed entry as people do, as a process of its own. */
const ballast = (args: readonly string[], stdin = '') => node([BIN, ...args], stdin);

async function node(args: readonly string[], stdin = '') {
  const child = spawn(process.execPath, args, { stdio: 'pipe' });
  child.stdin.end(stdin);
  const ended = new Promise<number | null>((done) => child.once('close', done));
  const [out, err, exit] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { out, err, exit };
}

describe('bin/ballast.mjs', () => {
  it('shows its help on standard output', async () => {
    const { out, err, exit } = await ballast(['--help']);
    expect({ err, exit }).toEqual({ err: '', exit: 0 });
    expect(out).toContain('Exit codes: 0 ok');
  });

  it('refuses wrong usage with exit code 2, and leaves standard output empty', async () => {
    const { out, err, exit } = await ballast(['cycle', 'run', '--days', '0', '--symbols', 'A$']);
    expect({ out, exit }).toEqual({ out: '', exit: 2 });
    expect(err).toBe(`\
error USAGE: 2 options or arguments are wrong.
  where: --symbols: "A$" is not a ticker; expected capitals, digits and . : / - such as AAPL or BRK.B
  where: --days: "0" is not a whole number from 1 to 2520; for example --days 1
  next:  Correct them and run the command again; "ballast cycle run --help" shows examples.
`);
  });

  it('says under a Node that is too old which one it needs, and ends with 9', async () => {
    const pretend =
      'data:text/javascript,Object.defineProperty(process,"versions",{value:{...process.versions,node:"20.18.3"}})';
    const { out, err, exit } = await node(['--import', pretend, BIN, '--help']);
    expect({ out, exit }).toEqual({ out: '', exit: 9 });
    expect(err).toContain('error NODE_TOO_OLD: Ballast needs Node 20.19 or newer, and this is 20.18.3.');
  });

  it('says where the packages are not installed what to run, and ends with 9', async () => {
    const bin = join(await mkdtemp(join(tmpdir(), 'ballast-bin-')), 'bin');
    await mkdir(bin);
    await copyFile(BIN, join(bin, 'ballast.mjs'));
    const { out, err, exit } = await node([join(bin, 'ballast.mjs'), '--help']);
    expect({ out, exit }).toEqual({ out: '', exit: 9 });
    expect(err).toContain('error NOT_INSTALLED: ');
  });

  it('answers a document larger than a pipe holds, to the last byte', async () => {
    const cases = Array.from({ length: 2_000 }, (_, i) => ({
      name: `case ${i}`,
      input: { qty: '600', n_slices: 6, horizon_minutes: 60 },
    }));
    const { out, exit } = await ballast(['calc', 'twap'], JSON.stringify({ cases }));
    expect(exit).toBe(0);
    const { results } = JSON.parse(out) as { results: { name: string; output: unknown[] }[] };
    expect(results).toHaveLength(2_000);
    expect(results.at(-1)).toMatchObject({ name: 'case 1999', output: { length: 6 } });
  });

  it('answers the reference cases of TWAP', async () => {
    const file = join(CASES, 'twap.json');
    if (!existsSync(file)) return console.warn(`skipped: there is no ${file}`);
    const reference = JSON.parse(await readFile(file, 'utf8')) as { cases: { name: string; expected: unknown }[] };
    const { out, exit } = await ballast(['calc', 'twap'], JSON.stringify(reference));
    expect(exit).toBe(0);
    const { results } = JSON.parse(out) as { results: { name: string; output?: unknown }[] };
    expect(results).toEqual(reference.cases.map(({ name, expected }) => ({ name, output: expected })));
  });

  it('hands the slices of calc twap on to calc impact', async () => {
    const order = { name: 'order', input: { qty: '50000', n_slices: 6, horizon_minutes: 60 } };
    const sliced = await ballast(['calc', 'twap'], JSON.stringify({ cases: [order] }));
    const { results } = JSON.parse(sliced.out) as { results: { name: string; output: unknown }[] };
    const name = { sigma: 0.02, V: '5000000', Theta: '1000000000', single_minutes: 1, slice_minutes: 1 };
    const cases = results.map((each) => ({ name: each.name, input: { ...name, schedule: each.output, price: '50' } }));
    const { out, err, exit } = await ballast(['calc', 'impact'], JSON.stringify({ cases }));
    expect({ err, exit }).toEqual({ err: '', exit: 0 });
    const [answer] = (JSON.parse(out) as { results: { name: string; output: unknown }[] }).results;
    expect(answer).toMatchObject({
      name: 'order',
      output: { reduction: expect.closeTo(0.6468, 4), single_cost: '16360.81', saving_cost: '10582.75' },
    });
  });
});
