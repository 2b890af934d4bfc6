// Goal: what a person who collects, brings and looks at facts sees, and the exit code that a script goes by.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ballast, begin, bodyOf, paths, world } from '../../test/world.js';
import { EXIT } from '../errors.js';

const COLLECTIONS = '/api/v1/feeds/collections';
const FACTS = '/api/v1/feeds/facts';
const ID = '3f9a0c12-0000-4000-8000-000000000000';
const RUNNING = { pid: 1, url: 'http://host', book: 'main', services: {} } as never;

const folder = mkdtempSync(join(tmpdir(), 'ballast-cli-facts-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string, content: string | Uint8Array): string => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const ended = (more: object) => [
  { body: { collectionId: ID, status: 'running' } },
  { body: { collectionId: ID, ...more } },
];

beforeEach(begin);

describe('data collect', () => {
  it('waits for the end and shows what was taken in', async () => {
    world.running = RUNNING;
    world.answers[COLLECTIONS] = [{ status: 202, body: { collectionId: ID, status: 'running' } }];
    world.answers[`${COLLECTIONS}/${ID}`] = ended({ status: 'collected', report: { added: 2, refused: 0 } });
    const { exit, out } = await ballast('data', 'collect', 'nse-bulk-deals', '--date', '2026-11-20');
    expect(exit).toBe(EXIT.ok);
    expect(out).toMatch(/report\.added\s+2/);
    expect(bodyOf(0)).toEqual({ what: 'nse-bulk-deals', date: '2026-11-20' });
    expect(paths()).toEqual([`POST ${COLLECTIONS}`, `${COLLECTIONS}/${ID}`, `${COLLECTIONS}/${ID}`]);
  });

  it('fails where nothing was taken, with the reason and the next step', async () => {
    world.running = RUNNING;
    world.answers[COLLECTIONS] = [{ status: 202, body: { collectionId: ID } }];
    const refusal = { code: 'EMPTY_ANSWER', reason: 'no row', nextStep: 'Ask again later.' };
    world.answers[`${COLLECTIONS}/${ID}`] = ended({ status: 'refused', ...refusal });
    const { exit, err } = await ballast('data', 'collect', 'nse-fii-dii');
    expect({ exit, err }).toEqual({ exit: EXIT.failure, err: 'EMPTY_ANSWER: no row. Ask again later.\n' });
  });

  it('needs a host that goes on working, and a day that there is', async () => {
    expect((await ballast('data', 'collect', 'nse-fii-dii')).exit).toBe(EXIT.unavailable);
    const { exit, err } = await ballast('data', 'collect', 'nse-pit', '--date', '2026-02-30');
    expect(exit).toBe(EXIT.usage);
    expect(err).toContain('--date');
  });
});

describe('data collections', () => {
  const fresh = { what: 'fed-texts', subject: null, state: 'fresh', collectedAt: '2026-11-20T03:30:00.000Z' };
  const list = (...items: object[]) => (world.answers[COLLECTIONS] = [{ body: { healthy: true, items, next: null } }]);

  it('lists how each stands, and fails where one is not fresh', async () => {
    list(fresh);
    expect(await ballast('data', 'collections')).toMatchObject({
      ...{ exit: EXIT.ok, out: expect.stringMatching(/fed-texts +- +fresh +2026-11-20T03:30:00.000Z/) },
    });
    const failure = { code: 'EMPTY_ANSWER', reason: 'the flows have no row', nextStep: 'Ask again later.' };
    list(fresh, { what: 'macro-series', subject: 'DGS10', state: 'never', collectedAt: null, failure });
    const { exit, out } = await ballast('data', 'collections');
    expect(exit).toBe(EXIT.failure);
    expect(out).toMatch(/macro-series +DGS10 +never .*EMPTY_ANSWER: the flows have no row. Ask again later./);
  });

  it('says how to have something collected', async () => {
    list();
    expect((await ballast('data', 'collections')).out).toContain('FEEDS_COLLECT_DAILY');
  });
});

describe('data load', () => {
  it('sends a small file whole', async () => {
    world.answers[FACTS] = [{ status: 201, body: { added: 1, revised: 0 } }];
    const path = file('form4.xml', '<ownershipDocument/>');
    const { exit, out } = await ballast('data', 'load', 'sec-ownership', path, '--source', 'edgar');
    expect(exit).toBe(EXIT.ok);
    expect(out).toMatch(/added\s+1/);
    expect(bodyOf(0)).toEqual({ what: 'sec-ownership', source: 'edgar', body: '<ownershipDocument/>' });
  });

  it('has the host read what is packed or large', async () => {
    world.running = RUNNING;
    world.answers[`${FACTS}/files`] = [{ status: 202, body: { collectionId: ID } }];
    for (const path of [file('packed.csv.gz', gzipSync('a')), file('large.csv', 'x'.repeat(500_000))]) {
      world.answers[`${COLLECTIONS}/${ID}`] = ended({ status: 'collected' });
      expect((await ballast('data', 'load', 'nse-bulk-deals', path, '--synthetic')).exit).toBe(EXIT.ok);
      expect(bodyOf(-3)).toEqual({ what: 'nse-bulk-deals', synthetic: true, path });
    }
  });

  it('says what is wrong with a file before anybody is asked', async () => {
    const { exit, err } = await ballast('data', 'load', 'nse-pit', join(folder, 'nowhere.json'));
    expect(exit).toBe(EXIT.usage);
    expect(err).toContain('FILE_NOT_READABLE');
    const latin = file('latin.csv', Buffer.from('Z\u00fcrich', 'latin1'));
    expect((await ballast('data', 'load', 'headlines', latin)).err).toContain('FILE_NOT_UTF8');
    expect(paths()).toEqual([]);
  });

  it('passes on what the service refused', async () => {
    const problem = { code: 'TOO_MANY_REFUSED', detail: '3 of 4 rows', nextStep: 'Correct the rows.' };
    world.answers[FACTS] = [{ status: 422, body: problem }];
    const { exit, err } = await ballast('data', 'load', 'nse-pit', file('pit.json', '[]'));
    expect(exit).toBe(EXIT.usage);
    expect(err).toContain('3 of 4 rows');
  });
});

describe('data facts', () => {
  const row = { date: '2026-07-03', symbol: 'INFY', source: 'nse', revision: 2, knownAt: '2026-07-03T14:00:00.000Z' };

  it('lists them with what they say, as they were known at a moment', async () => {
    const at = '2026-07-04T00%3A00%3A00.000Z';
    world.answers[`${FACTS}?kind=deal&from=2026-07-01&symbol=INFY&knownAt=${at}`] = [
      { body: { items: [{ ...row, content: { side: 'buy', price: '5.52', client: 'A'.repeat(200) } }], next: null } },
    ];
    const args = [
      '--kind',
      'deal',
      '--symbol',
      'INFY',
      '--from',
      '2026-07-01',
      '--known-at',
      '2026-07-04T00:00:00.000Z',
    ];
    const { exit, out } = await ballast('data', 'facts', ...args);
    expect(exit).toBe(EXIT.ok);
    expect(out).toMatch(
      /2026-07-03 {2}INFY {4}nse {5}2 {4}2026-07-03T14:00:00.000Z {2}side buy price 5.52 client A+\.\.\.\n/,
    );
  });

  it('wants to know of what kind', async () => {
    const { exit, err } = await ballast('data', 'facts');
    expect(exit).toBe(EXIT.usage);
    expect(err).toContain('--kind');
  });
});
