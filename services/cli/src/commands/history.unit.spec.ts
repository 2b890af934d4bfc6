// Goal: bringing history in shows how far it is, what came of it, and why it was refused, with the next step.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { ballast, begin, bodyOf, home, paths, world } from '../../test/world.js';
import { EXIT } from '../errors.js';

beforeEach(begin);

const FILE = join(home, 'bars.csv');
writeFileSync(FILE, 'date,symbol,open,high,low,close,volume\n');
const ID = '6f1d2c3e-8f0b-5e55-9d3f-0f4b8d1c2a77';
const IMPORTS = '/api/v1/feeds/imports';

const report = {
  ...{
    rows: 100,
    accepted: 98,
    refused: 2,
    refusedByCode: { NOT_NUMERIC: 2 },
    duplicatesDropped: 0,
    missingVolumes: 0,
  },
  firstRefused: [{ row: 7, code: 'NOT_NUMERIC', message: 'close "x" is no number' }],
  symbols: 2,
  respelled: [{ from: 'NYSE:NBL', to: 'NBL', rows: 50 }],
};
const running = { importId: ID, status: 'running', progress: { unit: 'bytes', done: 5, total: 10, rows: 40_000 } };
const imported = {
  ...{ importId: ID, status: 'imported', source: 'bars' },
  outcome: { from: '2017-06-01', to: '2017-06-30', added: 90, restated: 8, unchanged: 0, actions: 1, report },
};

describe('data import', () => {
  it('orders the import of files by their full paths, shows progress, and what came of it', async () => {
    world.answers[IMPORTS] = [{ status: 202, body: { importId: ID } }];
    world.answers[`${IMPORTS}/${ID}`] = [{ body: running }, { body: imported }];
    const { exit, out, err } = await ballast('data', 'import', 'bars.csv', '--basis', 'raw', '--actions', 'bars.csv');
    expect(exit).toBe(EXIT.ok);
    expect(err).toBe('40,000 rows read\n');
    expect(out).toContain('90 new, 8 restated, 0 as they were');
    expect(out).toContain('NYSE:NBL is NBL, 50 rows');
    expect(out).toMatch(/7 {4}NOT_NUMERIC {2}close "x" is no number/);
    expect(bodyOf(0)).toEqual({ path: FILE, actionsPath: FILE, priceBasis: 'raw', replace: false });
    expect(paths()).toEqual([`POST ${IMPORTS}`, `${IMPORTS}/${ID}`, `${IMPORTS}/${ID}`]);
  });

  it('says why it was refused, with the rows and the next step', async () => {
    world.answers[IMPORTS] = [{ status: 202, body: { importId: ID } }];
    world.answers[`${IMPORTS}/${ID}`] = [
      {
        body: {
          ...{ importId: ID, status: 'refused', code: 'TOO_MANY_REFUSED', reason: '2 of 3 rows are refused' },
          outcome: { nextStep: 'Correct the file.', report },
        },
      },
    ];
    const { exit, err } = await ballast('data', 'import', 'bars.csv');
    expect(exit).not.toBe(EXIT.ok);
    for (const said of ['TOO_MANY_REFUSED', '2 of 3 rows', 'row 7', 'close "x" is no number', 'Correct the file.']) {
      expect(err).toContain(said);
    }
  });

  it.each([
    ['no file and no name', [], '<file>'],
    ['a file that is not there', ['nowhere.csv'], 'nowhere.csv'],
    ['a basis that is none', ['bars.csv', '--basis', 'dirty'], '--basis'],
    ['a name that is none', ['bars.csv', '--name', 'My Data'], '--name'],
  ])('refuses %s before anything is started', async (_, args, said) => {
    const { exit, err } = await ballast('data', 'import', ...args);
    expect(exit).toBe(EXIT.usage);
    expect(err).toContain(said);
    expect(world.started).toEqual([]);
  });
});

