import { describe, expect, it } from '@jest/globals';
import { Readiness } from './readiness.js';

describe('Readiness', () => {
  it('reports each dependency; a throw or silence is down, never an exception', async () => {
    const readiness = new Readiness(5);
    readiness.add({ name: 'bus', check: () => Promise.resolve({ up: true, detail: 'connected' }) });
    readiness.add({ name: 'postgres', check: () => Promise.reject(new Error('refused')) });
    readiness.add({
      name: 'venue',
      check: () => {
        throw new Error('not set up');
      },
    });
    readiness.add({ name: 'vendor', check: () => new Promise(() => undefined) });
    expect(await readiness.report()).toEqual({
      state: 'unready',
      checks: [
        { name: 'bus', up: true, detail: 'connected' },
        { name: 'postgres', up: false, detail: 'refused' },
        { name: 'venue', up: false, detail: 'not set up' },
        { name: 'vendor', up: false, detail: 'no answer within 5 ms' },
      ],
    });
  });

  it('stays draining once it drains, whatever the dependencies say', async () => {
    const readiness = new Readiness();
    readiness.add({ name: 'bus', check: () => Promise.resolve({ up: true, detail: '' }) });
    expect((await readiness.report()).state).toBe('ready');
    readiness.drain();
    expect((await readiness.report()).state).toBe('draining');
  });

  it('refuses two checks of one name', () => {
    const readiness = new Readiness();
    const check = { name: 'bus', check: () => Promise.resolve({ up: true, detail: '' }) };
    readiness.add(check);
    expect(() => readiness.add(check)).toThrow(/already/);
  });
});
