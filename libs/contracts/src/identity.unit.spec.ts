import { describe, expect, it } from '@jest/globals';
import { canonicalJson, hashOf, sha256, uuid5 } from './identity.js';

describe('canonicalJson', () => {
  it.each<[unknown, string]>([
    [{ b: 1, a: [2, { d: null, c: 'x' }] }, '{"a":[2,{"c":"x","d":null}],"b":1}'],
    [{ a: undefined, b: 0 }, '{"b":0}'],
    [{ Z: 1, a: 2, É: 3, _: 4 }, '{"Z":1,"_":4,"a":2,"É":3}'],
    [{ 10: 'ten', 9: 'nine' }, '{"10":"ten","9":"nine"}'],
    [[undefined, null], '[null,null]'],
    [undefined, 'null'],
    ['line\n"quoted"', '"line\\n\\"quoted\\""'],
    [1e21, '1e+21'],
    [-0, '0'],
    [[], '[]'],
    [{}, '{}'],
  ])('%j becomes %s', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])('refuses %d at any depth', (number) => {
    expect(() => canonicalJson({ rows: [{ score: number }] })).toThrow(TypeError);
  });
});

describe('hashes', () => {
  it('sha256 is the one of FIPS 180-4, over text and bytes alike', () => {
    const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    expect(sha256('abc')).toBe(abc);
    expect(sha256(Buffer.from('abc'))).toBe(abc);
  });

  it('hashOf does not depend on the order of fields, and tells values apart', () => {
    expect(hashOf({ a: 1, b: 2 })).toBe(hashOf({ b: 2, a: 1 }));
    expect(hashOf({ a: 1, b: 2 })).toBe('43258cff783fe7036d8a43033f830adfc60ec037382473548ac742b888292777');
    expect(hashOf([1, 2])).not.toBe(hashOf([2, 1]));
    expect(hashOf({ a: '1' })).not.toBe(hashOf({ a: 1 }));
  });
});

describe('uuid5', () => {
  it('gives the ids that it has always given', () => {
    expect(uuid5('main', '2026-11-20T14:30:00.000Z')).toBe(GOLDEN_CYCLE);
    expect(uuid5('main', 1)).toBe(GOLDEN_NUMBER);
  });

  it('has the version and the variant of RFC 9562', () => {
    for (let i = 0; i < 64; i++)
      expect(uuid5('x', i)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('tells apart parts that read the same when they are joined', () => {
    expect(new Set([uuid5('ab', 'c'), uuid5('a', 'bc'), uuid5('abc'), uuid5('1'), uuid5(1)]).size).toBe(5);
  });
});

const GOLDEN_CYCLE = 'a6b5d8b0-d1e5-5bd0-ad06-ffbf5e95dbb4';
const GOLDEN_NUMBER = '288755c7-fae0-5531-8067-df90d3d79ede';
