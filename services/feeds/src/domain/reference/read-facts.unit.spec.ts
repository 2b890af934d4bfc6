// Goal: files of every kind come in as vendors write them, and what is wrong in them is told with its row.
import { describe, expect, it } from '@jest/globals';
import { AS_IT_HAPPENED } from './columns.js';
import { isCusip, isIsin } from './identifiers.js';
import { FactsReader, type FileTerms } from './read-facts.js';
import { readMapFile } from './read-map-file.js';

const terms = (more: Partial<FileTerms>): FileTerms => ({
  ...{ kind: 'sector', market: 'US', source: 'desk', knownOn: '2026-11-20', validFrom: '2026-11-20', scope: null },
  ...more,
});
const read = (text: string, more: Partial<FileTerms>) => {
  const reader = new FactsReader(terms(more));
  reader.read(text);
  return reader.end();
};
const short = (text: string, more: Partial<FileTerms>) =>
  read(text, more).facts.map(({ fact: { subject, scope, validFrom, validTo, knownFrom, value } }) =>
    [subject, scope, validFrom, validTo, knownFrom, JSON.stringify(value)].join(' | '),
  );

describe('a file', () => {
  it('of GICS sectors comes in as it is published', () => {
    const text = 'Symbol,Security,GICS Sector,GICS Sub-Industry\nMMM,3M,Industrials,Industrial Conglomerates\n';
    expect(short(text, { scope: 'gics', validFrom: '2024-01-02' })).toEqual([
      'MMM | gics | 2024-01-02 |  | 2026-11-20 | {"sector":"Industrials","industry":"Industrial Conglomerates"}',
    ]);
  });

  it("of NSE's industries comes in as it is published", () => {
    const text = 'Company Name,Industry,Symbol,Series,ISIN Code\nMahindra,Automobile,M&M,EQ,INE101A01026\n';
    expect(short(text, { scope: 'nse-industry', market: 'NSE' })).toEqual([
      'M&M | nse-industry | 2026-11-20 |  | 2026-11-20 | {"sector":"Automobile"}',
    ]);
    expect(short(text, { kind: 'listing', market: 'NSE' })).toEqual([
      'M&M |  | 2026-11-20 |  | 2026-11-20 | {"instrumentId":"INE101A01026"}',
    ]);
    expect(short(text, { kind: 'index_member', market: 'NSE', scope: 'NIFTY 500' })).toEqual([
      'M&M | NIFTY 500 | 2026-11-20 |  | 2026-11-20 | {}',
    ]);
  });

  it('of earnings dates lasts for the day, and may say the time of it', () => {
    expect(short('ticker,earnings_date\nA,2025-05-28\n', { kind: 'earnings' })).toEqual([
      'A |  | 2025-05-28 | 2025-05-29 | 2026-11-20 | {"time":"unknown"}',
    ]);
    const text = 'symbol,date,time,known_from,retracted\nA,2025-05-28,AMC,2025-05-01,\nA,2025-05-28,,2025-05-10,true\n';
    expect(short(text, { kind: 'earnings' })).toEqual([
      'A |  | 2025-05-28 | 2025-05-29 | 2025-05-01 | {"time":"after_close"}',
      'A |  | 2025-05-28 | 2025-05-29 | 2025-05-10 | null',
    ]);
  });

  it('of lots is known as it happened: the end of a size is not told before it came', () => {
    const text = 'symbol,lot_size,valid_from,valid_to\nNIFTY,25,2024-04-26,2024-11-20\nNIFTY,75,2024-11-20,\n';
    expect(short(text, { kind: 'lot_size', market: 'NSE', knownOn: AS_IT_HAPPENED })).toEqual([
      'NIFTY |  | 2024-04-26 |  | 2024-04-26 | {"size":"25"}',
      'NIFTY |  | 2024-04-26 | 2024-11-20 | 2024-11-20 | {"size":"25"}',
      'NIFTY |  | 2024-11-20 |  | 2024-11-20 | {"size":"75"}',
    ]);
  });

  it('of master data names what it has, and leaves the rest unknown', () => {
    const text =
      'instrument_id,name,exchange,currency,asset_class,isin,cusip\nAAPL.1998-01-02,Apple Inc.,NASDAQ,USD,equity,US0378331005,037833100\nX.1,X,,,,,\n';
    expect(short(text, { kind: 'instrument' })).toEqual([
      'AAPL.1998-01-02 |  | 2026-11-20 |  | 2026-11-20 | {"name":"Apple Inc.","exchange":"NASDAQ","currency":"USD","assetClass":"equity","isin":"US0378331005","cusip":"037833100"}',
      'X.1 |  | 2026-11-20 |  | 2026-11-20 | {"name":"X","exchange":null,"currency":null,"assetClass":null,"isin":null,"cusip":null}',
    ]);
  });

  it('is read whole, and every fault in it is told with its row', () => {
    const text = `symbol,lot_size,valid_from,valid_to,known_from
NIFTY,75,2024-11-20,,
nifty,75,2024-11-20,,
BANKNIFTY,0,2024-11-20,,
BANKNIFTY,,2024-11-20,,
BANKNIFTY,30,2024-11-31,,
BANKNIFTY,30,2024-11-20,2024-11-20,
BANKNIFTY,30,2024-11-20
NIFTY,75,2024-11-20,,
`;
    const { facts, faults, rows, duplicates } = read(text, { kind: 'lot_size', market: 'NSE' });
    expect([facts.length, rows, duplicates]).toEqual([1, 8, 1]);
    expect(faults.map(({ row, code }) => `${row} ${code}`)).toEqual([
      '3 INVALID_VALUE',
      '4 INVALID_VALUE',
      '5 MISSING_VALUE',
      '6 INVALID_VALUE',
      '7 ENDS_BEFORE_IT_BEGINS',
      '8 FIELD_COUNT',
    ]);
  });

  it.each([
    ['HEADER_INCOMPLETE', 'symbol\nA\n', { kind: 'sector', scope: 'gics' }],
    ['HEADER_INCOMPLETE', 'symbol,sector\nA,Energy\n', { kind: 'sector' }],
    ['HEADER_AMBIGUOUS', 'symbol,sector,sector\nA,Energy,Energy\n', { kind: 'sector', scope: 'gics' }],
    ['FILE_EMPTY', 'symbol,sector\n', { kind: 'sector', scope: 'gics' }],
    ['CSV_MALFORMED', 'symbol,sector\nA,"Energy\n', { kind: 'sector', scope: 'gics' }],
  ] as [string, string, Partial<FileTerms>][])('is refused with %s', (code, text, more) => {
    expect(() => read(text, more)).toThrow(expect.objectContaining({ code }));
  });
});

