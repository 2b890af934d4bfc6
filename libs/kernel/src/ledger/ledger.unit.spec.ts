// Goal: the chain finds every edit and says where; average cost through adding, closing and crossing zero.
import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { D, decimal, KernelError } from '../money/index.js';
import {
  applyFill,
  averageCost,
  canonicalJson,
  flatPosition,
  GENESIS_HASH,
  ledgerEntryHash,
  valuePositions,
  verifyChain,
} from './index.js';
import type { ChainedEntry, Fill, Position } from './index.js';

const codeOf = (run: () => unknown): unknown => {
  try {
    return run();
  } catch (error) {
    return error instanceof KernelError ? error.code : error;
  }
};

function chain(entries: readonly unknown[]): ChainedEntry[] {
  const chained: ChainedEntry[] = [];
  for (const entry of entries) {
    const previousHash = chained.at(-1)?.hash ?? GENESIS_HASH;
    chained.push({ previousHash, entry, hash: ledgerEntryHash(previousHash, entry) });
  }
  return chained;
}

describe('canonical JSON', () => {
  it('sorts keys, drops undefined fields and writes decimals as plain text', () => {
    const value = { b: [new D('1e-9'), 1.5, null], a: { z: true, y: undefined, x: 'é"' }, B: new D('-0') };
    expect(canonicalJson(value)).toBe('{"B":"0","a":{"x":"é\\"","z":true},"b":["0.000000001",1.5,null]}');
    expect(canonicalJson(Object.assign(Object.create(null), { a: 1 }))).toBe('{"a":1}');
  });

  it('refuses what JSON would bend or drop, and says where it is', () => {
    for (const value of [NaN, Infinity, 1n, () => 1, new Date(0), new Map(), undefined, new D(NaN), Symbol('s')]) {
      expect(codeOf(() => canonicalJson({ rows: [value] }))).toBe('NOT_CANONICAL');
    }
    expect(() => canonicalJson({ rows: [1, { at: new Date(0) }] })).toThrow('$.rows[1].at is an instance of Date');
  });
});

describe('the chain', () => {
  it('hashes canonical JSON of the entry and the hash before it', () => {
    const text = `{"entry":{"amount":"1.5"},"previousHash":"${GENESIS_HASH}"}`;
    const expected = createHash('sha256').update(text).digest('hex');
    expect(ledgerEntryHash(GENESIS_HASH, { amount: decimal('1.50') })).toBe(expected);
    expect(ledgerEntryHash(GENESIS_HASH, { amount: '1.5' })).toBe(expected);
  });

  it('verifies from the start, in pieces and when empty', () => {
    const entries = chain([{ n: 1 }, { n: 2 }, { n: 3 }]);
    const head = entries[2]!.hash;
    expect(verifyChain(entries)).toEqual({ ok: true, head });
    expect(verifyChain(entries.slice(1), entries[0]!.hash)).toEqual({ ok: true, head });
    expect(verifyChain([])).toEqual({ ok: true, head: GENESIS_HASH });
  });

  it('says where an edited, removed, swapped or re-hashed entry breaks it', () => {
    const entries = chain([{ n: 1 }, { n: 2 }, { n: 3 }]);
    const [first, second, third] = entries as [ChainedEntry, ChainedEntry, ChainedEntry];
    const edited = { ...second, entry: { n: 20 } };
    const rehashed = { ...edited, hash: ledgerEntryHash(first.hash, edited.entry) };
    expect(verifyChain([first, edited, third])).toEqual({
      ...{ ok: false, brokenAt: 1, expected: rehashed.hash, found: second.hash },
    });
    expect(verifyChain([first, rehashed, third])).toMatchObject({ ok: false, brokenAt: 2, expected: rehashed.hash });
    expect(verifyChain([first, third])).toMatchObject({ ok: false, brokenAt: 1, expected: first.hash });
    expect(verifyChain([second, first, third])).toMatchObject({ ok: false, brokenAt: 0, expected: GENESIS_HASH });
  });
});

