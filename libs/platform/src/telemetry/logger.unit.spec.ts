import { describe, expect, it } from '@jest/globals';
import { Secret } from '../config/secret.js';
import { Fault } from '../errors.js';
import { createLogger, NestLogger, type LogLevel } from './logger.js';

const logging = (level: LogLevel = 'trace') => {
  const lines: Record<string, unknown>[] = [];
  const write = (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>);
  return { lines, log: createLogger({ service: 'feeds', level, destination: { write } }) };
};

describe('createLogger', () => {
  it('writes one JSON object with service, level and time, and no trace outside a span', () => {
    const { lines, log } = logging();
    log.info({ cycleId: 'c-1', rows: 3 }, 'sealed');
    expect(lines).toEqual([
      { level: 'info', time: expect.any(String), service: 'feeds', cycleId: 'c-1', rows: 3, msg: 'sealed' },
    ]);
    expect(new Date(lines[0]!['time'] as string).toISOString()).toBe(lines[0]!['time']);
  });

  it('masks secrets at every depth, in lists, in child loggers and on errors', () => {
    const { lines, log } = logging();
    const error = Object.assign(new Error('refused'), { config: { headers: { Authorization: 'hunter2' } } });
    log.info({ token: 'hunter2', a: { b: { c: { password: 'hunter2' } } }, list: [{ api_key: 'hunter2' }] }, 'one');
    log
      .child({ secretKey: 'hunter2' })
      .info({ value: new Secret('hunter2'), headers: { 'API-Key': 'hunter2' } }, 'two');
    log.error({ err: error }, 'three');
    expect(JSON.stringify(lines)).not.toContain('hunter2');
    expect(lines[0]).toMatchObject({ token: '[secret]', a: { b: { c: { password: '[secret]' } } } });
    expect(lines[2]).toMatchObject({ err: { message: 'refused', stack: expect.stringContaining('Error: refused') } });
  });

  it('writes messageKey, tokens counted and what says how it is written', () => {
    const { lines, log } = logging();
    log.info({ messageKey: 'main', tokens: 5, at: new Date(0) }, 'kept');
    expect(lines[0]).toMatchObject({ messageKey: 'main', tokens: 5, at: '1970-01-01T00:00:00.000Z' });
  });

  it('survives what contains itself', () => {
    const { lines, log } = logging();
    const loop: Record<string, unknown> = { name: 'loop' };
    loop['self'] = loop;
    log.info({ loop }, 'loop');
    expect(JSON.stringify(lines)).toContain('[deeper]');
  });

  it('keeps the code of a fault and its cause', () => {
    const { lines, log } = logging();
    log.error({ err: new Fault('PACK_CORRUPT', 'changed', { cause: new Error('disk') }) }, 'read');
    expect(lines[0]).toMatchObject({
      err: { code: 'PACK_CORRUPT', type: 'Fault', stack: expect.stringContaining('disk') },
    });
  });
});

describe('NestLogger', () => {
  it('says who speaks, keeps details, and turns the announcements of modules down', () => {
    const { lines, log } = logging();
    const nest = new NestLogger(log);
    nest.log('started', 'Relay');
    nest.log('AppModule dependencies initialized', 'InstanceLoader');
    nest.error('failed', 'Error: x\n    at y', 'ExceptionsHandler');
    nest.warn(new Error('odd'), 'Relay');
    nest.fatal({ code: 1 });
    expect(lines.map(({ level, context, msg }) => [level, context, msg])).toEqual([
      ['info', 'Relay', 'started'],
      ['debug', 'InstanceLoader', 'AppModule dependencies initialized'],
      ['error', 'ExceptionsHandler', 'failed'],
      ['warn', 'Relay', 'odd'],
      ['fatal', undefined, undefined],
    ]);
    expect(lines[2]).toMatchObject({ details: ['Error: x\n    at y'] });
    expect(lines[4]).toMatchObject({ details: [{ code: 1 }] });
  });
});
