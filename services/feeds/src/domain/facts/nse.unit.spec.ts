// Goal: what NSE serves is read in each shape that it was served in; what cannot be meant becomes no number.
import { describe, expect, it } from '@jest/globals';
import { parseBoardMeetings } from './board-meetings.js';
import { parseDeals } from './bulk-deals.js';
import { parseFiiDii } from './fii-dii.js';
import { parsePit, parseSast } from './insider-nse.js';
import { parseNseHolidays } from './nse-holidays.js';
import { parseOptionChain } from './option-chain.js';
import { CONTEXT, told } from '../../../test/told.js';

const json = (value: unknown): string => JSON.stringify(value);

describe('flows of institutions', () => {
  const row = (category: string, more: object = {}) => ({
    ...{ category, date: '03-Jul-2026', buyValue: '12,345.67', sellValue: '11,000.00', netValue: '1,345.67' },
    ...more,
  });
  const said = (category: string) =>
    `${category}/2026-07-03 {"category":"${category}","currency":"INR","buyValue":"123456700000","sellValue":"110000000000","netValue":"13456700000"}`;

  it.each<[string, unknown, string[]]>([
    ['stars behind the category', [row('DII **'), row('FII/FPI *')], [said('DII'), said('FII')]],
    ['no stars', [row('DII'), row('FII/FPI')], [said('DII'), said('FII')]],
    ['the list under data', { data: [row('DII')] }, [said('DII')]],
    ['no net', [{ ...row('DII'), netValue: undefined }], [said('DII')]],
    ['an empty net', [row('DII', { netValue: '' })], [said('DII')]],
    [
      'the segmented shape',
      [{ category: 'DII *', date: '03-Jul-2026', buyCF: '12,345.67', sellCF: '11000' }],
      [said('DII')],
    ],
    [
      'a day a row, with zeros where nothing was collected',
      [
        {
          date: '03-Jul-2026',
          fii_buy: 12345.67,
          fii_sell: 11000,
          fii_net: 1345.67,
          dii_buy: 12345.67,
          dii_sell: 11000,
          dii_net: 1345.67,
          pcr: 0,
        },
      ],
      [said('FII'), said('DII')],
    ],
    ['the same row twice', [row('DII'), row('DII')], [said('DII'), '1 again']],
    [
      'two rows that contradict each other',
      [row('FII'), row('DII'), row('DII', { buyValue: '12,345.68' })],
      [said('FII'), 'row 2 KEY_AMBIGUOUS', 'row 3 KEY_AMBIGUOUS'],
    ],
    [
      'a net that is not buy less sell',
      [row('FII'), row('DII', { netValue: '1,3456.7' })],
      [said('FII'), 'row 2 NOT_NUMERIC'],
    ],
    ['a wrong net', [row('FII'), row('DII', { netValue: '-1,345.67' })], [said('FII'), 'row 2 NET_CONTRADICTED']],
    ['a missing amount', [row('FII'), row('DII', { sellValue: '-' })], [said('FII'), 'row 2 MISSING_VALUE']],
    [
      'zeros on both sides',
      [row('FII'), row('DII', { buyValue: '0', sellValue: '0.00', netValue: '0' })],
      [said('FII'), 'row 2 NOTHING_TRADED'],
    ],
    ['a category that nobody knows', [row('FII'), row('PRO')], [said('FII'), 'row 2 CATEGORY_UNKNOWN']],
    [
      'a day that no calendar has',
      [row('FII'), row('DII', { date: '31-Jun-2026' })],
      [said('FII'), 'row 2 DATE_UNREADABLE'],
    ],
    ['rows of which none is of use', [row('PRO')], ['NO_USABLE_ROW']],
    ['an empty list', [], ['EMPTY_ANSWER']],
    ['an empty object', {}, ['EMPTY_ANSWER']],
    ['other members', [{ category: 'DII', when: 1 }], ['SHAPE_CHANGED']],
    ['both shapes in one', [{ ...row('DII'), buyCF: '1' }], ['SHAPE_CHANGED']],
    ['a list of texts', ['DII'], ['SHAPE_CHANGED']],
    ['no list', { data: 'none' }, ['SHAPE_CHANGED']],
  ])('%s', (_, body, expected) => {
    expect(told(parseFiiDii, json(body))).toEqual(expected);
  });

  it.each([
    ['', 'EMPTY_ANSWER'],
    ['<!doctype html><html>Access Denied</html>', 'HTML_INSTEAD'],
    ['[{"category":"DII","da', 'BODY_UNREADABLE'],
  ])('%s', (body, code) => {
    expect(told(parseFiiDii, body)).toEqual([code]);
  });
});

