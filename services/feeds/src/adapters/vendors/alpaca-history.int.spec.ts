import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Secret } from '@ballast/platform';
import { AlpacaHistory } from './alpaca-history.js';
import { ALPACA_KEYS, startAlpaca, type AlpacaWorld, type WireBar } from './alpaca-stub.fixture.js';
import { VendorHttp } from './vendor-http.js';
import { allOf, logOf, type VendorStub } from './vendor-stub.fixture.js';

const NEVER = new AbortController().signal;
const YEAR = { from: '2024-01-01', to: '2024-12-31' };

const world: AlpacaWorld = { bars: {}, actions: {}, pageMax: 10_000 };
let stub: VendorStub;
beforeAll(async () => {
  stub = await startAlpaca(world);
});
beforeEach(() => {
  stub.clear();
  Object.assign(world, { bars: {}, actions: {}, pageMax: 10_000 });
});
afterAll(() => stub.close());

const alpaca = (feed: 'iex' | 'sip' = 'sip', { keyId, secret } = ALPACA_KEYS) =>
  new AlpacaHistory(
    new VendorHttp({
      vendor: 'alpaca',
      url: stub.url,
      urlVariable: 'FEEDS_ALPACA_DATA_URL',
      keys: [
        { variable: 'FEEDS_ALPACA_KEY_ID', value: new Secret(keyId), place: { header: 'APCA-API-KEY-ID' } },
        { variable: 'FEEDS_ALPACA_SECRET', value: new Secret(secret), place: { header: 'APCA-API-SECRET-KEY' } },
      ],
      requestsPerMinute: 10_000,
      log: logOf([]),
      patience: { firstWaitMs: 1 },
    }),
    feed,
  );

const barsOf = async (symbols: readonly string[], range = YEAR, feed: 'iex' | 'sip' = 'sip') =>
  allOf(alpaca(feed).dailyBars({ symbols, ...range }, NEVER));
const actionsOf = async (symbols: readonly string[], range = YEAR) =>
  (await allOf(alpaca().corporateActions({ symbols, ...range }, NEVER))).flat();
/** A bar of a day in January, when midnight in New York is 05:00 in UTC. */
const bar = (day: number, close: number): WireBar => ({
  t: `2024-01-${String(day).padStart(2, '0')}T05:00:00Z`,
  ...{ o: 10.5, h: 12, l: 9.25, c: close, v: 1_000 + day, n: 7, vw: 10.123456 },
});

