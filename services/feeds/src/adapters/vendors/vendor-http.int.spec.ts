import { gzipSync } from 'node:zlib';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Retryable, Secret } from '@ballast/platform';
import { z } from 'zod';
import { ImportRefused } from '../../domain/import-refused.js';
import type { Patience } from '../http/source-http.js';
import { VendorHttp, type VendorHttpOptions } from './vendor-http.js';
import { logOf, VendorStub } from './vendor-stub.fixture.js';

const KEY = 'k3y/with+signs&that=escape';
const OTHER_KEY = 'an-other-key-0123456789';
/** Waits so short that nobody notices; what is waited is asserted where time is simulated. */
const SOON: Partial<Patience> = { firstWaitMs: 1, waitMsMax: 50 };
const NEVER = new AbortController().signal;
const ANSWER = z.object({ value: z.string(), list: z.array(z.object({ n: z.string() })).optional() });

let stub: VendorStub;
const lines: string[] = [];
/** Whatever a test threw, to be searched for keys. */
const thrown: unknown[] = [];

beforeAll(async () => {
  stub = await VendorStub.start(() => ({ body: { value: 7 } }));
});
beforeEach(() => {
  stub.clear();
  lines.length = 0;
});
afterEach(() => void jest.useRealTimers());
afterAll(() => stub.close());

const vendor = (more: Partial<VendorHttpOptions> = {}): VendorHttp =>
  new VendorHttp({
    vendor: 'acme',
    url: stub.url,
    urlVariable: 'FEEDS_ACME_URL',
    keys: [
      { variable: 'FEEDS_ACME_KEY', value: new Secret(KEY), place: { header: 'X-Acme-Key', scheme: 'Bearer' } },
      { variable: 'FEEDS_ACME_OTHER', value: new Secret(OTHER_KEY), place: { query: 'api_key' } },
    ],
    requestsPerMinute: 10_000,
    log: logOf(lines),
    ...more,
    patience: { ...SOON, ...more.patience },
  });

const ask = (http: VendorHttp, signal = NEVER) =>
  http.get({ path: '/v1/things', query: { from: '2024-01-02', next: undefined }, answer: ANSWER }, signal);

/** What a call throws, kept for the search for keys. */
async function errorOf(call: Promise<unknown>): Promise<Error & { code: string; nextStep?: string }> {
  const error: unknown = await call.then(
    () => new Error('nothing was thrown'),
    (reason: unknown) => reason,
  );
  thrown.push(error);
  return error as Error & { code: string };
}