describe('bulk and block deals', () => {
  const HEADER =
    '\uFEFF"Date ","Symbol ","Security Name ","Client Name ","Buy / Sell ","Quantity Traded ","Trade Price / Wght. Avg. Price ","Remarks "';
  const csv = (...rows: string[]) => [HEADER, ...rows].join('\n');
  const line = (quantity: string, price: string, client = 'A FUND') =>
    `"24-APR-2025","GVT&D","GE","${client}","SELL","${quantity}","${price}","-"`;
  const said = (quantity: string, price: string, parts: [string, string][]) =>
    `bulk/2025-04-24/GVT&D/sell/A FUND ${json({ dealType: 'bulk', symbol: 'GVT&D', securityName: 'GE', client: 'A FUND', side: 'sell', currency: 'INR', quantity, price, parts: parts.map(([of, at]) => ({ quantity: of, price: at })) })}`;

  it.each<[string, string, string[]]>([
    ['Indian grouping', csv(line('1,20,58,807', '1,940.80')), [said('12058807', '1940.8', [['12058807', '1940.8']])]],
    [
      'several prices of one client are one fact, whatever their order',
      csv(line('300', '20'), line('100', '10')),
      [
        said('400', '17.5', [
          ['100', '10'],
          ['300', '20'],
        ]),
      ],
    ],
    [
      'a line that is there twice',
      csv(line('100', '10'), line('100', '10.00', 'a  fund')),
      [said('100', '10', [['100', '10']]), '1 again'],
    ],
    [
      'a quantity that is none',
      csv(line('100', '10'), line('many', '10', 'B')),
      [said('100', '10', [['100', '10']]), 'row 3 NOT_NUMERIC'],
    ],
    [
      'a zero',
      csv(line('100', '10'), line('0', '10', 'B'), line('5', '0.00', 'C')),
      [said('100', '10', [['100', '10']]), 'row 3 ZERO_QUANTITY', 'row 4 ZERO_PRICE'],
    ],
    [
      'a row that ends early',
      csv(line('100', '10'), '"24-APR-2025","X"'),
      [said('100', '10', [['100', '10']]), 'row 3 FIELD_COUNT'],
    ],
    ['a header alone', HEADER, ['EMPTY_ANSWER']],
    ['another header', 'a,b\n1,2\n', ['HEADER_INCOMPLETE']],
    ['a page', '<!DOCTYPE html>', ['HTML_INSTEAD']],
  ])('%s', (_, body, expected) => {
    expect(told(parseDeals('bulk'), body)).toEqual(expected);
  });

  const deal = {
    BD_DT_DATE: '01-DEC-2025',
    BD_SYMBOL: 'ASTEC',
    BD_SCRIP_NAME: 'Astec',
    BD_CLIENT_NAME: 'HRTI',
    BD_BUY_SELL: 'BUY',
    BD_QTY_TRD: 108709,
    BD_TP_WATP: 826.15,
  };

  it('as JSON, by the day in India and not by the day before in UTC', () => {
    const [said] = told(
      parseDeals('block'),
      json({ data: [{ ...deal, BD_DT_ORDER: '2025-11-30T18:30:00.000+00:00' }] }),
    );
    expect(said).toContain('block/2025-12-01/ASTEC/buy/HRTI');
  });

  it('as JSON of seventy rows, where NSE cuts them', () => {
    const rows = Array.from({ length: 70 }, (_, i) => ({ ...deal, BD_QTY_TRD: i + 1 }));
    expect(told(parseDeals('bulk'), json({ data: rows }))).toEqual(['LIST_CUT']);
    expect(told(parseDeals('bulk'), json({ data: rows.slice(1) }))).toHaveLength(1);
  });
});