describe('daily bars from Alpaca', () => {
  it('are asked for unadjusted, under the ticker of their day, and read as they were written', async () => {
    world.bars = { AAPL: [{ t: '2022-02-28T05:00:00Z', o: 163.02, h: 165.42, l: 162.43, c: 165.12, v: 90_552_883 }] };
    expect(await barsOf(['AAPL', 'TSLA'], { from: '2022-02-28', to: '2022-03-01' }, 'iex')).toEqual([
      [
        {
          date: '2022-02-28',
          symbol: 'AAPL',
          open: '163.02',
          high: '165.42',
          low: '162.43',
          close: '165.12',
          volume: '90552883',
        },
      ],
    ]);
    expect(stub.asked.map(({ query }) => query)).toEqual([
      {
        symbols: 'AAPL,TSLA',
        timeframe: '1Day',
        start: '2022-02-28T00:00:00Z',
        end: '2022-03-01T23:59:59Z',
        adjustment: 'raw',
        asof: '-',
        feed: 'iex',
        limit: '10000',
        sort: 'asc',
      },
    ]);
  });

  it('come page after page in order, none twice, also where a page ends in the middle of a symbol and tries fail', async () => {
    world.bars = { BRK: [bar(2, 1), bar(3, 2), bar(4, 3)], 'BF.B': [bar(2, 4), bar(3, 5)], C: [bar(5, 6)] };
    world.pageMax = 2;
    stub.mishaps({ status: 500 }, 'cut');
    const pages = await barsOf(['BRK', 'BF.B', 'C']);
    expect(pages.map((page) => page.map(({ symbol, date, close }) => `${symbol} ${date} ${close}`))).toEqual([
      ['BF.B 2024-01-02 4', 'BF.B 2024-01-03 5'],
      ['BRK 2024-01-02 1', 'BRK 2024-01-03 2'],
      ['BRK 2024-01-04 3', 'C 2024-01-05 6'],
    ]);
    expect(stub.asked).toHaveLength(5);
  });

  it('of many symbols are asked for a hundred at a time, each symbol once', async () => {
    const symbols = Array.from({ length: 205 }, (_, i) => `S${i}`);
    world.bars = { S0: [bar(2, 1)], S100: [bar(2, 2)], S204: [bar(2, 3)] };
    const pages = await barsOf([...symbols, 'S0']);
    expect(pages.flat().map(({ symbol }) => symbol)).toEqual(['S0', 'S100', 'S204']);
    expect(stub.asked.map(({ query }) => query['symbols']!.split(',').length)).toEqual([100, 100, 5]);
  });

  it('have the date of their session on both sides of a change of clocks', async () => {
    const stamps = ['2024-03-08T05:00:00Z', '2024-03-11T04:00:00Z', '2024-11-01T04:00:00Z', '2024-11-04T05:00:00Z'];
    world.bars = { SPY: stamps.map((t) => ({ ...bar(2, 1), t })) };
    const dates = async (from: string, to: string) =>
      (await barsOf(['SPY'], { from, to })).flat().map(({ date }) => date);
    expect(await dates('2024-01-01', '2024-12-31')).toEqual(['2024-03-08', '2024-03-11', '2024-11-01', '2024-11-04']);
    // The first and the last day of a request belong to it, in winter as in summer.
    for (const day of ['2024-03-08', '2024-03-11', '2024-11-01', '2024-11-04'])
      expect(await dates(day, day)).toEqual([day]);
  });

  it('are none where Alpaca has none, and nothing is asked where no symbol is given', async () => {
    expect(await barsOf(['NEVER'])).toEqual([]);
    stub.mishaps({ body: { bars: null, next_page_token: null } });
    expect(await barsOf(['NEVER'])).toEqual([]);
    expect(stub.asked).toHaveLength(2);
    expect(await barsOf([])).toEqual([]);
    expect(stub.asked).toHaveLength(2);
  });

  it('pass on a field that is missing as missing, never as zero', async () => {
    const { o: _, ...noOpen } = bar(2, 1);
    world.bars = { X: [noOpen as WireBar, { ...bar(3, 0), v: null }] };
    const [first, second] = (await barsOf(['X'])).flat();
    expect(first).toMatchObject({ open: undefined, close: '1' });
    expect(second).toMatchObject({ volume: undefined, close: '0' });
  });

  it.each([
    ['an object of another shape', { message: 'maintenance' }, 'bars: '],
    ['no word on further pages', { bars: {} }, 'next_page_token: '],
    [
      'a price in words',
      { bars: { X: [{ ...bar(2, 1), c: 'high' }] }, next_page_token: null },
      'bars.X[0].c: a number',
    ],
    [
      'a bar of another hour',
      { bars: { X: [{ ...bar(2, 1), t: '2024-01-02T14:30:00Z' }] }, next_page_token: null },
      'bars.X[0].t: midnight',
    ],
    ['a symbol nobody asked for', { bars: { META: [bar(2, 1)] }, next_page_token: null }, 'bars of META'],
  ])('refuse %s', async (_, body, words) => {
    stub.mishaps({ body });
    await expect(barsOf(['X'])).rejects.toMatchObject({
      code: 'VENDOR_SPEAKS_OTHERWISE',
      message: expect.stringContaining(words),
    });
  });

  it('refuse pages without an end', async () => {
    const again = { body: { bars: { X: [bar(2, 1)] }, next_page_token: 'MQ==' } };
    stub.mishaps(again, again);
    await expect(barsOf(['X'])).rejects.toMatchObject({
      code: 'VENDOR_SPEAKS_OTHERWISE',
      message: expect.stringContaining('named before'),
    });
    expect(stub.asked).toHaveLength(2);
  });

  it('say which settings to look at where the key is refused', async () => {
    const history = alpaca('sip', { keyId: 'PKWRONG', secret: 'wrong-secret' });
    await expect(allOf(history.dailyBars({ symbols: ['X'], ...YEAR }, NEVER))).rejects.toMatchObject({
      code: 'VENDOR_REFUSED',
      message: 'alpaca answered HTTP 403 to GET /v2/stocks/bars: "forbidden."',
      nextStep: expect.stringContaining('FEEDS_ALPACA_KEY_ID and FEEDS_ALPACA_SECRET'),
    });
  });

  it('stop between pages where they are not wanted any more', async () => {
    world.bars = { X: [bar(2, 1), bar(3, 2), bar(4, 3)] };
    world.pageMax = 1;
    const controller = new AbortController();
    const seen: string[] = [];
    const reading = (async () => {
      for await (const page of alpaca().dailyBars({ symbols: ['X'], ...YEAR }, controller.signal)) {
        seen.push(page[0]!.date!);
        controller.abort(new Error('feeds is stopping'));
      }
    })();
    await expect(reading).rejects.toThrow('feeds is stopping');
    expect(seen).toEqual(['2024-01-02']);
    expect(stub.asked).toHaveLength(1);
  });
});

