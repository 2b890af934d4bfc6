// Goal: the comparison of TWAP with a single order as it is asked for on the command line, without a host.
import { beforeEach, describe, expect, it } from '@jest/globals';
import { ballast, begin, paths, world } from '../../test/world.js';
import { EXIT } from '../errors.js';

beforeEach(begin);

interface Row {
  readonly model: string;
  readonly sizeOverAdv: number;
  readonly saving: number;
  readonly configuration: { readonly singleMinutes: number | null; readonly slices: number };
}

async function rowsOf(...args: string[]): Promise<Row[]> {
  const { exit, out, err } = await ballast('execution', 'impact', ...args, '-o', 'json');
  expect({ exit, err }).toEqual({ exit: EXIT.ok, err: '' });
  return (JSON.parse(out) as { rows: Row[] }).rows;
}

describe('execution impact', () => {
  it('shows all models for 1, 5 and 10 % of ADV, and starts and asks no host for it', async () => {
    const rows = await rowsOf();
    const models = ['almgren-2005', 'square-root', 'propagator', 'almgren-chriss'];
    expect([...new Set(rows.map(({ model }) => model))]).toEqual(models);
    expect([...new Set(rows.map(({ sizeOverAdv }) => sizeOverAdv))]).toEqual([0.01, 0.05, 0.1]);
    expect({ started: world.started, asked: paths() }).toEqual({ started: [], asked: [] });
    const { out } = await ballast('execution', 'impact');
    expect(out.match(/^(almgren|square|propagator)/gm)).toHaveLength(rows.length);
    expect(out).toContain('TWAP does not help here:\n  0.0 % under square-root');
    expect(out).toMatch(/-43\.1 % under propagator, .*beta 0\.25, t0 5 min/);
  });

  it('shows more than 20 % under Almgren 2005, 1 to 10 % of ADV and a single order of one minute', async () => {
    const rows = await rowsOf('--model', 'almgren-2005', '--sizes', '1,2.5,5,10');
    expect(rows).toHaveLength(8);
    for (const { saving, configuration } of rows) {
      expect(saving).toBeGreaterThan(0.2);
      expect(configuration.singleMinutes).toBe(1);
    }
  });

  it('takes the schedule, the pace and the name from its options', async () => {
    const [row] = await rowsOf('--model', 'almgren-2005', '--sizes', '2', '--slices', '3', '--minutes', '30');
    expect(row!.configuration).toMatchObject({ slices: 3, intervalMinutes: 10, sliceMinutes: 10 });
    const [slow] = await rowsOf('--model', 'almgren-2005', '--sizes', '2', '--single-minutes', '60');
    expect(slow).toMatchObject({ saving: 0, configuration: { singleMinutes: 60 } });
    const [calm] = await rowsOf('--model', 'square-root', '--volatility', '0.5', '--adv', '12345', '--price', '10.25');
    expect(calm).toMatchObject({
      quantity: '123',
      singleCost: '0.42',
      configuration: { parameters: { volatility: 0.005 } },
    });
  });

  it.each([
    [['--model', 'kyle'], '--model: "kyle" is not one of almgren-2005, square-root, propagator, almgren-chriss, all'],
    [['--sizes', '1,x'], '--sizes: "x" is not a percentage above 0 and up to 100'],
    [['--sizes', '0'], '--sizes: "0" is not a percentage'],
    [['--sizes', '101'], '--sizes: "101" is not a percentage'],
    [['--sizes', '1,1'], '--sizes: "1" is there twice'],
    [['--sizes', Array.from({ length: 21 }, (_, i) => i + 1).join()], '--sizes: 21 are too many; give at most 20'],
    [['--sizes', '1', '--adv', '99'], '--sizes: 1 % of 99 shares is less than one share'],
    [['--slices', '0'], '--slices: "0" is not a whole number from 1 to 390'],
    [['--minutes', '391'], '--minutes: "391" is not a whole number from 1 to 390'],
    [['--minutes', '1', '--slices', '61'], '--slices: 61 in 1 min are less than a second apart; take at most 60'],
    [['--single-minutes', '0.5'], '--single-minutes: "0.5" is not a whole number'],
    [['--volatility', '-2'], '--volatility: "-2" is not a percentage'],
    [['--adv', '1e6'], '--adv: "1e6" is not a quantity'],
    [['--price', 'free'], '--price: "free" is not an amount'],
    [['--model', 'almgren-chriss', '--slices', '7'], '--slices: changes nothing under almgren-chriss; leave it out'],
    [['--model', 'square-root', '--single-minutes', '5'], '--single-minutes: changes nothing under square-root'],
  ])('refuses %j', async (args, message) => {
    const { exit, out, err } = await ballast('execution', 'impact', ...args);
    expect({ exit, out }).toEqual({ exit: EXIT.usage, out: '' });
    expect(err).toContain('error USAGE: One option or argument is wrong.');
    expect(err).toContain(`where: ${message}`);
    expect(err).toContain('"ballast execution impact --help" shows examples');
  });

  it('names everything that is wrong at once', async () => {
    const { err } = await ballast(
      'execution',
      'impact',
      '--sizes',
      'x',
      '--volatility',
      '0',
      '--price',
      '-3',
      '-o',
      'csv',
    );
    expect(err.match(/where: (--\S+):/g)).toEqual([
      'where: --output:',
      'where: --sizes:',
      'where: --volatility:',
      'where: --price:',
    ]);
  });
});