describe('a map file', () => {
  const listings = (text: string, more: Partial<FileTerms> = {}) =>
    readMapFile(text, terms({ kind: 'listing', ...more })).facts.map(
      ({ fact: { subject, validFrom, validTo, knownFrom, value } }) =>
        `${subject} ${validFrom} ${validTo} ${knownFrom} ${value?.['instrumentId']}`,
    );

  it('tells the tickers of a company, which is named by its first', () => {
    expect(listings('19980102,nb,N\n19980930,nb,N\n20501231,bac,N\n')).toEqual([
      'NB 1998-01-02 1998-10-01 2026-11-20 NB.1998-01-02',
      'BAC 1998-10-01 null 2026-11-20 NB.1998-01-02',
    ]);
    expect(listings('19990929,fb\n20030328,fb\n')).toEqual(['FB 1999-09-29 2003-03-29 2026-11-20 FB.1999-09-29']);
  });

  it('is known as it happened', () => {
    expect(listings('19980102,nb,N\n19980930,nb,N\n20501231,bac,N\n', { knownOn: AS_IT_HAPPENED })).toEqual([
      'NB 1998-01-02 null 1998-01-02 NB.1998-01-02',
      'NB 1998-01-02 1998-10-01 1998-10-01 NB.1998-01-02',
      'BAC 1998-10-01 null 1998-10-01 NB.1998-01-02',
    ]);
  });

  it('tells what is wrong in it', () => {
    const { faults } = readMapFile('19980102,nb\n19980931,nb\n20501231,b c\n19970101,nb\n', terms({ kind: 'listing' }));
    expect(faults.map(({ row, code }) => `${row} ${code}`)).toEqual([
      '2 INVALID_DATE',
      '3 INVALID_SYMBOL',
      '4 NOT_IN_ORDER',
    ]);
    expect(() => readMapFile('', terms({ kind: 'listing' }))).toThrow(expect.objectContaining({ code: 'FILE_EMPTY' }));
  });
});

describe('identifiers', () => {
  it.each(['US0378331005', 'INE101A01026', 'GB0002634946'])('%s is an ISIN', (text) => expect(isIsin(text)).toBe(true));
  it.each(['US0378331006', 'US037833100', 'us0378331005'])('%s is none', (text) => expect(isIsin(text)).toBe(false));
  it.each(['037833100', '38259P508', '17275R102'])('%s is a CUSIP', (text) => expect(isCusip(text)).toBe(true));
  it.each(['037833101', '03783310'])('%s is none', (text) => expect(isCusip(text)).toBe(false));
});