describe('board meetings', () => {
  const row = {
    bm_symbol: 'SIYSIL',
    bm_date: '30-Oct-2023',
    bm_purpose: 'Stock Split/Dividend',
    bm_desc: '-',
    bm_timestamp: '18-Oct-2023 22:42:01',
  };

  it('are told apart by when they were announced', () => {
    const again = { ...row, bm_timestamp: '19-Oct-2023 09:00', bm_purpose: 'To consider Fund Raising' };
    expect(
      told(parseBoardMeetings, json([row, again, { ...row, bm_timestamp: null, bm_purpose: 'Other business' }])),
    ).toEqual([
      'SIYSIL/2023-10-30/2023-10-18T17:12:01.000Z {"symbol":"SIYSIL","purpose":"Stock Split/Dividend","description":null,"topics":["dividend","split"]}',
      'SIYSIL/2023-10-30/2023-10-19T03:30:00.000Z {"symbol":"SIYSIL","purpose":"To consider Fund Raising","description":null,"topics":["fund_raising"]}',
      'SIYSIL/2023-10-30/undated {"symbol":"SIYSIL","purpose":"Other business","description":null,"topics":["other"]}',
    ]);
  });

  it('without day, symbol or purpose are none', () => {
    const rows = [
      row,
      { ...row, bm_date: '-' },
      { ...row, bm_symbol: 'A B' },
      { ...row, bm_purpose: '' },
      { ...row, bm_timestamp: '18-Oct-2023 25:00' },
    ];
    expect(told(parseBoardMeetings, json(rows)).slice(1)).toEqual([
      'row 2 MISSING_VALUE',
      'row 3 SYMBOL_UNREADABLE',
      'row 4 MISSING_VALUE',
      'row 5 DATE_UNREADABLE',
    ]);
    expect(told(parseBoardMeetings, json([{ symbol: 'X' }]))).toEqual(['SHAPE_CHANGED']);
  });
});

describe('holidays', () => {
  const row = { tradingDate: '26-Jan-2023', weekDay: 'Thursday', description: 'Republic Day', Sr_no: 1 };

  it.each<[unknown, string[]]>([
    [
      { CM: [row], FO: [row] },
      [
        'CM/2023-01-26 {"segment":"CM","description":"Republic Day"}',
        'FO/2023-01-26 {"segment":"FO","description":"Republic Day"}',
      ],
    ],
    [
      { CM: [row, { ...row, tradingDate: '27-Jan-2023' }] },
      ['CM/2023-01-26 {"segment":"CM","description":"Republic Day"}', 'row 2 WEEKDAY_CONTRADICTED'],
    ],
    [{ CM: [] }, ['EMPTY_ANSWER']],
    [{}, ['EMPTY_ANSWER']],
    [{ CM: 'none' }, ['SHAPE_CHANGED']],
    [[row], ['SHAPE_CHANGED']],
    [{ CM: [{ day: 1 }] }, ['SHAPE_CHANGED']],
  ])('%j', (body, expected) => {
    expect(told(parseNseHolidays, json(body))).toEqual(expected);
  });
});