describe('corporate actions from Alpaca', () => {
  const ids = { cusip: '000000000', id: 'a-b-c' };
  const on = (date: string) => ({ ex_date: date, process_date: date });

  it('are read with exact ratios and amounts, under the ticker of their day', async () => {
    world.actions = {
      forward_splits: [{ ...ids, symbol: 'NVDA', old_rate: 1, new_rate: 10, ...on('2024-06-10') }],
      reverse_splits: [
        { ...ids, symbol: 'MNTS', old_rate: 50, new_rate: 1, ...on('2024-08-24') },
        { ...ids, symbol: 'OLD', old_rate: 3, new_rate: 1, new_symbol: 'NEW', ...on('2024-05-02') },
        { ...ids, symbol: 'SAME', old_rate: 4, new_rate: 1, new_symbol: '', ...on('2024-05-03') },
      ],
      stock_dividends: [{ ...ids, symbol: 'MSBC', rate: 0.05, ...on('2024-05-19') }],
      cash_dividends: [
        { ...ids, symbol: 'FCF', rate: 0.125, special: false, ...on('2024-05-04') },
        { ...ids, symbol: 'ENB', rate: 0.915, currency: 'CAD', ...on('2024-05-14') },
      ],
      spin_offs: [{ ...ids, source_symbol: 'GE', source_rate: 4, new_symbol: 'GEV', new_rate: 1, ...on('2024-04-02') }],
      name_changes: [{ ...ids, old_symbol: 'FB', new_symbol: 'META', process_date: '2024-06-09' }],
      cash_mergers: [{ ...ids, acquiree_symbol: 'FCF', rate: 5.37, process_date: '2024-07-17' }],
    };
    const symbols = ['NVDA', 'MNTS', 'OLD', 'SAME', 'MSBC', 'FCF', 'ENB', 'GE', 'FB'];
    expect(await actionsOf(symbols)).toEqual([
      { symbol: 'NVDA', date: '2024-06-10', type: 'split', ratio: '10' },
      { symbol: 'MNTS', date: '2024-08-24', type: 'split', ratio: '0.02' },
      { symbol: 'OLD', date: '2024-05-02', type: 'split', ratio: `0.${'3'.repeat(40)}` },
      { symbol: 'OLD', date: '2024-05-02', type: 'symbol_change', newSymbol: 'NEW' },
      { symbol: 'SAME', date: '2024-05-03', type: 'split', ratio: '0.25' },
      { symbol: 'MSBC', date: '2024-05-19', type: 'stock_dividend', ratio: '1.05' },
      { symbol: 'FCF', date: '2024-05-04', type: 'cash_dividend', amount: '0.125' },
      { symbol: 'ENB', date: '2024-05-14', type: 'cash_dividend' },
      { symbol: 'GE', date: '2024-04-02', type: 'spinoff' },
      { symbol: 'FB', date: '2024-06-09', type: 'symbol_change', newSymbol: 'META' },
    ]);
  });

  it('are found by their ex-date, though Alpaca filters by the day on which it processes them', async () => {
    const dividend = (ex_date: string, process_date: string) => ({
      ...ids,
      symbol: 'KO',
      rate: 0.485,
      ex_date,
      process_date,
    });
    world.actions = {
      cash_dividends: [
        dividend('2023-12-29', '2024-01-20'),
        dividend('2024-01-02', '2023-12-29'),
        dividend('2024-12-31', '2025-02-14'),
        dividend('2025-01-02', '2025-02-14'),
      ],
    };
    expect((await actionsOf(['KO'])).map(({ date }) => date)).toEqual(['2024-01-02', '2024-12-31']);
  });

  it('of a change of ticker are found from either side, and a spin-off only from where it came', async () => {
    world.actions = {
      spin_offs: [{ ...ids, source_symbol: 'GE', new_symbol: 'GEV', source_rate: 4, new_rate: 1, ...on('2024-04-02') }],
      name_changes: [{ ...ids, old_symbol: 'FB', new_symbol: 'META', process_date: '2024-06-09' }],
    };
    const change = [{ symbol: 'FB', date: '2024-06-09', type: 'symbol_change', newSymbol: 'META' }];
    expect(await actionsOf(['META'])).toEqual(change);
    expect(await actionsOf(['FB'])).toEqual(change);
    expect(await actionsOf(['GEV'])).toEqual([]);
  });

  it('come page after page, none twice', async () => {
    world.actions = {
      cash_dividends: Array.from({ length: 5 }, (_, i) => ({
        ...ids,
        symbol: 'KO',
        rate: i,
        ...on(`2024-0${i + 1}-15`),
      })),
    };
    world.pageMax = 2;
    expect((await actionsOf(['KO'])).map(({ amount }) => amount)).toEqual(['0', '1', '2', '3', '4']);
    expect(stub.asked).toHaveLength(3);
    expect(stub.asked[0]!.query['types']).toBe(
      'forward_split,reverse_split,stock_dividend,cash_dividend,spin_off,name_change',
    );
  });

  it.each([
    [
      'forward_splits',
      { ...ids, symbol: 'X', old_rate: 0, new_rate: 2, ...on('2024-01-02') },
      'old_rate: a number above zero',
    ],
    ['reverse_splits', { ...ids, symbol: 'X', old_rate: 2, ...on('2024-01-02') }, 'new_rate: '],
    ['cash_dividends', { ...ids, symbol: 'X', rate: -0.5, ...on('2024-01-02') }, 'rate: an amount of zero or more'],
    ['cash_dividends', { ...ids, symbol: 'X', rate: 0.5, process_date: '2024-01-02' }, 'ex_date: '],
    [
      'stock_dividends',
      { ...ids, symbol: 'X', rate: 0.5, ex_date: '2024-02-30', process_date: '2024-02-28' },
      'ex_date: ',
    ],
  ])('refuse %s that cannot be', async (kind, action, words) => {
    world.actions = { [kind]: [action] };
    await expect(actionsOf(['X'])).rejects.toMatchObject({
      code: 'VENDOR_SPEAKS_OTHERWISE',
      message: expect.stringContaining(`corporate_actions.${kind}[0].${words}`),
    });
  });

  it('refuse an answer without actions instead of taking it for none', async () => {
    stub.mishaps({ body: { next_page_token: null } });
    await expect(actionsOf(['X'])).rejects.toMatchObject({ code: 'VENDOR_SPEAKS_OTHERWISE' });
  });
});
