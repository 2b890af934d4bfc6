// Goal: of a filing nothing is invented; half a filing is none.
import { describe, expect, it } from '@jest/globals';
import { parseSecOwnership } from './insider-sec.js';
import { CONTEXT, told } from '../../../test/told.js';

const valueOf = (name: string, text: string) => `<${name}><value>${text}</value></${name}>`;
interface Parts {
  readonly form?: string;
  readonly symbol?: string;
  readonly shares?: string;
  readonly price?: string;
  readonly direction?: string;
  readonly owner?: string;
  readonly tables?: string;
}
function filing(parts: Parts = {}): string {
  const {
    form = '4',
    symbol = 'SNOW',
    shares = '73170',
    price = '<value>150.841</value>',
    direction = 'D',
    owner = 'Doe Jane',
  } = parts;
  const transaction = `<nonDerivativeTransaction>${valueOf('securityTitle', 'Common')}${valueOf('transactionDate', '2022-12-13')}
    <transactionCoding><transactionCode>S</transactionCode><footnoteId id="F2"/></transactionCoding><transactionAmounts>
    ${valueOf('transactionShares', shares)}<transactionPricePerShare>${price}</transactionPricePerShare>
    ${valueOf('transactionAcquiredDisposedCode', direction)}</transactionAmounts><postTransactionAmounts>
    ${valueOf('sharesOwnedFollowingTransaction', '227927')}</postTransactionAmounts><ownershipNature>
    ${valueOf('directOrIndirectOwnership', 'D')}</ownershipNature></nonDerivativeTransaction>`;
  const tables = parts.tables ?? `<nonDerivativeTable>${transaction}</nonDerivativeTable>`;
  return `<ownershipDocument><documentType>${form}</documentType><periodOfReport>2022-12-13</periodOfReport>
    <issuer><issuerCik>0001640147</issuerCik><issuerName>Snowflake Inc.</issuerName><issuerTradingSymbol>${symbol}</issuerTradingSymbol></issuer>
    <reportingOwner><reportingOwnerId><rptOwnerCik>1</rptOwnerCik><rptOwnerName>${owner}</rptOwnerName></reportingOwnerId>
    <reportingOwnerRelationship><isDirector>0</isDirector><isOfficer>true</isOfficer><officerTitle>CFO</officerTitle></reportingOwnerRelationship></reportingOwner>
    ${tables}<footnotes><footnote id="F1">See below.</footnote><footnote id="F2">A plan.</footnote></footnotes>
    <ownerSignature><signatureDate>2022-12-14</signatureDate></ownerSignature></ownershipDocument>`;
}
const read = (parts?: Parts) => parseSecOwnership(filing(parts), CONTEXT).facts[0]!;

describe('filings of the SEC', () => {
  it('say who did what', () => {
    expect(read()).toMatchObject({
      ...{ kind: 'filing', market: 'US', symbol: 'SNOW', date: '2022-12-14' },
      content: {
        ...{ form: '4', period: '2022-12-13', issuer: { id: '0001640147', name: 'Snowflake Inc.' } },
        owners: [{ id: '1', name: 'Doe Jane', roles: ['officer'], title: 'CFO' }],
        transactions: [
          {
            ...{
              security: 'Common',
              derivative: false,
              date: '2022-12-13',
              code: 'S',
              direction: 'disposed',
              quantity: '73170',
            },
            ...{ price: '150.841', ownedAfter: '227927', ownership: 'direct', footnotes: ['F2'] },
          },
        ],
        footnotes: [
          { id: 'F1', text: 'See below.' },
          { id: 'F2', text: 'A plan.' },
        ],
      },
    });
  });

  it.each<[string, Parts, object]>([
    [
      'a price that only a footnote speaks of',
      { price: '<footnoteId id="F1"/>' },
      { price: null, footnotes: ['F1', 'F2'] },
    ],
    ['no price at all', { price: '' }, { price: null }],
    ['a gift', { price: '<value>0</value>' }, { price: '0' }],
    ['shares with decimals', { shares: '134018.0' }, { quantity: '134018' }],
  ])('%s', (_, parts, expected) => {
    expect(read(parts).content).toMatchObject({ transactions: [expected] });
  });

  it('are one for each document, an amendment being another', () => {
    expect(read().naturalKey).toBe(read().naturalKey);
    const keys = [read(), read({ form: '4/A' }), read({ shares: '1' })].map(({ naturalKey }) => naturalKey);
    expect(new Set(keys).size).toBe(3);
  });

  it('of a private issuer have no symbol', () => {
    for (const symbol of ['NONE', 'N/A (private)', '']) expect(read({ symbol }).symbol).toBeNull();
  });

  it('may report holdings only, or nothing', () => {
    const holding = `<derivativeTable><derivativeHolding>${valueOf('securityTitle', 'Option')}<underlyingSecurity>${valueOf('underlyingSecurityShares', '95898.0')}</underlyingSecurity></derivativeHolding></derivativeTable>`;
    expect(read({ form: '3', tables: holding }).content).toMatchObject({
      ...{ transactions: [], holdings: [{ security: 'Option', derivative: true, quantity: '95898', ownership: null }] },
    });
    expect(read({ form: '3', tables: '' }).content).toMatchObject({ transactions: [], holdings: [] });
  });

  it.each<[string, string, string]>([
    ['half of it unreadable', filing({ shares: 'many' }), 'NO_USABLE_ROW'],
    ['a direction that is none', filing({ direction: 'X' }), 'NO_USABLE_ROW'],
    ['another form', filing({ form: '144' }), 'SHAPE_CHANGED'],
    ['nobody who reports', filing({ owner: '' }), 'SHAPE_CHANGED'],
    ['another document', '<edgarSubmission/>', 'SHAPE_CHANGED'],
    ['a cut document', filing().slice(0, 600), 'BODY_UNREADABLE'],
    ['a page', '<html>no</html>', 'HTML_INSTEAD'],
    ['a document type', `<!DOCTYPE a>${filing()}`, 'DOCTYPE_REFUSED'],
    ['nothing', ' ', 'EMPTY_ANSWER'],
  ])('%s', (_, body, code) => {
    expect(told(parseSecOwnership, body)).toEqual([code]);
  });
});

