import { describe, expect, it } from '@jest/globals';
import { Client, type Json } from './client.js';
import { exitOfOrder, followOrder, untilPlanned } from './follow-order.js';

const ASKED = { requestId: 'r1', orderId: 'p1' };
const slices = { items: [], next: null };
const parent = (status: string, filledQuantity: string, outcome: string | null = null): Json => ({
  order: {
    ...{ kind: 'parent', symbol: 'AAPL', quantity: '10', averagePrice: null, status, filledQuantity, outcome },
    slices: { total: 2, planned: 0, working: 0, filled: 0, void: 0 },
  },
});
const child = (status: string): Json => ({
  order: { kind: 'child', symbol: 'AAPL', quantity: '10', filledQuantity: '0', averagePrice: null, status },
});

/** A host that answers each path with one body after another; the last one stays. Nothing is 404. */
function host(answers: Record<string, readonly (Json | null)[]>) {
  let clock = 0;
  const lines: string[] = [];
  const at = new Map(Object.entries(answers).map(([path, list]) => [path, [...list]]));
  const client = new Client('', 'token', (url) => {
    const left = at.get(url.replace(/\?.*/, '')) ?? [null];
    const answer = left.length > 1 ? left.shift()! : left[0]!;
    const body = answer ?? { code: 'NOT_FOUND', detail: url };
    return Promise.resolve(Response.json(body, { status: answer ? 200 : 404 }));
  });
  const time = { now: () => clock, pause: (ms: number) => Promise.resolve(void (clock += ms)) };
  return { client, lines, time, say: (line: string) => void lines.push(line), waited: () => clock };
}

describe('following an order', () => {
  it('says each change once, and ends when the order has', async () => {
    const { client, lines, time, say } = host({
      '/api/v1/orders/p1': [parent('active', '0'), parent('active', '0'), parent('complete', '10', 'filled')],
      '/api/v1/orders/p1/slices': [slices],
    });
    const ended = await followOrder(client, 'p1', say, time);
    expect(lines.map((line) => line.replace(/;.*/, ''))).toEqual([
      'AAPL active: 0 of 10 filled',
      'AAPL filled: 10 of 10 filled',
    ]);
    expect(exitOfOrder(ended)).toBe(0);
  });

  it.each([
    [parent('complete', '4', 'partially_filled'), 1],
    [parent('complete', '0', 'unfilled'), 1],
    [child('filled'), 0],
    [child('rejected'), 1],
    [child('expired'), 1],
  ])('%#: ends with what it means', async (answer, exit) => {
    const { client, time, say } = host({ '/api/v1/orders/p1': [answer], '/api/v1/orders/p1/slices': [slices] });
    expect(exitOfOrder(await followOrder(client, 'p1', say, time))).toBe(exit);
  });
});

describe('waiting for an order to be planned', () => {
  const verdict = (word: string, more: Json = {}): Json => ({ verdict: word, codes: [], checks: [], ...more });

  it('goes on until it is, and says that a person is asked', async () => {
    const { client, lines, time, say, waited } = host({
      '/api/v1/orders/p1': [null, null, null, null, parent('pending', '0')],
      '/api/v1/verdicts/r1': [null, verdict('approval_requested'), verdict('approval_requested'), verdict('approved')],
    });
    await untilPlanned(client, ASKED, say, time);
    expect([lines.length, waited()]).toEqual([1, 4 * 500]);
  });

  it('ends with what the guardrails compared, where they do not let it through', async () => {
    const checks = [
      { code: 'LIQUIDITY', status: 'passed', message: 'fine' },
      { code: 'POSITION_SIZE', status: 'failed', message: 'too large' },
    ];
    const { client, time, say } = host({
      '/api/v1/verdicts/r1': [null, verdict('vetoed', { codes: ['POSITION_SIZE'], checks })],
    });
    await expect(untilPlanned(client, ASKED, say, time)).rejects.toMatchObject({
      code: 'ORDER_VETOED',
      exit: 6,
      where: [{ field: 'POSITION_SIZE', message: 'too large' }],
    });
  });

  it('does not wait for ever for what execution does not take', async () => {
    const { client, time, say } = host({ '/api/v1/verdicts/r1': [verdict('approved')] });
    await expect(untilPlanned(client, ASKED, say, time)).rejects.toMatchObject({ code: 'ORDER_NOT_PLANNED', exit: 1 });
  });
});