describe('option chains', () => {
  const leg = {
    strikePrice: 11000,
    underlying: 'NIFTY',
    openInterest: 41.5,
    changeinOpenInterest: -2,
    totalTradedVolume: 0,
    impliedVolatility: 0,
    lastPrice: 0,
  };
  const older = { ...leg, bidQty: 1050, bidprice: 1.05, askQty: 0, askPrice: 0 };
  const v3 = { ...leg, buyQuantity1: 1050, buyPrice1: 1.05, sellQuantity1: 0, sellPrice1: 0 };
  const put = {
    openInterest: '41.5',
    changeInOpenInterest: '-2',
    volume: '0',
    impliedVolatilityPercent: null,
    lastPrice: null,
    bid: '1.05',
    bidQuantity: '1050',
    ask: null,
    askQuantity: null,
  };
  const chain = (data: unknown, more: object = {}) =>
    json({ records: { timestamp: '03-Jul-2026 15:30:00', underlyingValue: 0, data, ...more } });
  const said = `NIFTY/2026-07-07/2026-07-03T10:00:00.000Z ${json({ symbol: 'NIFTY', expiry: '2026-07-07', currency: 'INR', underlyingValue: null, strikes: [{ strike: '11000', call: null, put }] })}`;

  it.each<[string, string, string[]]>([
    ['the older form, with a small p', chain([{ strikePrice: 11000, expiryDate: '07-Jul-2026', PE: older }]), [said]],
    ['v3', chain([{ strikePrice: 11000, expiryDates: '07-Jul-2026', PE: v3 }]), [said]],
    [
      'a strike that its leg contradicts',
      chain([
        { strikePrice: 11000, expiryDate: '07-Jul-2026', PE: older },
        { strikePrice: 11050, expiryDate: '07-Jul-2026', CE: older },
      ]),
      [said, 'row 2 STRIKE_CONTRADICTED'],
    ],
    [
      'a strike without legs',
      chain([
        { strikePrice: 11000, expiryDate: '07-Jul-2026', PE: older },
        { strikePrice: 1, expiryDate: '07-Jul-2026' },
      ]),
      [said, 'row 2 MISSING_VALUE'],
    ],
    [
      'open interest below zero',
      chain([{ strikePrice: 11000, expiryDate: '07-Jul-2026', PE: { ...older, openInterest: -1 } }]),
      ['NO_USABLE_ROW'],
    ],
    ['no time', chain([{ strikePrice: 1 }], { timestamp: '' }), ['SHAPE_CHANGED']],
    ['no strikes', chain([]), ['EMPTY_ANSWER']],
    ['an empty object', '{}', ['EMPTY_ANSWER']],
    ['no records', '{"filtered":{}}', ['SHAPE_CHANGED']],
  ])('%s', (_, body, expected) => {
    expect(told(parseOptionChain, body)).toEqual(expected);
  });
});

