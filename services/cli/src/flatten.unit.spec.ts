// Goal: a book is asked to be closed until it is flat or nothing more can come of asking, and what is left is said.
import { describe, expect, it } from '@jest/globals';
import { Client, type Json } from './client.js';
import { flattenUntilFlat, leftText } from './flatten.js';

const WHY = { by: 'ada', reason: 'flash crash' };
const AAPL = { symbol: 'AAPL', quantity: '5' };
const ORDER = { clientOrderId: 'a1', symbol: 'AAPL' };

/** A host that answers each path with one body after another; the last one stays. A number is a status. */
async function flatten(answers: Record<string, readonly (Json | number)[]>) {
  const asked: string[] = [];
  const lines: string[] = [];
  let clock = 0;
  const at = new Map(Object.entries(answers).map(([path, list]) => [path, [...list]]));
  const client = new Client('http://there', 'token', (url, { method }) => {
    const path = url
      .replace('http://there', '')
      .replace(/\?.*status=planned$/, '/planned')
      .replace(/\?.*/, '');
    asked.push(`${method} ${path}`);
    const left = at.get(path) ?? [{ items: [], next: null }];
    const answer = left.length > 1 ? left.shift()! : left[0]!;
    const [status, body] = typeof answer === 'number' ? [answer, problem(answer)] : [200, answer];
    return Promise.resolve(new Response(JSON.stringify(body), { status }));
  });
  const time = { now: () => clock, pause: (ms: number) => Promise.resolve(void (clock += ms)) };
  const result = await flattenUntilFlat(client, 'main', WHY, (line) => lines.push(line), time);
  return { result, lines, waited: clock, posts: asked.filter((each) => each === 'POST /api/v1/flatten').length };
}

const problem = (status: number): Json => ({ code: status === 409 ? 'ACCOUNT_NOT_HALTED' : 'NOT_FOUND', detail: 'no' });
const items = (...rows: Json[]): Json => ({ items: rows, next: null });
const approved = { verdict: 'approved', codes: [] };
const vetoed = (code: string): Json => ({ verdict: 'vetoed', codes: [code] });
const filled = items({ status: 'filled' });

describe('a book that is closed', () => {
  it('is asked nothing where it holds nothing', async () => {
    const { result, posts } = await flatten({});
    expect([result.flat, posts]).toEqual([true, 0]);
    expect(leftText('main', result)).toContain('the halt stays');
  });

  it('is flat once its positions are gone', async () => {
    const { result, lines, posts } = await flatten({
      '/api/v1/positions': [items(AAPL), items(AAPL), items()],
      '/api/v1/flatten': [{ requestId: 'r1' }],
      '/api/v1/verdicts/r1': [404, approved],
      '/api/v1/execution/parents': [items(), items({ status: 'working' })],
    });
    expect(result).toEqual({ flat: true, requests: ['r1'], positions: [], working: [], planned: [] });
    expect([lines, posts]).toEqual([['asked to close 1 positions of main (request r1)'], 1]);
  });

  it('waits for its cancels, and for the halt to be heard of', async () => {
    const { result, waited, posts } = await flatten({
      '/api/v1/execution/orders': [items(ORDER), items()],
      '/api/v1/positions': [items(AAPL), items(AAPL), items()],
      '/api/v1/flatten': [409, { requestId: 'r1' }],
    });
    expect([result.flat, posts]).toEqual([true, 2]);
    expect(waited).toBe(500 + 500 + 5_000);
  });

  it('is asked again for what is left when a request has ended', async () => {
    const { result } = await flatten({
      '/api/v1/positions': [items(AAPL), items(AAPL), items(AAPL), items()],
      '/api/v1/flatten': [{ requestId: 'r1' }, { requestId: 'r2' }],
      '/api/v1/verdicts/r1': [vetoed('NOTHING_TO_CLOSE')],
      '/api/v1/verdicts/r2': [approved],
      '/api/v1/execution/parents': [filled],
    });
    expect(result).toMatchObject({ flat: true, requests: ['r1', 'r2'] });
  });

  it.each([
    ['a veto that asking again does not change', { '/api/v1/verdicts/r1': [vetoed('MISSING_MARK')] }, 1],
    [
      'orders that wait',
      { '/api/v1/verdicts/r1': [approved], '/api/v1/execution/parents': [items({ status: 'working' })] },
      1,
    ],
    ['silence', { '/api/v1/verdicts/r1': [approved] }, 4],
  ])('says what is left after %s', async (_what, answers, posts) => {
    const found = await flatten({
      '/api/v1/positions': [items(AAPL)],
      '/api/v1/flatten': [{ requestId: 'r1' }],
      '/api/v1/execution/orders/planned': [items({ dueAt: '2024-03-05T14:30:00.000Z' })],
      ...answers,
    });
    expect(found.posts).toBe(posts);
    expect(found.waited).toBeLessThanOrEqual(65_000);
    expect(found.result).toMatchObject({ flat: false, positions: [AAPL] });
    expect(leftText('main', found.result)).toMatch(
      /^main is not flat: 5 AAPL left, 0 orders working; 1 closing orders wait/,
    );
  });
});
