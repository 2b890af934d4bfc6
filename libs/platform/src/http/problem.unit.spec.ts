import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { ArgumentsHost } from '@nestjs/common';
import { lastValueFrom, type Observable } from 'rxjs';
import { z } from 'zod';
import { Secret } from '../config/secret.js';
import { Fault, Retryable } from '../errors.js';
import { createLogger } from '../telemetry/logger.js';
import { BearerGuard, readTokenFile } from './bearer.guard.js';
import { ProblemFilter } from './problem.filter.js';
import { Problem } from './problem.js';
import { zodPipe } from './zod.pipe.js';

describe('ProblemFilter behind the inbox', () => {
  it.each([new Fault('A', 'a'), new Retryable('B', 'b'), new TypeError('c')])(
    'throws %s on unchanged',
    async (error) => {
      const filter = new ProblemFilter(createLogger({ service: 'x', level: 'silent' }));
      const host = { getType: () => 'rpc' } as unknown as ArgumentsHost;
      await expect(lastValueFrom(filter.catch(error, host) as Observable<never>)).rejects.toBe(error);
    },
  );
});

describe('zodPipe', () => {
  const refusal = (schema: z.ZodType, value: unknown) => {
    try {
      zodPipe(schema).transform(value, { type: 'body' });
      return 'accepted';
    } catch (error) {
      return error instanceof Problem ? (error.errors ?? []).map(({ field, code }) => `${field} ${code}`) : error;
    }
  };
  const item = z.object({ a: z.string() });

  it.each([
    ['below optional', z.object({ x: item.optional() }), { x: { a: '', b: 1 } }, ['x.b UNKNOWN_FIELD']],
    ['below default', z.object({ x: item.default({ a: '' }) }), { x: { a: '', b: 1 } }, ['x.b UNKNOWN_FIELD']],
    ['in a record', z.record(z.string(), item), { k: { a: '', b: 1 } }, ['k.b UNKNOWN_FIELD']],
    ['in a union', z.union([item, z.object({ c: z.number() })]), { c: 1, b: 1 }, ['b UNKNOWN_FIELD']],
    ['in an intersection', item.and(z.object({ c: z.number() })), { a: '', c: 1, b: 1 }, ['b UNKNOWN_FIELD']],
    ['before a transform', item.transform(({ a }) => a.length), { a: '', b: 1 }, ['b UNKNOWN_FIELD']],
    ['once in a strict object', z.strictObject({ a: z.string() }), { a: '', b: 1 }, ['b UNKNOWN_FIELD']],
    ['where the rest is allowed', z.looseObject({ a: z.string() }), { a: '', b: 1 }, 'accepted'],
    ['named like a property of every object', item, { a: '', constructor: 1 }, ['constructor UNKNOWN_FIELD']],
    ['in a whole that is no object', item, 'text', ['body INVALID_TYPE']],
  ])('finds an unknown field %s', (_where, schema, value, expected) => {
    expect(refusal(schema, value)).toEqual(expected);
  });

  it('escapes JSON pointers', () => {
    const schema = z.object({ 'a/b~c': z.string() });
    try {
      zodPipe(schema).transform({ 'a/b~c': 1 }, { type: 'body' });
    } catch (error) {
      expect((error as Problem).errors?.[0]?.pointer).toBe('/a~1b~0c');
    }
    expect.assertions(1);
  });
});

describe('the bearer token', () => {
  it('is refused where it is short or has spaces', () => {
    expect(() => new BearerGuard(new Secret('short'))).toThrow(Fault);
    expect(() => new BearerGuard(new Secret('long enough but spaced out'))).toThrow(/no spaces/);
  });

  it('is read from a file without the white space around it', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'ballast-token-')), 'token');
    await writeFile(file, 'test-token-0123456789\n');
    expect((await readTokenFile(file)).reveal()).toBe('test-token-0123456789');
    await writeFile(file, '\n');
    await expect(readTokenFile(file)).rejects.toMatchObject({ code: 'HTTP_TOKEN_INVALID' });
    await expect(readTokenFile(`${file}.gone`)).rejects.toMatchObject({ code: 'HTTP_TOKEN_UNREADABLE' });
  });
});
