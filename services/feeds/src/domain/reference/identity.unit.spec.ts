// Goal: what was said of a ticker belongs to the company that had it, through renames, and never to the next one.
import { describe, expect, it } from '@jest/globals';
import { symbolMap } from '@ballast/kernel/corporate-actions';
import type { ReferenceFact, ReferenceKind } from './fact.js';
import { heldByOwner, Identities, listingsOf } from './identity.js';

const fact = (
  kind: ReferenceKind,
  subject: string,
  days: string,
  knownFrom: string,
  value: Record<string, string>,
): ReferenceFact => {
  const [validFrom, validTo] = days.split('..') as [string, string];
  const end = validTo === '' ? null : validTo;
  return { kind, market: 'US', scope: '', source: 'desk', subject, validFrom, validTo: end, knownFrom, value };
};

/** Meta was FB until 2022-06-08; a fund took the ticker META before; another company takes FB in 2025. */
const LISTINGS = [
  fact('listing', 'FB', '2012-05-18..', '2012-05-18', { instrumentId: 'meta' }),
  fact('listing', 'FB', '2012-05-18..2022-06-09', '2022-05-31', { instrumentId: 'meta' }),
  fact('listing', 'META', '2021-06-30..2022-02-01', '2021-06-30', { instrumentId: 'ball-fund' }),
  fact('listing', 'META', '2022-06-09..', '2022-05-31', { instrumentId: 'meta' }),
  fact('listing', 'FB', '2025-03-03..', '2025-03-03', { instrumentId: 'fubo-bank' }),
];
const SECTORS = [
  fact('sector', 'FB', '2012-05-18..', '2012-05-18', { sector: 'Technology' }),
  fact('sector', 'FB', '2018-09-24..', '2018-07-10', { sector: 'Communication' }),
  fact('sector', 'FB', '2025-03-03..', '2025-03-03', { sector: 'Financials' }),
  fact('sector', 'META', '2021-07-01..', '2021-07-01', { sector: 'Funds' }),
  fact('sector', 'ONLY', '2020-01-02..', '2020-01-02', { sector: 'Energy' }),
];

const expected = `
ticker | on         | known on   | instrument | sector
FB     | 2012-05-17 | 2026-11-20 |            |
FB     | 2018-09-24 | 2018-09-24 | meta       | Communication
FB     | 2022-06-08 | 2026-11-20 | meta       | Communication
FB     | 2022-06-09 | 2026-11-20 |            |
FB     | 2022-06-09 | 2022-05-30 | meta       | Communication
META   | 2022-06-09 | 2026-11-20 | meta       | Communication
META   | 2021-12-31 | 2026-11-20 | ball-fund  | Funds
META   | 2022-03-01 | 2026-11-20 |            |
FB     | 2025-03-03 | 2026-11-20 | fubo-bank  | Financials
`;

describe('a ticker', () => {
  const rows = expected
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split('|').map((cell) => cell.trim()));

  it.each(rows)('%s on %s, as known on %s, is "%s" of sector "%s"', (ticker, on, knownOn, instrument, sector) => {
    const listings = listingsOf(LISTINGS, knownOn!);
    expect(symbolMap(listings).instrumentAt(ticker!, on!) ?? '').toBe(instrument);
    const held = heldByOwner(SECTORS, new Identities(listings), { from: on!, until: on!, knownOn: knownOn! });
    const own = held.filter(({ instrumentId }) => instrumentId === instrument);
    expect(own.map(({ fact: { value } }) => value?.['sector'])).toEqual(sector === '' ? [] : [sector]);
  });

  it('of which no listing is known stands for itself', () => {
    const identities = new Identities(listingsOf(LISTINGS, '2026-11-20'));
    expect(identities.ownerOn('ONLY', '2021-01-04')).toEqual({ symbol: 'ONLY' });
    const [held] = heldByOwner(
      SECTORS.filter(({ subject }) => subject === 'ONLY'),
      identities,
      { from: '2021-01-04', until: '2021-01-04', knownOn: '2021-01-04' },
    );
    expect(held).toMatchObject({ instrumentId: null, fact: { subject: 'ONLY' } });
  });

  it('that was said to be something before its first listing means the first company that had it', () => {
    const identities = new Identities(listingsOf(LISTINGS, '2026-11-20'));
    expect(identities.ownerOf('FB', '1990-01-02', null)).toEqual({ instrumentId: 'meta' });
    expect(identities.ownerOf('FB', '1990-01-02', '1991-01-02')).toEqual({ nobody: true });
  });
});
