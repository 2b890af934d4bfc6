// Goal: NSE's door opens where it can, stays respected where it cannot, and nobody learns of the cookies.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { PublisherStub } from '../../../test/publisher-stub.js';
import { Publisher } from '../http/publisher.js';
import { logOf } from '../vendors/vendor-stub.fixture.js';
import { NseHttp } from './nse-http.js';

const PATH = '/api/fiidiiTradeReact';
const PAGE = '<!doctype html><html>Access Denied</html>';
const REST_MS = 60_000;

let stub: PublisherStub;
let http: NseHttp;
beforeAll(async () => {
  stub = await PublisherStub.start();
});
beforeEach(() => {
  stub.reset();
  stub.replies.set(PATH, { body: '[{"a":1}]' });
  http = nse();
});
afterEach(() => void jest.useRealTimers());
afterAll(() => stub.stop());

const nse = (requestsPerSecondMax = 1_000) =>
  new NseHttp(
    new Publisher('nse', {
      requestsPerSecondMax,
      log: logOf([]),
      patience: { callMs: 5_000, firstWaitMs: 1, openMs: REST_MS },
    }),
    { url: stub.url, userAgent: 'A browser' },
  );
const get = (query: Record<string, string> = {}) => http.get(PATH, query, AbortSignal.timeout(30_000));
/** Each conversation asks three times, twice each, with a visit to the landing page before each second time. */
const failWholly = () => expect(get()).rejects.toMatchObject({ name: 'Retryable', code: 'SOURCE_BLOCKED' });

describe('NSE over HTTP', () => {
  it('comes by the landing page once, as the browser it was told to be, and keeps the cookies', async () => {
    expect(await get()).toBe('[{"a":1}]');
    expect(await get({ index: 'equities' })).toBe('[{"a":1}]');
    expect(stub.asked).toEqual(['/option-chain', PATH, `${PATH}?index=equities`]);
    expect([...stub.agents]).toEqual(['A browser']);
  });

  it('fetches new cookies where the old ones have run out, once for all who find the door shut', async () => {
    await get();
    stub.expire();
    stub.asked.length = 0;
    expect(await Promise.all([get(), get(), get()])).toEqual(Array(3).fill('[{"a":1}]'));
    expect(stub.asked.filter((path) => path === '/option-chain')).toHaveLength(1);
  });

  it('takes a page in place of data for a shut door', async () => {
    stub.replies.set(PATH, { type: 'text/html', body: PAGE });
    await failWholly();
    stub.replies.set(PATH, { body: '[]' });
    expect(await get()).toBe('[]');
  });

  it('says of a shut door neither cookie nor question', async () => {
    stub.replies.set(PATH, { status: 403, body: 'no' });
    const error = (await get({ symbol: 'SECRETCO' }).catch((thrown: unknown) => thrown)) as Error;
    expect(error.message).toContain('NSE answered /api/fiidiiTradeReact with 403');
    expect(error.message).not.toMatch(/SECRETCO|ticket|nsit/);
  });

  it('asks again where the site fails or the answer is cut, and gives up after three tries', async () => {
    for (const reply of [{ status: 503 }, { body: '[{"a":1},{"a":2}]', cut: true }]) {
      http = nse();
      stub.asked.length = 0;
      stub.replies.set(PATH, reply);
      await expect(get()).rejects.toMatchObject({ code: 'SOURCE_AWAY' });
      expect(stub.asked.filter((path) => path === PATH)).toHaveLength(3);
    }
  });

  it('leaves the site alone for as long as it asks with a 429', async () => {
    stub.replies.set(PATH, { status: 429, headers: { 'retry-after': '120' } });
    await expect(get()).rejects.toMatchObject({ code: 'SOURCE_AWAY', message: expect.stringContaining('for 120 s') });
    stub.replies.set(PATH, { body: '[]' });
    stub.asked.length = 0;
    await expect(get()).rejects.toMatchObject({ code: 'SOURCE_AWAY' });
    expect(stub.asked).toEqual([]);
  });

  it('does not ask again where the address is wrong', async () => {
    stub.replies.set(PATH, { status: 404 });
    await expect(get()).rejects.toMatchObject({ name: 'ImportRefused', code: 'SOURCE_REFUSED' });
    expect(stub.asked.filter((path) => path === PATH)).toHaveLength(1);
  });

  it('refuses what is no text', async () => {
    stub.replies.set(PATH, { body: 'x', type: 'application/json; charset=klingon' });
    await expect(get()).rejects.toMatchObject({ code: 'SOURCE_NOT_TEXT' });
  });

  it('asks nobody while the circuit is open, and one again after the rest', async () => {
    // Only the clock of the circuit is ours; whatever else waits does so in its own time.
    jest.useFakeTimers({
      doNotFake: [
        'setTimeout',
        'clearTimeout',
        'setImmediate',
        'clearImmediate',
        'setInterval',
        'clearInterval',
        'nextTick',
        'queueMicrotask',
        'performance',
        'hrtime',
      ],
    });
    stub.replies.set(PATH, { status: 403 });
    await failWholly();
    // The fifth failure in a row opens it in the middle of the second conversation.
    await expect(get()).rejects.toMatchObject({ name: 'Retryable' });
    stub.asked.length = 0;
    await expect(get()).rejects.toMatchObject({ name: 'Retryable', code: 'SOURCE_CIRCUIT_OPEN' });
    expect(stub.asked).toEqual([]);
    stub.replies.set(PATH, { body: '[]' });
    jest.setSystemTime(Date.now() + REST_MS);
    expect(await get()).toBe('[]');
  });

  it('asks no oftener than it may', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'clearImmediate', 'nextTick', 'queueMicrotask', 'hrtime'] });
    http = nse(3);
    const answers = [get(), get(), get(), get()];
    const until = async (count: number, stepMs: number): Promise<void> => {
      while (stub.asked.length < count) await jest.advanceTimersByTimeAsync(stepMs);
    };
    // The landing page and two questions are three requests; the others wait for the next second, which does not come.
    await until(3, 0);
    await Promise.race(answers);
    await jest.advanceTimersByTimeAsync(999);
    expect(stub.asked).toHaveLength(3);
    await until(5, 1);
    expect(await Promise.all(answers)).toHaveLength(4);
  });
});