const fills = `
what                          | held      | fill           | quantity | average | realised
opens long                    | 0 @ -     | buy 10 @ 5     | 10       | 5       | 0
opens short                   | 0 @ -     | sell 10 @ 5    | -10      | 5       | 0
adds to a long                | 10 @ 5    | buy 30 @ 9     | 40       | 8       | 0
adds to a short               | -10 @ 5   | sell 30 @ 9    | -40      | 8       | 0
closes part of a long at gain | 10 @ 5    | sell 4 @ 7     | 6        | 5       | 8
closes part of a long at loss | 10 @ 5    | sell 4 @ 3     | 6        | 5       | -8
closes a long                 | 10 @ 5    | sell 10 @ 6    | 0        | -       | 10
covers part of a short, gain  | -10 @ 5   | buy 4 @ 3      | -6       | 5       | 8
covers part of a short, loss  | -10 @ 5   | buy 4 @ 7      | -6       | 5       | -8
crosses from long to short    | 10 @ 5    | sell 15 @ 6    | -5       | 6       | 10
crosses from short to long    | -10 @ 5   | buy 15 @ 6     | 5        | 6       | -10
fractions                     | 0.5 @ 10  | sell 0.25 @ 12 | 0.25     | 10      | 0.5
becomes worthless             | 10 @ 5    | sell 10 @ 0    | 0        | -       | -50
`;

describe('a fill', () => {
  for (const row of fills.trim().split('\n').slice(1)) {
    const [what, held, fill, quantity, average, realised] = row.split('|').map((cell) => cell.trim());
    it(`that ${what}: ${held} then ${fill} leaves ${quantity} @ ${average}`, () => {
      const [shares, paid] = held!.split(' @ ');
      const position: Position = {
        symbol: 'A',
        quantity: decimal(shares!),
        cost: paid === '-' ? new D(0) : decimal(shares!).times(paid!),
      };
      const [side, size, , price] = fill!.split(' ');
      const applied = applyFill(position, {
        symbol: 'A',
        side: side as Fill['side'],
        quantity: decimal(size!),
        price: decimal(price!),
      });
      expect(applied.position.quantity.toFixed()).toBe(quantity);
      expect(averageCost(applied.position)?.toFixed() ?? '-').toBe(average);
      expect(applied.realised.toFixed()).toBe(realised);
      if (applied.position.quantity.isZero()) expect(applied.position.cost.isZero()).toBe(true);
    });
  }

  it('of another name, of nothing or at a negative price is refused', () => {
    const fill = { symbol: 'A', side: 'buy', quantity: new D(1), price: new D(1) } as const;
    for (const wrong of [{ symbol: 'B' }, { quantity: new D(0) }, { quantity: new D(NaN) }, { price: new D(-1) }]) {
      expect(codeOf(() => applyFill(flatPosition('A'), { ...fill, ...wrong }))).toBe('INVALID_FILL');
    }
  });
});

describe('valuation', () => {
  const positions: Position[] = [
    { symbol: 'S', quantity: new D(-10), cost: new D(-50) },
    { symbol: 'L', quantity: new D(10), cost: new D(50) },
    flatPosition('F'),
  ];

  it('adds up longs and shorts, by symbol, without the flat', () => {
    const valued = valuePositions(
      positions,
      new Map([
        ['L', new D(7)],
        ['S', new D(4)],
      ]),
    );
    expect(valued.positions.map((p) => [p.symbol, p.marketValue.toFixed(), p.unrealised.toFixed()])).toEqual([
      ['L', '70', '20'],
      ['S', '-40', '10'],
    ]);
    expect(valued.positions[1]!.averageCost.toFixed()).toBe('5');
    expect([valued.net, valued.gross, valued.unrealised].map((d) => d?.toFixed())).toEqual(['30', '110', '30']);
    expect(valuePositions([], new Map())).toMatchObject({ net: new D(0), unpriced: [] });
  });

  it('has no totals while a held name has no usable mark', () => {
    for (const marks of [
      new Map([['L', new D(7)]]),
      new Map([
        ['L', new D(7)],
        ['S', new D(0)],
      ]),
    ]) {
      const valued = valuePositions(positions, marks);
      expect(valued.unpriced).toEqual([{ symbol: 'S', quantity: new D(-10) }]);
      expect(valued).toMatchObject({ net: null, gross: null, unrealised: null });
      expect(valued.positions).toHaveLength(1);
    }
  });
});
