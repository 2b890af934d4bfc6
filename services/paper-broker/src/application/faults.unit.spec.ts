// Goal: a fault happens when it is asked for, armed or drawn by its seed, is counted and listed, and never otherwise.
import { describe, expect, it } from '@jest/globals';
import { FaultMenu, parseFault } from './faults.js';
import type { FaultRate } from './faults.js';

const NOW = '2017-07-03T13:30:00.000Z';
const rate = (text: string, probability: number): FaultRate => {
  const fault = parseFault(text);
  if ('refused' in fault) throw new Error(fault.body.message);
  return { fault, probability };
};
const menuOf = (rates: FaultRate[] = [], seed = '1', enabled = true): FaultMenu =>
  new FaultMenu({ enabled, rates, seed }, () => NOW);

describe('a fault', () => {
  it.each([
    ['lose-answer', 'lose-answer', 0],
    ['answer-after-ms=30000', 'answer-after-ms', 30_000],
    ['stream-drop', 'stream-drop', 0],
  ])('is read: %s', (text, name, delayMs) => {
    expect(parseFault(text)).toEqual({ name, delayMs });
  });

  it.each([
    '',
    'lose',
    'lose-answer=1',
    'answer-after-ms',
    'answer-after-ms=',
    'answer-after-ms=1=2',
    'accept-after-ms=99999999',
  ])('that does not exist is refused: %j', (text) => {
    expect(parseFault(text)).toMatchObject({ refused: true, status: 422 });
  });
});

describe('the menu', () => {
  it('gives what a header asks for, and refuses what it cannot mean', () => {
    const menu = menuOf();
    expect(menu.forRequest({ 'x-sim-fault': 'lose-answer' }, 'GET /v2/clock')).toMatchObject({ name: 'lose-answer' });
    expect(menu.forRequest({ 'x-sim-fault': 'stream-drop' }, '')).toMatchObject({ refused: true });
    expect(menu.forRequest({ 'x-sim-fault': 'everything' }, '')).toMatchObject({ refused: true });
    expect(menu.report()).toMatchObject({
      counts: { 'lose-answer': 1 },
      happened: [{ at: NOW, fault: 'lose-answer', why: 'header', what: 'GET /v2/clock' }],
    });
  });

  it('gives nothing while faults are off, whoever asks', () => {
    const menu = menuOf([rate('lose-request', 1)], '1', false);
    menu.arm({ name: 'lose-answer', delayMs: 0 }, 1);
    expect(menu.forRequest({ 'x-sim-fault': 'lose-answer' }, '')).toBeNull();
    expect(menu.forFrame('main', 1)).toBeNull();
  });

  it('gives what was armed to the next requests or frames, and to no more', () => {
    const menu = menuOf();
    menu.arm({ name: 'stream-duplicate', delayMs: 0 }, 2);
    menu.arm({ name: 'rate-limit', delayMs: 0 }, 1);
    expect(menu.forRequest({}, 'POST /v2/orders')).toMatchObject({ name: 'rate-limit' });
    expect(menu.forRequest({}, '')).toBeNull();
    expect([1, 2, 3].map((n) => menu.forFrame('main', n)?.name ?? null)).toEqual([
      ...['stream-duplicate', 'stream-duplicate', null],
    ]);
    expect(menu.report()).toMatchObject({ counts: { 'rate-limit': 1, 'stream-duplicate': 2 }, armed: [] });
  });

  it('draws by its seed: about as often as it was told, the same for the same seed, another way for another', () => {
    const rates = [rate('lose-answer', 0.1), rate('answer-after-ms=5', 0.05), rate('stream-drop', 0.2)];
    const drawn = (seed: string) => {
      const menu = menuOf(rates, seed);
      return [...Array(2_000).keys()].map(() => menu.forRequest({}, '') as { name: string } | null);
    };
    const names = drawn('seven').map((fault) => fault?.name);
    expect(names.filter((name) => name === 'lose-answer').length).toBeGreaterThan(150);
    expect(names.filter((name) => name === 'lose-answer').length).toBeLessThan(250);
    expect(names).not.toContain('stream-drop');
    expect(drawn('seven')).toEqual(drawn('seven'));
    expect(drawn('seven')).not.toEqual(drawn('eight'));
  });

  it('counts all and lists the last thousand', () => {
    const menu = menuOf([rate('stream-drop', 1)]);
    for (let n = 1; n <= 1_100; n += 1) menu.forFrame('main', n);
    const { counts, happened } = menu.report() as { counts: object; happened: { what: string }[] };
    expect(counts).toEqual({ 'stream-drop': 1_100 });
    expect([happened.length, happened.at(-1)?.what]).toEqual([1_000, 'frame 1100 of main']);
  });
});