describe('disclosures of insiders', () => {
  const row = {
    ...{
      symbol: 'TESTCO',
      company: 'Test Co',
      anex: '7(2)',
      acqName: 'Ramesh Kumar',
      personCategory: 'Promoters',
      secType: 'Equity Shares',
    },
    ...{
      secAcq: '1,00,000',
      secVal: '50000000',
      tdpTransactionType: 'Buy',
      afterAcqSharesNo: '5,00,000',
      afterAcqSharesPer: '0',
    },
    ...{
      acqfromDt: '25-Jun-2026',
      acqtoDt: '27-Jun-2026',
      intimDt: '01-Jul-2026',
      acqMode: 'Market Purchase',
      date: '01-Jul-2026 21:00',
      pid: '7',
      did: '8',
    },
  };
  const transaction = (more: object) => parsePit(json({ data: [{ ...row, ...more }] }), CONTEXT).facts[0]!;

  it('have values in rupees, the time of broadcast in India, and no percentage of zero beside shares', () => {
    expect(transaction({})).toMatchObject({
      ...{ naturalKey: 'pit/TESTCO/7-8/Ramesh Kumar/Buy/Equity Shares/2026-06-25/2026-06-27', date: '2026-07-01' },
      publishedAt: '2026-07-01T15:30:00.000Z',
      content: {
        ...{ form: '7(2)', owners: [{ name: 'Ramesh Kumar', roles: ['Promoters'] }] },
        transactions: [
          {
            direction: 'acquired',
            quantity: '100000',
            value: '50000000',
            price: null,
            ownedAfter: '500000',
            ownedAfterPercent: null,
            date: '2026-06-27',
          },
        ],
      },
    });
  });

  it.each<[string, object, object]>([
    ['a dealing on the market for nothing', { secVal: '0' }, { value: null }],
    ['a gift for nothing', { secVal: '0', acqMode: 'Gift' }, { value: '0', code: 'Gift' }],
    [
      'a sale of all',
      { tdpTransactionType: 'Sell', afterAcqSharesNo: '0' },
      { direction: 'disposed', ownedAfter: '0', ownedAfterPercent: '0' },
    ],
    ['a pledge', { tdpTransactionType: 'Pledge' }, { direction: null }],
    ['more than all of it', { afterAcqSharesPer: '101.5' }, { ownedAfterPercent: null }],
    ['a part of it', { afterAcqSharesPer: '0.07' }, { ownedAfterPercent: '0.07' }],
    ['nothing said of the value', { secVal: '-' }, { value: null }],
  ])('%s', (_, more, expected) => {
    expect(transaction(more).content).toMatchObject({ transactions: [expected] });
  });

  it('that cannot be dated or named are none', () => {
    const rows = [
      row,
      { ...row, date: null, intimDt: null },
      { ...row, acqName: '' },
      { ...row, secAcq: 'all', did: '9' },
      row,
    ];
    expect(told(parsePit, json({ data: rows })).slice(1)).toEqual([
      'row 2 MISSING_VALUE',
      'row 3 MISSING_VALUE',
      'row 4 NOT_NUMERIC',
      '1 again',
    ]);
    expect(told(parsePit, json({ data: [{ symbol: 'X' }] }))).toEqual(['SHAPE_CHANGED']);
    expect(told(parsePit, json({ acqNameList: [], data: [] }))).toEqual(['EMPTY_ANSWER']);
  });
});

describe('disclosures of large holders', () => {
  const row = {
    ...{
      symbol: 'TESTCO',
      company: 'Test Co',
      acquirerName: 'A FUND',
      promoterType: 'N',
      regType: '29(2)',
      acqSaleType: 'Sale',
    },
    ...{
      acquirerDate: '21-Nov-2026 to 23-Nov-2026',
      noOfShareAcq: '0',
      noOfShareSale: '2,00,000',
      noOfShareAft: '10,00,000',
    },
    ...{ totAftShare: '4.9', acquisitionMode: 'Open Market', timestamp: '24-Nov-2026 18:00', application_no: '77' },
  };
  const fact = (more: object) => parseSast(json({ data: [{ ...row, ...more }] }), CONTEXT).facts[0]!;

  it('are of what was sold or bought, and of both where it is both', () => {
    expect(fact({})).toMatchObject({
      ...{ naturalKey: 'sast/TESTCO/77/A FUND/Sale', date: '2026-11-24' },
      content: {
        form: '29(2)',
        transactions: [{ direction: 'disposed', quantity: '200000', ownedAfterPercent: '4.9', date: '2026-11-23' }],
      },
    });
    expect(fact({ acqSaleType: 'Both', noOfShareAcq: '5' }).content).toMatchObject({
      transactions: [
        { direction: 'acquired', quantity: '5' },
        { direction: 'disposed', quantity: '200000' },
      ],
    });
  });

  it('that say no number are none', () => {
    expect(told(parseSast, json({ data: [{ ...row, noOfShareAcq: null, noOfShareSale: null }] }))).toEqual([
      'NO_USABLE_ROW',
    ]);
  });
});
