import { describe, expect, it } from '@jest/globals';
import { Client } from './client.js';
import { EXIT } from './errors.js';

interface Call {
  readonly url: string;
  readonly init: RequestInit;
}

/** A host that gives prepared answers in turn and keeps what it was asked. */
function hostOf(...answers: { status?: number; body: string }[]) {
  const calls: Call[] = [];
  const client = new Client('http://host', 'secret-token', (url, init) => {
    calls.push({ url, init });
    const { status = 200, body } = answers[calls.length - 1]!;
    return Promise.resolve(new Response(body, { status }));
  });
  return { client, calls };
}

describe('Client', () => {
  it('sends the token, and a key with each change', async () => {
    const { client, calls } = hostOf({ body: '{"a":1}' }, { body: '{"done":true}' });
    expect(await client.get('/x', { book: 'main', after: undefined })).toEqual({ a: 1 });
    expect(await client.post('/y', { on: true }, 'key-1')).toEqual({ done: true });
    expect(calls[0]!.url).toBe('http://host/x?book=main');
    expect(calls[0]!.init.headers).toEqual({ authorization: 'Bearer secret-token', accept: 'application/json' });
    expect(calls[1]!.init).toMatchObject({
      method: 'POST',
      body: '{"on":true}',
      headers: { 'idempotency-key': 'key-1' },
    });
  });

  it('follows pages until there is no next, or enough', async () => {
    const pages = [{ body: '{"items":[{"a":1}],"next":"A"}' }, { body: '{"items":[{"a":2},{"a":3}],"next":null}' }];
    const all = hostOf(...pages);
    expect(await all.client.list('/lots', { book: 'main' })).toEqual([{ a: 1 }, { a: 2 }, { a: 3 }]);
    expect(all.calls[1]!.url).toBe('http://host/lots?book=main&after=A');
    const some = hostOf(...pages);
    expect(await some.client.list('/lots', {}, 1)).toEqual([{ a: 1 }]);
    expect(some.calls).toHaveLength(1);
  });

  it('finds nothing where there is nothing, and fails on every other refusal', async () => {
    expect(await hostOf({ status: 404, body: '{"code":"NOT_FOUND"}' }).client.find('/x')).toBeNull();
    await expect(
      hostOf({ status: 409, body: '{"code":"HALTED","detail":"stop"}' }).client.find('/x'),
    ).rejects.toMatchObject({
      code: 'HALTED',
      what: 'stop',
      exit: EXIT.blocked,
    });
  });

  it.each([
    ['not JSON', 'get', '<html>'],
    ['a list for an object', 'get', '[]'],
    ['an object without the list', 'list', '{"rows":[]}'],
    ['a list of no objects', 'list', '[1]'],
  ] as const)('reads nothing into %s', async (_, verb, body) => {
    const { client } = hostOf({ body });
    const asked = verb === 'get' ? client.get('/x') : client.list('/x');
    await expect(asked).rejects.toMatchObject({ code: 'ANSWER_UNREADABLE', exit: EXIT.failure });
  });

  it('gives a refusal that is no problem document a code of its own', async () => {
    await expect(hostOf({ status: 502, body: 'bad gateway' }).client.get('/x')).rejects.toMatchObject({
      code: 'HTTP_502',
      exit: EXIT.unavailable,
    });
  });

  it('says that a host which is not there is not there', async () => {
    const client = new Client('http://host', 't', () =>
      Promise.reject(new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED') })),
    );
    await expect(client.get('/x')).rejects.toMatchObject({
      code: 'HOST_UNREACHABLE',
      what: expect.stringContaining('ECONNREFUSED'),
      exit: EXIT.unavailable,
    });
  });
});