describe('several filings of EDGAR', () => {
  const URL = 'https://www.sec.gov/Archives/edgar/data/1640147/000164014722000100/form4.xml';
  const bundle = (...filings: readonly object[]) => JSON.stringify({ filings });
  const one = (more: object = {}) => ({
    url: URL,
    acceptedAt: '2022-12-15T18:30:09.000Z',
    document: filing(),
    ...more,
  });
  const parse = (...filings: readonly object[]) => parseSecOwnership(bundle(...filings), CONTEXT);

  it('are each the same fact as the document alone, with where it is', () => {
    const { facts, rows } = parse(one(), one({ document: filing({ owner: 'Roe Richard' }) }));
    expect([rows, facts.map(({ naturalKey }) => naturalKey)]).toEqual([
      2,
      [read().naturalKey, read({ owner: 'Roe Richard' }).naturalKey],
    ]);
    expect(facts[0]!.content).toEqual({ ...read().content, url: URL });
  });

  it.each([
    ['read as the later of what it can mean', '2022-12-15T18:30:09.000Z', '2022-12-15T23:30:09.000Z'],
    ['never later than it was seen', '2026-11-20T09:59:00.000Z', CONTEXT.fetchedAt],
    ['unknown where nobody can read it', 'yesterday', null],
  ])('have a moment of publication that is %s', (_, acceptedAt, publishedAt) => {
    expect(parse(one({ acceptedAt })).facts[0]!.publishedAt).toBe(publishedAt);
  });

  it('may be none, and are counted once where they were filed twice', () => {
    expect(parse()).toMatchObject({ facts: [], rows: 0, refused: [] });
    expect(parse(one(), one({ url: `${URL}?again` }))).toMatchObject({ facts: [{}], rows: 2, duplicates: 1 });
  });

  it('do not touch each other where one cannot be used', () => {
    const { facts, refused } = parse(
      one({ document: null }),
      one({ document: filing({ shares: 'many' }) }),
      one({ document: '<html></html>' }),
      one({ document: filing({ form: '144' }) }),
      one(),
    );
    expect(facts).toHaveLength(1);
    expect(refused.map(({ row, code }) => `${row} ${code}`)).toEqual([
      '1 DOCUMENT_MISSING',
      '2 NOT_NUMERIC',
      '3 HTML_INSTEAD',
      '4 SHAPE_CHANGED',
    ]);
    expect(refused[1]!.message).toContain(`${URL}, line 1: transactionShares`);
  });

  it.each([
    ['{"filings":', 'BODY_UNREADABLE'],
    ['{}', 'SHAPE_CHANGED'],
    ['{"filings":[1]}', 'SHAPE_CHANGED'],
    [bundle(one({ document: null })), 'NO_USABLE_ROW'],
  ])('are not %s', (text, code) => {
    expect(told(parseSecOwnership, text)).toEqual([code]);
  });
});
