// Goal: what a person reads of the difference of two packs.
import { beforeEach, describe, expect, it } from '@jest/globals';
import { ballast, begin, paths, world } from '../../test/world.js';
import { EXIT } from '../errors.js';

beforeEach(begin);

const [BEFORE, AFTER] = ['a'.repeat(64), 'b'.repeat(64)];
const PATH = `/api/v1/packs/${BEFORE}/diff/${AFTER}`;
const NONE = { count: 0, first: [] };
const DIFF = {
  before: { hash: BEFORE, source: 'prices', synthetic: false, asOf: '2017-06-30' },
  after: { hash: AFTER, source: 'market', synthetic: true, asOf: '2017-07-03' },
  symbols: { common: 20, added: { count: 1, first: ['NEW'] }, removed: NONE },
  sessions: { common: 259, added: { count: 1, first: ['2017-07-03'] }, removed: { count: 1, first: ['2016-06-20'] } },
  restated: {
    ...{ count: 2, symbols: 1 },
    first: [{ symbol: 'HLT', date: '2017-01-03', series: 'close', before: 27.5, after: 82.5 }],
  },
  quality: { count: 1, first: [{ symbol: 'HLT', before: 1, after: 0.9 }] },
};

describe('pack diff', () => {
  it('says what came, went, was restated and scored anew, and what is simulated', async () => {
    world.answers[PATH] = [{ body: DIFF }];
    const { exit, out } = await ballast('pack', 'diff', BEFORE, AFTER);
    expect(exit).toBe(EXIT.ok);
    expect(out).toContain(`after     ${AFTER} of 2017-07-03, market (synthetic)\n`);
    expect(out).toContain('symbols   20 in both, 1 added (NEW), none removed\n');
    expect(out).toContain('sessions  259 in both, 1 added (2017-07-03), 1 removed (2016-06-20)\n');
    expect(out).toContain('restated values (2, the first 1)\nSYMBOL  DATE        SERIES  BEFORE  AFTER\n');
    expect(out).toContain('HLT     2017-01-03  close   27.5    82.5\n');
    expect(out).toContain('scores that moved (1)\n');
    expect(paths()).toEqual([PATH]);
  });

  it('gives all of it as a document, and refuses what is no hash', async () => {
    world.answers[PATH] = [{ body: DIFF }];
    expect(JSON.parse((await ballast('pack', 'diff', BEFORE, AFTER, '-o', 'json')).out)).toEqual(DIFF);
    const { exit, err } = await ballast('pack', 'diff', BEFORE, 'xyz');
    expect(exit).toBe(EXIT.usage);
    expect(err).toContain('<after>');
  });
});