describe('asking a vendor', () => {
  it('sends the question with its keys and gives the answer with numbers as text', async () => {
    expect(await ask(vendor())).toEqual({ value: '7' });
    expect(stub.asked).toMatchObject([
      {
        path: '/v1/things',
        query: { from: '2024-01-02', api_key: OTHER_KEY },
        headers: { 'x-acme-key': `Bearer ${KEY}`, accept: 'application/json', 'user-agent': 'ballast' },
      },
    ]);
    expect(stub.asked[0]!.query).not.toHaveProperty('next');
  });

  it('keeps a path that the configured address has', async () => {
    await ask(vendor({ url: `${stub.url}/proxy/acme/` }));
    expect(stub.asked[0]!.path).toBe('/proxy/acme/v1/things');
  });

  it.each([
    ['500', { status: 500 }],
    ['503 with a page of HTML', { status: 503, body: '<html>down</html>' }],
    ['429', { status: 429, headers: { 'retry-after': '0' } }],
    ['a connection that is cut in the middle of the body', 'cut' as const],
  ])('asks again after %s', async (_, mishap) => {
    stub.mishaps(mishap, mishap);
    expect(await ask(vendor())).toEqual({ value: '7' });
    expect(stub.asked).toHaveLength(3);
    expect(lines.filter((line) => line.includes('a source is asked again'))).toHaveLength(2);
  });

  it('asks again where the vendor is silent for too long, and then gives up', async () => {
    stub.mishaps('silent', 'silent');
    const error = await errorOf(ask(vendor({ patience: { callMs: 100, tries: 2 } })));
    expect(error).toBeInstanceOf(Retryable);
    expect(error).toMatchObject({
      code: 'VENDOR_AWAY',
      message: expect.stringContaining('no whole answer within 100'),
    });
    expect(stub.asked).toHaveLength(2);
  });

  it('gives up after its tries and says what is the matter and where to look', async () => {
    stub.mishaps(...Array<{ status: number }>(3).fill({ status: 502 }));
    const error = await errorOf(ask(vendor({ patience: { tries: 3 } })));
    expect(error).toBeInstanceOf(Retryable);
    expect(error.code).toBe('VENDOR_AWAY');
    expect(error.message).toBe(
      "acme did not answer GET /v1/things: HTTP 502. It is asked again later; where this lasts, look at the network, FEEDS_ACME_URL and the vendor's status page.",
    );
    expect(stub.asked).toHaveLength(3);
  });

  it('takes a vendor that nobody can connect to for away', async () => {
    const gone = createServer();
    await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(gone.address() as AddressInfo).port}`;
    await new Promise((resolve) => gone.close(resolve));
    const error = await errorOf(ask(vendor({ url, patience: { tries: 2 } })));
    expect(error).toMatchObject({ code: 'VENDOR_AWAY', message: expect.stringContaining('(ECONNREFUSED)') });
  });

  it('does not sit out a wait that is too long', async () => {
    stub.mishaps({ status: 429, headers: { 'retry-after': '3600' } });
    const error = await errorOf(ask(vendor()));
    expect(error).toMatchObject({ code: 'VENDOR_AWAY', message: expect.stringContaining('left alone for 3600 s') });
    expect(stub.asked).toHaveLength(1);
  });

  it('names every key that is not set, before it asks', async () => {
    const place = { header: 'X-Acme-Key' };
    const keys = [
      { variable: 'FEEDS_ACME_KEY', value: undefined, place },
      { variable: 'FEEDS_ACME_OTHER', value: new Secret(OTHER_KEY), place },
      { variable: 'FEEDS_ACME_THIRD', value: undefined, place },
    ];
    const error = await errorOf(ask(vendor({ keys })));
    expect(error).toBeInstanceOf(ImportRefused);
    expect(error).toMatchObject({
      code: 'VENDOR_KEY_MISSING',
      message: 'there is no key for acme: FEEDS_ACME_KEY and FEEDS_ACME_THIRD are not set',
      nextStep: expect.stringContaining('Set FEEDS_ACME_KEY and FEEDS_ACME_THIRD'),
    });
    expect(stub.asked).toEqual([]);
  });

  it('does not send a key that cannot be one, and does not show it', async () => {
    const keys = [{ variable: 'FEEDS_ACME_KEY', value: new Secret(`${KEY}\n`), place: { header: 'X-Acme-Key' } }];
    const error = await errorOf(ask(vendor({ keys })));
    expect(error).toBeInstanceOf(ImportRefused);
    expect(error).toMatchObject({
      code: 'VENDOR_KEY_MISSING',
      message: 'there is no key for acme: FEEDS_ACME_KEY holds a space, a line break or a special sign',
      nextStep: expect.stringContaining('Set FEEDS_ACME_KEY'),
    });
    expect(stub.asked).toEqual([]);
  });

  it.each([
    [401, { message: 'forbidden.' }, '"forbidden."', 'Check FEEDS_ACME_KEY and FEEDS_ACME_OTHER'],
    [403, { error: `unknown key ${KEY}` }, '"unknown key [secret]"', 'the plan of that key covers'],
    [402, { 'Error Message': 'Premium' }, '"Premium"', 'the plan of that key covers'],
    [400, { error_message: 'invalid symbol: ??' }, '"invalid symbol: ??"', 'Correct what was asked'],
    [404, '<html>\n<b>not here</b>', '"<html> <b>not here</b>"', 'FEEDS_ACME_URL'],
    [422, `${'x'.repeat(190)} ${encodeURIComponent(KEY)}`, `${'x'.repeat(190)} [secret]`, 'Correct what was asked'],
  ])('does not ask again after HTTP %d', async (status, body, words, nextStep) => {
    stub.mishaps({ status, body });
    const error = await errorOf(ask(vendor()));
    expect(error).toBeInstanceOf(ImportRefused);
    expect(error).toMatchObject({
      code: 'VENDOR_REFUSED',
      message: expect.stringContaining(`acme answered HTTP ${status} to GET /v1/things`),
      nextStep: expect.stringContaining(nextStep),
    });
    expect(error.message).toContain(words);
    expect(stub.asked).toHaveLength(1);
  });

  it('follows no redirect, which would hand its keys on', async () => {
    const elsewhere = await VendorStub.start(() => ({ body: { value: 1 } }));
    stub.mishaps({ status: 302, headers: { location: `${elsewhere.url}/v1/things` } });
    const error = await errorOf(ask(vendor()));
    expect(error).toMatchObject({ code: 'VENDOR_REFUSED', nextStep: expect.stringContaining('FEEDS_ACME_URL') });
    expect(elsewhere.asked).toEqual([]);
    await elsewhere.close();
  });

  it.each([
    ['a missing field', { list: [] }, 'value: '],
    ['a field of another kind', { value: { of: 'another kind' } }, 'value: '],
    ['a fault inside a list', { value: 1, list: [{ n: 1 }, { m: 2 }] }, 'list[1].n: '],
    ['another whole', [], 'the whole: '],
    ['no JSON', '<html>welcome</html>', 'is no JSON; it begins with "<html>welcome</html>"'],
    ['half of JSON', '{"value":', 'is no JSON'],
    ['nothing', '', 'is no JSON'],
    [
      'bytes that are no text',
      { n: 1 },
      'is no text in klingon',
      { 'content-type': 'application/json; charset=klingon' },
    ],
    ['a key in what is no JSON', `<a href="?api_key=${OTHER_KEY}">`, 'api_key=[secret]'],
  ])(
    'refuses an answer with %s, and does not ask again',
    async (...[, body, words, headers]: readonly [string, unknown, string, Record<string, string>?]) => {
      stub.mishaps({ body, ...(headers && { headers }) });
      const error = await errorOf(ask(vendor()));
      expect(error).toBeInstanceOf(ImportRefused);
      expect(error).toMatchObject({
        code: 'VENDOR_SPEAKS_OTHERWISE',
        nextStep: expect.stringContaining('FEEDS_ACME_URL'),
      });
      expect(error.message).toContain(words);
      expect(stub.asked).toHaveLength(1);
    },
  );

  it('names the first few of many faults', async () => {
    stub.mishaps({ body: { value: 1, list: Array<object>(50).fill({}) } });
    const { message } = await errorOf(ask(vendor()));
    expect(message).toMatch(/list\[0\]\.n: .*; list\[1\]\.n: .*; list\[2\]\.n: .* and 47 more$/);
  });

  it('reads no more than a bound, whatever the body was packed to', async () => {
    const bomb = gzipSync(Buffer.alloc(40 * 1024 * 1024, ' '));
    expect(bomb.length).toBeLessThan(100_000);
    const server = createServer((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' });
      response.end(bomb);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const error = await errorOf(ask(vendor({ url })));
    expect(error).toMatchObject({
      code: 'VENDOR_SPEAKS_OTHERWISE',
      message: expect.stringContaining('is larger than'),
    });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
});

/** Nothing of Node's own: HTTP goes on while the clock of the code under test stands still. */
const simulateTime = () =>
  jest.useFakeTimers({
    now: Date.parse('2026-11-20T14:30:00.000Z'),
    doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'performance'],
  });

/** Lets the real world go on until something is true. */
async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setImmediate(resolve));
}
const retriesLogged = () => lines.filter((line) => line.includes('a source is asked again')).length;

describe('the time a vendor is given', () => {
  it.each([
    ['Retry-After in seconds', { 'retry-after': '20' }],
    ['Retry-After as a date', { 'retry-after': 'Fri, 20 Nov 2026 14:30:20 GMT' }],
    ['X-RateLimit-Reset', { 'x-ratelimit-reset': String(Date.parse('2026-11-20T14:30:20.000Z') / 1_000) }],
  ])('is as long as %s asks', async (_, headers) => {
    simulateTime();
    stub.mishaps({ status: 429, headers });
    const answer = ask(vendor({ patience: { waitMsMax: 60_000 } }));
    await until(() => retriesLogged() === 1);
    await jest.advanceTimersByTimeAsync(19_999);
    expect(stub.asked).toHaveLength(1);
    await jest.advanceTimersByTimeAsync(1);
    expect(await answer).toEqual({ value: '7' });
    expect(stub.asked).toHaveLength(2);
  });

  it('is kept by all who share a key: nobody asks while the vendor wants rest', async () => {
    simulateTime();
    const http = vendor({ patience: { waitMsMax: 50 } });
    stub.mishaps({ status: 429, headers: { 'retry-after': '120' } });
    await errorOf(ask(http));
    jest.setSystemTime(Date.now() + 119_000);
    expect(await errorOf(ask(http))).toMatchObject({
      code: 'VENDOR_AWAY',
      message: expect.stringContaining('HTTP 429 a moment ago, and asks to be left alone for 1 s'),
    });
    expect(stub.asked).toHaveLength(1);
    expect(http.circuit).toBe('closed');
    jest.setSystemTime(Date.now() + 1_000);
    expect(await ask(http)).toEqual({ value: '7' });
  });

  it('grows from try to try where nothing is asked for', async () => {
    simulateTime();
    stub.mishaps(...Array<{ status: number }>(6).fill({ status: 500 }));
    const answer = ask(vendor({ patience: { firstWaitMs: 1_000, waitMsMax: 30_000, tries: 7, failuresMax: 99 } }));
    for (let tries = 1; tries <= 6; tries += 1) {
      await until(() => retriesLogged() === tries);
      await jest.advanceTimersByTimeAsync(30_000);
    }
    expect(await answer).toEqual({ value: '7' });
    const waits = lines.flatMap((line) => /"wait_ms":(\d+)/.exec(line)?.slice(1).map(Number) ?? []);
    expect(waits).toHaveLength(6);
    expect(Math.max(...waits)).toBeLessThanOrEqual(30_000);
    const sum = (some: readonly number[]) => some.reduce((a, b) => a + b, 0);
    // Whatever chance does, the sum of the first three stays below 6 s and that of all is above 22 s.
    expect(sum(waits.slice(3))).toBeGreaterThan(2 * sum(waits.slice(0, 3)));
  });

  it('is shared out by the limit of the plan, also between callers', async () => {
    simulateTime();
    const http = vendor({ requestsPerMinute: 2 });
    const answers = [ask(http), ask(http), ask(http)];
    await Promise.all(answers.slice(0, 2));
    await jest.advanceTimersByTimeAsync(59_000);
    expect(stub.asked).toHaveLength(2);
    await jest.advanceTimersByTimeAsync(1_000);
    await answers[2];
    expect(stub.asked).toHaveLength(3);
  });

  it('leaves no room for two bursts at the turn of a minute', async () => {
    simulateTime();
    const http = vendor({ requestsPerMinute: 2 });
    await ask(http);
    await jest.advanceTimersByTimeAsync(59_000);
    await ask(http);
    await jest.advanceTimersByTimeAsync(2_000);
    await ask(http);
    const last = ask(http);
    await jest.advanceTimersByTimeAsync(57_000);
    expect(stub.asked).toHaveLength(3);
    await jest.advanceTimersByTimeAsync(1_000);
    await last;
    expect(stub.asked).toHaveLength(4);
  });

  it('counts tries, too, because the vendor does', async () => {
    simulateTime();
    stub.mishaps({ status: 500 }, { status: 500 });
    const answer = ask(vendor({ requestsPerMinute: 2 }));
    await until(() => retriesLogged() === 1);
    await jest.advanceTimersByTimeAsync(1_000);
    await until(() => retriesLogged() === 2);
    await jest.advanceTimersByTimeAsync(50_000);
    expect(stub.asked).toHaveLength(2);
    await jest.advanceTimersByTimeAsync(10_000);
    expect(await answer).toEqual({ value: '7' });
  });
});

describe('the circuit', () => {
  it('opens after failures in a row, lets one try through after a while, and closes or opens by it', async () => {
    simulateTime();
    const http = vendor({ patience: { tries: 1, failuresMax: 3, openMs: 60_000 } });
    const fail = async (times: number) => {
      stub.mishaps(...Array<{ status: number }>(times).fill({ status: 503 }));
      for (let i = 0; i < times; i += 1) await errorOf(ask(http));
    };
    await fail(2);
    await ask(http);
    await fail(2);
    // A success in between: not in a row.
    expect(http.circuit).toBe('closed');
    await fail(1);
    expect(http.circuit).toBe('open');
    const before = stub.asked.length;
    const error = await errorOf(ask(http));
    expect(error).toBeInstanceOf(Retryable);
    expect(error).toMatchObject({
      code: 'VENDOR_AWAY',
      message: 'acme is not asked: 3 tries in a row failed, the last with HTTP 503; it is tried again 60 s after that',
    });
    expect(stub.asked).toHaveLength(before);

    jest.setSystemTime(Date.now() + 60_000);
    stub.mishaps('silent');
    const tried = errorOf(ask(http));
    await stub.seen(before + 1);
    expect(http.circuit).toBe('half_open');
    await jest.advanceTimersByTimeAsync(30_000);
    await tried;
    expect(http.circuit).toBe('open');

    jest.setSystemTime(Date.now() + 60_000);
    expect(await ask(http)).toEqual({ value: '7' });
    expect(http.circuit).toBe('closed');
    expect(lines.filter((line) => line.includes('the circuit of a source changed'))).toHaveLength(5);
  });

  it('stays closed where the vendor is there and only asks to be left alone, or refuses', async () => {
    const http = vendor({ patience: { tries: 1, failuresMax: 2 } });
    stub.mishaps({ status: 429 }, { status: 429 }, { status: 429 }, { status: 403 }, { status: 403 }, { body: 'no' });
    for (let i = 0; i < 6; i += 1) await errorOf(ask(http));
    expect(http.circuit).toBe('closed');
  });
});

describe('a call that is not wanted any more', () => {
  it('ends at once with the reason, while it waits for an answer', async () => {
    const controller = new AbortController();
    stub.mishaps('silent');
    const call = errorOf(ask(vendor(), controller.signal));
    await stub.seen(1);
    controller.abort(new Error('feeds is stopping'));
    expect((await call).message).toBe('feeds is stopping');
    expect(stub.asked).toHaveLength(1);
  });

  it('ends at once while it waits between tries, and is not tried again', async () => {
    simulateTime();
    const controller = new AbortController();
    stub.mishaps({ status: 429, headers: { 'retry-after': '40' } });
    const http = vendor({ patience: { waitMsMax: 60_000 } });
    const call = errorOf(ask(http, controller.signal));
    await until(() => retriesLogged() === 1);
    controller.abort(new Error('feeds is stopping'));
    expect((await call).message).toBe('feeds is stopping');
    await jest.advanceTimersByTimeAsync(60_000);
    await ask(http);
    expect(stub.asked).toHaveLength(2);
  });

  it('is not asked where it was not wanted from the start', async () => {
    const reason = new Error('too late');
    expect(await errorOf(ask(vendor(), AbortSignal.abort(reason)))).toBe(reason);
    expect(stub.asked).toEqual([]);
  });
});

describe('keys', () => {
  it('are in no error, whatever it was, and in no line of the log', async () => {
    stub.mishaps({ status: 500, body: KEY }, { status: 429, body: OTHER_KEY, headers: { 'retry-after': '0' } }, 'cut');
    await ask(vendor());
    expect(lines.length).toBeGreaterThan(0);
    expect(thrown.length).toBeGreaterThan(20);
    const everything = [...thrown.map((error) => `${inspect(error, { depth: 9, showHidden: true })}`), ...lines].join(
      '\n',
    );
    for (const key of [KEY, OTHER_KEY, encodeURIComponent(KEY), KEY.slice(0, 10), OTHER_KEY.slice(0, 10)]) {
      expect(everything).not.toContain(key);
    }
  });
});
