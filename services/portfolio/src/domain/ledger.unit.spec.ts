// Goal: the ledger takes fills in the venue's order, adds up to the cent, and names the first entry that was touched.
import { describe, expect, it } from '@jest/globals';
import { openBook, sameOpening } from './account.js';
import { fillFixture } from '../../test/fill.fixture.js';
import { LedgerCheck } from './ledger-check.js';
import { commitFills, genesisHash, type LedgerEntry } from './ledger.js';
import { applyFills, averageCostText, cashChange, NOTHING } from './position.js';

const AT = '2026-11-20T14:30:00.000Z';

describe('opening a book', () => {
  const opening = openBook('main', '100000.00', 'paper', AT);

  it('chains the deposit as the first entry behind the hash of the book', () => {
    expect(opening.entries).toEqual([
      {
        sequence: 1,
        previousHash: genesisHash('main'),
        entry: { kind: 'deposit', account: 'main', at: AT, cashChange: '100000' },
        hash: opening.head.hash,
      },
    ]);
    expect(opening.fact.data).toMatchObject({ portfolioId: 'main', account: 'main', cash: '100000', openedAt: AT });
    expect(genesisHash('main')).not.toBe(genesisHash('other'));
  });

  it.each([
    ['100000', true],
    ['100000.0', true],
    ['100000.01', false],
  ])('knows %s as the same cash: %s', (cash, same) => {
    expect(sameOpening(opening.opened, cash, 'paper')).toBe(same);
  });
});

describe('a commit', () => {
  const head = openBook('main', '1000', 'paper', AT).head;
  const buy = fillFixture({ executionId: 'e1', side: 'buy', quantity: '10', price: '5', fees: '0.5' });
  const sell = fillFixture({ executionId: 'e2', side: 'sell', quantity: '4', price: '7', fees: '0.25' });

  it('chains fills by venue time, then execution id, whatever order they were heard in', () => {
    const commit = commitFills(head, 'main', new Map(), [sell, buy]);
    expect(commit.entries.map(({ entry }) => (entry as { executionId: string }).executionId)).toEqual(['e1', 'e2']);
    expect(commit.entries.map(({ sequence }) => sequence)).toEqual([2, 3]);
    expect(commit).toEqual(commitFills(head, 'main', new Map(), [buy, sell]));
    expect(commit.holdings.get('AAA')).toEqual({ quantity: '6', cost: '30' });
  });

  it('says of each fill what it did to cash and what it realised', () => {
    const [bought, sold] = commitFills(head, 'main', new Map(), [buy, sell]).entries;
    expect(bought!.entry).toMatchObject({ cashChange: '-50.5', realised: '0', at: buy.filledAt });
    expect(sold!.entry).toMatchObject({ cashChange: '27.75', realised: '8', at: sell.filledAt });
  });

  it('goes on from what the ledger has of the symbol', () => {
    const commit = commitFills(head, 'main', new Map([['AAA', { quantity: '2', cost: '8' }]]), [buy]);
    expect(commit.holdings.get('AAA')).toEqual({ quantity: '12', cost: '58' });
  });

  it('of nothing leaves the head where it is', () => {
    expect(commitFills(head, 'main', new Map(), [])).toEqual({
      entries: [],
      head,
      fills: [],
      fees: [],
      holdings: new Map(),
    });
  });
});

describe('the check of a ledger', () => {
  const opening = openBook('main', '1000', 'paper', AT);
  const fills = ['e1', 'e2', 'e3'].map((executionId) => fillFixture({ executionId }));
  const commit = commitFills(opening.head, 'main', new Map(), fills);
  const entries = [...opening.entries, ...commit.entries];
  const checked = (rows: readonly (typeof entries)[number][], page = 2) => {
    const check = new LedgerCheck('main');
    for (let i = 0; i < rows.length && !check.broken; i += page) check.add(rows.slice(i, i + page));
    return check.verdict(commit.head);
  };
  const edited = (sequence: number) =>
    entries.map((row) =>
      row.sequence === sequence ? { ...row, entry: { ...row.entry, cashChange: '1' } as LedgerEntry } : row,
    );

  it('passes an untouched ledger, in pieces of any size', () => {
    for (const page of [1, 2, 3, 100]) {
      expect(checked(entries, page)).toEqual({ book: 'main', ok: true, entries: 4, commitHash: commit.head.hash });
    }
  });

  it.each([
    ['an edited first row', edited(1), 1],
    ['an edited row in the middle', edited(3), 3],
    ['a missing row', entries.filter(({ sequence }) => sequence !== 2), 2],
    ['a missing end', entries.slice(0, 3), 4],
    ['nothing at all', [], 1],
    ['a row of another ledger', [{ ...entries[0]!, previousHash: genesisHash('other') }, ...entries.slice(1)], 1],
  ])('names %s', (_what, rows, brokenAt) => {
    expect(checked(rows)).toMatchObject({ ok: false, brokenAt });
  });

  it('names an entry beyond the head', () => {
    const check = new LedgerCheck('main');
    check.add(entries);
    expect(check.verdict(opening.head)).toMatchObject({ ok: false, brokenAt: 2 });
  });
});

describe('a position', () => {
  it('is worked out in the order of the venue, not of arrival', () => {
    const first = fillFixture({ executionId: 'b', filledAt: '2026-11-20T15:00:00.000Z', side: 'buy', price: '10' });
    const then = fillFixture({ executionId: 'a', filledAt: '2026-11-20T15:00:01.000Z', side: 'sell', price: '12' });
    const { holding, realised } = applyFills('AAA', NOTHING, [then, first]);
    expect(holding).toEqual({ quantity: '0', cost: '0' });
    expect(realised.toFixed()).toBe('20');
  });

  it.each([
    ['buy', '3', '1.333', '0.01', '-4.009'],
    ['sell', '3', '1.333', '0.01', '3.989'],
    ['sell', '1', '0', '-0.02', '0.02'],
  ] as const)('%s %s @ %s with fees %s moves cash by %s', (side, quantity, price, fees, change) => {
    expect(cashChange(fillFixture({ side, quantity, price, fees })).toFixed()).toBe(change);
  });

  it('shows its average cost with ten decimals', () => {
    expect(averageCostText({ quantity: '3', cost: '10' })).toBe('3.3333333333');
    expect(averageCostText({ quantity: '-4', cost: '-10' })).toBe('2.5');
    expect(averageCostText(NOTHING)).toBe('0');
  });
});