describe('data backfill', () => {
  const BACKFILLS = '/api/v1/feeds/backfills';

  it('orders what is to be fetched up to the last session that has closed, and shows groups', async () => {
    world.answers[BACKFILLS] = [{ status: 202, body: { importId: ID } }];
    const progress = { unit: 'groups', done: 1, total: 9, rows: 31_500 };
    world.answers[`${IMPORTS}/${ID}`] = [{ body: { ...running, progress } }, { body: imported }];
    const args = ['--source', 'alpaca', '--symbols', 'AAPL,MSFT', '--from', '2021-01-04'];
    const { exit, err } = await ballast('data', 'backfill', ...args);
    expect({ exit, err }).toEqual({ exit: EXIT.ok, err: '31500 rows fetched, 1 of 9 groups of symbols\n' });
    expect(bodyOf(0)).toEqual({
      ...{ vendor: 'alpaca', symbols: ['AAPL', 'MSFT'], from: '2021-01-04' },
      to: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/),
    });
  });

  it('names every option that is wrong', async () => {
    const args = ['--source', 'Alpaca!', '--symbols', 'aapl', '--from', '2021-02-30'];
    const { exit, err } = await ballast('data', 'backfill', ...args);
    expect(exit).toBe(EXIT.usage);
    for (const said of ['--source', '--symbols', '--from']) expect(err).toContain(said);
  });
});

describe('data quality', () => {
  it('lists the worst symbols with the totals', async () => {
    world.answers['/api/v1/feeds/quality?limit=20'] = [
      {
        body: {
          ...{ source: 'bars', current: true, checkedAt: '2017-06-30T21:00:00.000Z' },
          totals: {
            ...{ symbols: 2, rows: 100, average: 0.8, lowest: 0.33, missingSessions: 7 },
            ...{ below: { count: 1, first: ['HLT'] }, findings: { ADJUSTMENT_FLIP: 7 } },
          },
          items: [{ symbol: 'HLT', score: 0.33, rows: 50, missingSessions: 0, findings: { ADJUSTMENT_FLIP: 7 } }],
        },
      },
    ];
    const { exit, out } = await ballast('data', 'quality');
    expect(exit).toBe(EXIT.ok);
    expect(out).toContain('1 below 0.6');
    expect(out).toContain('HLT     0.33   50    0        ADJUSTMENT_FLIP 7');
  });

  it('does not take a history that was not checked for a good one', async () => {
    world.answers['/api/v1/feeds/quality?limit=20'] = [{ body: { source: 'bars', totals: null, items: [] } }];
    expect((await ballast('data', 'quality')).out).toContain('was not checked yet');
  });

  it('lists the faults of symbols with their dates, as of a day', async () => {
    world.answers['/api/v1/feeds/quality/findings?symbols=HLT&asOf=2016-12-30'] = [
      {
        body: {
          asOf: '2016-12-30',
          items: [
            {
              ...{ symbol: 'HLT', score: 0.5, rows: 760 },
              findings: [{ date: '2016-12-13', severity: 'CRITICAL', code: 'ADJUSTMENT_FLIP', detail: 'near 2' }],
            },
          ],
        },
      },
    ];
    const { out } = await ballast('data', 'quality', '--symbols', 'HLT', '--as-of', '2016-12-30');
    expect(out).toContain('HLT: score 0.5, 760 rows, as of 2016-12-30');
    expect(out).toContain('2016-12-13  CRITICAL  ADJUSTMENT_FLIP  near 2');
  });

  it('takes a date only with symbols', async () => {
    const { exit, err } = await ballast('data', 'quality', '--as-of', '2016-12-30');
    expect(exit).toBe(EXIT.usage);
    expect(err).toContain('--symbols');
  });
});

describe('data restatement', () => {
  it('shows levels, spellings and flips', async () => {
    world.answers[`${IMPORTS}/${ID}/restatement`] = [
      {
        body: {
          ...{ source: 'bars', added: 1, restated: 2, unchanged: 3, kinds: { rebased: 1, moved: 0, corrected: 0 } },
          respelled: [{ from: 'NYSE:NBL', to: 'NBL', rows: 50 }],
          flips: [{ symbol: 'HLT', rows: 7 }],
          symbols: [
            {
              ...{
                symbol: 'ISRG',
                kind: 'rebased',
                bars: 1136,
                closesMoved: 1136,
                levels: [{ factor: 0.333, closes: 1136 }],
              },
              ...{ from: '2013-02-08', to: '2017-08-11', first: [] },
            },
          ],
        },
      },
    ];
    const { exit, out } = await ballast('data', 'restatement', ID);
    expect(exit).toBe(EXIT.ok);
    for (const said of ['NYSE:NBL is NBL', 'HLT changes between adjusted and not, 7 rows', '1136 x 0.333']) {
      expect(out).toContain(said);
    }
  });
});
