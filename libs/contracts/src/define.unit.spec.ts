import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { fact, local, perform, wake, work } from './decision.js';
import { event, keyOf } from './define.js';
import { nounFilter, subjectOf, subjectToken } from './registry.js';

const LotsChanged = event(
  'tax.lots.changed',
  3,
  ['account', 'symbol'],
  z.object({ account: z.string(), symbol: z.string(), lots: z.int() }),
);
const lots = { account: 'main', symbol: 'BRK.B', lots: 2 };

describe('event', () => {
  it('reads family, noun, verb and version from the name', () => {
    expect(LotsChanged).toMatchObject({
      type: 'tax.lots.changed.v3',
      family: 'tax',
      noun: 'lots',
      verb: 'changed',
      version: 3,
      key: ['account', 'symbol'],
    });
  });

  it('is frozen, so that nobody can rename what is published', () => {
    expect(Object.isFrozen(LotsChanged)).toBe(true);
    expect(Object.isFrozen(LotsChanged.key)).toBe(true);
  });

  it('joins the fields of the key by a slash', () => {
    expect(keyOf(LotsChanged, lots)).toBe('main/BRK.B');
    expect(fact(LotsChanged, lots)).toEqual({ type: LotsChanged, key: 'main/BRK.B', data: lots });
  });
});

describe('subjects', () => {
  it.each([
    ['main', 'main'],
    ['Ab-9_z', 'Ab-9_z'],
    ['main/BRK.B', 'main=2fBRK=2eB'],
    ['a b', 'a=20b'],
    ['*', '=2a'],
    ['>', '=3e'],
    ['=', '=3d'],
    ['é', '=c3=a9'],
    ['😀', '=f0=9f=98=80'],
    ['', ''],
  ])('the key %j is the token %j', (key, token) => {
    expect(subjectToken(key)).toBe(token);
  });

  it('never lets a key reach beyond its token, and never makes two keys one', () => {
    const keys = ['a.b', 'a=2eb', 'a/b', 'a>b', 'a*b', 'a b', 'a\tb', 'a\nb'];
    const tokens = keys.map(subjectToken);
    expect(tokens.every((token) => /^[A-Za-z0-9_=-]+$/.test(token))).toBe(true);
    expect(new Set(tokens).size).toBe(keys.length);
  });

  it('are the type and the key; a noun is heard whole', () => {
    expect(subjectOf(LotsChanged, 'main/AAPL')).toBe('tax.lots.changed.v3.main=2fAAPL');
    expect(nounFilter(LotsChanged)).toBe('tax.lots.>');
  });
});

describe('what a decision asks for', () => {
  const Ring = local('timer.ring', z.object({ at: z.string() }));
  const Place = work('place-order', z.object({ id: z.string() }), z.object({ venueId: z.string() }), {
    atMostOnce: true,
  });

  it('a timer comes back as its local message when it is due', () => {
    expect(wake(Ring, 'main', { at: 'noon' }, '2026-11-20T17:00:00.000Z')).toEqual({
      kind: 'timer',
      wakes: 'local.timer.ring',
      key: 'main',
      body: { at: 'noon' },
      dueAt: '2026-11-20T17:00:00.000Z',
    });
  });

  it('work is due at once unless it is told when', () => {
    expect(perform(Place, 'k', { id: '1' })).toEqual({ kind: 'place-order', key: 'k', body: { id: '1' } });
    expect(perform(Place, 'k', { id: '1' }, '2026-11-20T17:00:00.000Z')).toHaveProperty('dueAt');
  });

  it('an answer is done with what the world said, unknown, or failed with a reason', () => {
    const { schema, type } = Place.answered;
    const request = { id: '1' };
    expect(type).toBe('local.answer.place-order');
    expect(schema.safeParse({ request, outcome: { status: 'done', answer: { venueId: 'v' } } }).success).toBe(true);
    expect(schema.safeParse({ request, outcome: { status: 'unknown', reason: 'timed out' } }).success).toBe(true);
    expect(schema.safeParse({ request, outcome: { status: 'done' } }).success).toBe(false);
    expect(schema.safeParse({ request, outcome: { status: 'failed' } }).success).toBe(false);
  });
});
