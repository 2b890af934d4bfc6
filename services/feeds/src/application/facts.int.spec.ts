// Goal: what a source says is kept once, each change of it too, said to whoever listens, and answered as it was known.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  AlertRaised,
  DealReported,
  EVENT_BYTES_MAX,
  FilingReported,
  FlowReported,
  HeadlinePublished,
  MacroReleased,
  MeetingAnnounced,
  TextReceived,
} from '@ballast/contracts';
import { benchOf, type Bench } from '@ballast/testing';
import { PublisherStub } from '../../test/publisher-stub.js';
import { CollectFacts } from '../messages-facts.js';
import { feeds } from '../module.js';

const FII_DII = '/api/fiidiiTradeReact';
const DEALS = '/api/historicalOR/bulk-block-short-deals';

const flows = (date: string, sell = '11,111.11', net = '-1,234.57') =>
  JSON.stringify([
    { category: 'DII **', date, buyValue: '12,345.67', sellValue: '11,000.00', netValue: '1,345.67' },
    { category: 'FII/FPI *', date, buyValue: '9,876.54', sellValue: sell, netValue: net },
  ]);
const HEADER =
  '\uFEFF"Date ","Symbol ","Security Name ","Client Name ","Buy / Sell ","Quantity Traded ","Trade Price / Wght. Avg. Price ","Remarks "\n';

let stub: PublisherStub;
let bench: Bench;
beforeAll(async () => {
  stub = await PublisherStub.start();
  const env = {
    ...{
      FEEDS_NSE_URL: stub.url,
      FEEDS_FRED_CSV_URL: `${stub.url}/fredgraph.csv`,
      FEEDS_RBI_TEXTS_URL: `${stub.url}/rbi.xml`,
    },
    ...{ FEEDS_PIB_TEXTS_URL: `${stub.url}/pib.xml`, FEEDS_FED_TEXTS_URL: `${stub.url}/fed.xml` },
  };
  bench = await benchOf(feeds, { env, now: '2026-07-03T14:00:00.000Z' });
});
beforeEach(() => stub.reset());
afterAll(async () => {
  await bench.close();
  await stub.stop();
});

let requests = 0;
const order = (body: object) => bench.post('/api/v1/feeds/collections', body, `request-${++requests}`);
async function collect(body: object): Promise<Record<string, unknown>> {
  const { status, body: answer } = await order(body);
  expect(status).toBe(202);
  await bench.work();
  return collection((answer as { collectionId: string }).collectionId);
}
const collection = async (id: string) =>
  (await bench.get(`/api/v1/feeds/collections/${id}`)).body as Record<string, unknown>;
const bring = (body: object) => bench.post('/api/v1/feeds/facts', body, `request-${++requests}`);
async function facts(query: string): Promise<Record<string, unknown>[]> {
  const { status, body } = await bench.get(`/api/v1/feeds/facts?${query}`);
  expect(status).toBe(200);
  return (body as { items: Record<string, unknown>[] }).items;
}
/** A minute later. */
const later = () => bench.advanceTo(new Date(Date.parse(bench.clock.now()) + 60_000).toISOString());

describe('a collection', () => {
  it('keeps what is new, says it once, and makes a revision of what is said otherwise', async () => {
    stub.replies.set(FII_DII, { body: flows('03-Jul-2026') });
    const before = bench.clock.now();
    expect(await collect({ what: 'nse-fii-dii' })).toMatchObject({
      status: 'collected',
      report: { rows: 2, added: 2, revised: 0, unchanged: 0, refused: 0, from: '2026-07-03', to: '2026-07-03' },
    });
    await later();
    expect(await collect({ what: 'nse-fii-dii' })).toMatchObject({ report: { added: 0, revised: 0, unchanged: 2 } });
    expect(await bench.said(FlowReported)).toHaveLength(1);

    stub.replies.set(FII_DII, { body: flows('03-Jul-2026', '11,211.11', '-1,334.57') });
    expect(await collect({ what: 'nse-fii-dii' })).toMatchObject({ report: { added: 0, revised: 1, unchanged: 1 } });
    const [first, second] = await bench.said(FlowReported);
    expect(first).toMatchObject({
      ...{ source: 'nse', market: 'NSE', date: '2026-07-03', synthetic: false, knownAt: before },
      facts: [
        { naturalKey: 'DII/2026-07-03', revision: 1, category: 'DII', buyValue: '123456700000', changed: [] },
        { naturalKey: 'FII/2026-07-03', revision: 1, category: 'FII', netValue: '-12345700000' },
      ],
    });
    expect(second!.facts).toEqual([
      expect.objectContaining({
        ...{ naturalKey: 'FII/2026-07-03', revision: 2, sellValue: '112111100000' },
        changed: ['netValue', 'sellValue'],
      }),
    ]);
    // What was known when: the correction is not there before it came.
    expect(await facts(`kind=flow&knownAt=${before}`)).toMatchObject([{ revision: 1 }, { revision: 1 }]);
    const now = await facts('kind=flow&from=2026-07-03&to=2026-07-03');
    expect(now.map(({ naturalKey, revision }) => [naturalKey, revision]).sort()).toEqual([
      ['DII/2026-07-03', 1],
      ['FII/2026-07-03', 2],
    ]);
    expect(await facts('kind=flow&knownAt=2026-07-03T13:59:59.999Z')).toEqual([]);
    expect(await bench.audited()).toEqual(expect.arrayContaining(['collection.requested', 'facts.collected']));
  });

  it('takes an empty answer for what it is, and tells a person what to do', async () => {
    const alerts = (await bench.said(AlertRaised.feeds)).length;
    for (const body of ['[]', '{}', '']) {
      stub.replies.set(FII_DII, { body });
      expect(await collect({ what: 'nse-fii-dii' })).toMatchObject({ status: 'refused', code: 'EMPTY_ANSWER' });
    }
    const raised = (await bench.said(AlertRaised.feeds)).slice(alerts);
    expect(raised).toHaveLength(3);
    expect(raised[0]).toMatchObject({ code: 'COLLECTION_REFUSED', nextStep: expect.stringContaining('by hand') });
  });

  it('asks for whole lists of deals, of one day or of the last week', async () => {
    stub.replies.set(DEALS, {
      type: 'text/csv',
      body: `${HEADER}"02-JUL-2026","M&M","Mahindra","A FUND","BUY","1,20,58,807","5.52","-"\n`,
    });
    expect(await collect({ what: 'nse-bulk-deals', date: '2026-07-02' })).toMatchObject({ report: { added: 1 } });
    await collect({ what: 'nse-block-deals' });
    expect(stub.asked.filter((path) => path.startsWith(DEALS))).toEqual([
      `${DEALS}?optionType=bulk_deals&from=02-07-2026&to=02-07-2026&csv=true`,
      `${DEALS}?optionType=block_deals&from=26-06-2026&to=03-07-2026&csv=true`,
    ]);
    expect(await bench.said(DealReported)).toMatchObject([
      { facts: [{ symbol: 'M&M', quantity: '12058807', dealType: 'bulk' }] },
      { facts: [{ dealType: 'block' }] },
    ]);
    expect(await facts('kind=deal&symbol=M%26M')).toHaveLength(2);
  });

  it('is tried again where the source keeps its door shut, and then taken in as if nothing had been', async () => {
    stub.replies.set('/api/corporate-board-meetings', { type: 'text/html', body: '<html>Access Denied</html>' });
    const { body } = await order({ what: 'nse-board-meetings' });
    const { collectionId } = body as { collectionId: string };
    await bench.work();
    expect(await collection(collectionId)).toMatchObject({ status: 'running', code: null });
    expect(await order({ what: 'nse-board-meetings' })).toMatchObject({
      status: 409,
      body: { code: 'COLLECTION_RUNNING' },
    });
    const meeting = { bm_symbol: 'SIYSIL', bm_date: '30-Jul-2026', bm_purpose: 'Financial results', bm_desc: null };
    stub.replies.set('/api/corporate-board-meetings', {
      body: JSON.stringify([{ ...meeting, bm_timestamp: '02-Jul-2026 22:42:01' }]),
    });
    await later();
    await bench.work();
    expect(await collection(collectionId)).toMatchObject({ status: 'collected', report: { added: 1 } });
    expect(await bench.said(MeetingAnnounced)).toMatchObject([
      {
        date: '2026-07-30',
        facts: [{ symbol: 'SIYSIL', topics: ['results'], publishedAt: '2026-07-02T17:12:01.000Z' }],
      },
    ]);
  });

  it('that was tried in vain ends, says so, and leaves room for the next', async () => {
    stub.replies.set('/api/holiday-master', { status: 503 });
    const { body } = await order({ what: 'nse-holidays' });
    const { collectionId } = body as { collectionId: string };
    const request = {
      what: 'nse-holidays',
      source: 'nse',
      date: null,
      subject: null,
      synthetic: false,
      path: null,
    } as const;
    await bench.tell(CollectFacts.answered, collectionId, {
      request: { ...request, collectionId, today: '2026-07-03' },
      outcome: { status: 'failed', reason: 'NSE answered 503' },
    });
    expect(await collection(collectionId)).toMatchObject({ status: 'refused', code: 'COLLECTION_FAILED' });
    expect((await order({ what: 'nse-holidays' })).status).toBe(202);
    await bench.service.dataSource.query(`update task set done_at = now() where done_at is null`);
  });

  it('fetches the chain of the next expiry, or of the one that is asked for', async () => {
    const leg = { strikePrice: 24_000, underlying: 'NIFTY', openInterest: 41.5, totalTradedVolume: 3 };
    const chain = {
      ...leg,
      impliedVolatility: 0,
      lastPrice: 1.4,
      buyPrice1: 1.05,
      sellPrice1: 0,
      changeinOpenInterest: 0,
    };
    stub.replies.set('/api/option-chain-contract-info', {
      body: '{"expiryDates":["30-Jun-2026","07-Jul-2026","14-Jul-2026"]}',
    });
    const data = [{ strikePrice: 24_000, expiryDates: '07-Jul-2026', PE: chain }];
    stub.replies.set('/api/option-chain-v3', {
      body: JSON.stringify({ records: { timestamp: '03-Jul-2026 15:30:00', underlyingValue: 24_010.5, data } }),
    });
    expect(await collect({ what: 'nse-option-chain', subject: 'NIFTY' })).toMatchObject({ status: 'collected' });
    expect(stub.asked.at(-1)).toBe('/api/option-chain-v3?type=Indices&symbol=NIFTY&expiry=07-Jul-2026');
    expect(await facts('kind=option_chain&symbol=NIFTY')).toMatchObject([
      {
        content: {
          expiry: '2026-07-07',
          strikes: [{ call: null, put: { openInterest: '41.5', ask: null, bid: '1.05' } }],
        },
      },
    ]);
    expect(await collect({ what: 'nse-option-chain', subject: 'NIFTY', date: '2026-07-08' })).toMatchObject({
      ...{ status: 'refused', code: 'NO_EXPIRY', reason: expect.stringContaining('2026-07-07') },
    });
  });

  it('brings texts of policy makers to whoever reads them, and none of them twice', async () => {
    const item =
      '<title>Repo rate</title><link>https://rbi.example/1</link><description>&lt;p&gt;Rates &amp;amp; stance&lt;/p&gt;</description>';
    const rss = (more: string) => `<?xml version="1.0"?><rss><channel><item>${item}${more}</item></channel></rss>`;
    stub.replies.set('/rbi.xml', { type: 'text/xml', body: rss('<pubDate>Fri, 03 Jul 2026 10:00:00</pubDate>') });
    stub.replies.set('/pib.xml', { type: 'text/xml', body: rss('') });
    await collect({ what: 'rbi-texts' });
    await collect({ what: 'pib-texts' });
    await later();
    await collect({ what: 'rbi-texts' });
    expect(await collect({ what: 'pib-texts' })).toMatchObject({ report: { unchanged: 1, added: 0 } });
    const said = await bench.said(TextReceived);
    expect(said).toMatchObject([
      { sourceId: 'rbi', body: 'Rates & stance', publishedAt: '2026-07-03T04:30:00.000Z', publishedAtStated: true },
      { sourceId: 'pib', publishedAtStated: false, url: 'https://rbi.example/1' },
    ]);
    expect(said[1]!.publishedAt).toBe(said[1]!.fetchedAt);
  });

  it('reads series by their name, from a day on', async () => {
    stub.replies.set('/fredgraph.csv', {
      type: 'text/csv',
      body: 'observation_date,DGS10\n2026-07-01,4.25\n2026-07-02,.\n',
    });
    expect(await collect({ what: 'macro-series', subject: 'DGS10', date: '2026-07-01' })).toMatchObject({
      report: { added: 2 },
    });
    expect(stub.asked).toEqual(['/fredgraph.csv?id=DGS10&cosd=2026-07-01']);
    expect(await bench.said(MacroReleased)).toMatchObject([
      { source: 'fred', series: 'DGS10', facts: [{ value: '4.25' }, { date: '2026-07-02', value: null }] },
    ]);
  });

  it('is refused before anybody is asked where it cannot be meant', async () => {
    const cases: [object, number, string][] = [
      [{ what: 'headlines' }, 422, 'NOT_FETCHED'],
      [{ what: 'nse-option-chain' }, 422, 'SUBJECT_REQUIRED'],
      [{ what: 'nse-pit', subject: 'TCS' }, 422, 'SUBJECT_UNEXPECTED'],
      [{ what: 'nse-fii-dii', date: '2026-07-02' }, 422, 'DATE_UNEXPECTED'],
      [{ what: 'nse-everything' }, 400, 'INVALID_REQUEST'],
    ];
    for (const [body, status, code] of cases) expect(await order(body)).toMatchObject({ status, body: { code } });
    expect(stub.asked).toEqual([]);
    expect(
      await bench.get(`/api/v1/feeds/collections/${'0'.repeat(8)}-0000-4000-8000-${'0'.repeat(12)}`),
    ).toMatchObject({
      status: 404,
      body: { code: 'COLLECTION_NOT_FOUND' },
    });
  });
});

describe('facts brought by hand', () => {
  it('are read like fetched ones, in events that are small enough', async () => {
    const rows = Array.from(
      { length: 600 },
      (_, i) => `"01-JUL-2026","AAA","A Ltd","CLIENT ${i}","SELL","1,000","10.5","-"`,
    );
    const said = (await bench.said(DealReported)).length;
    const body = { what: 'nse-bulk-deals', source: 'archive', body: `${HEADER}${[...rows, rows[0]].join('\n')}\n` };
    expect(await bring(body)).toMatchObject({ status: 201, body: { added: 600, duplicates: 1, refused: 0 } });
    const events = (await bench.said(DealReported)).slice(said);
    expect(events.map(({ facts: of }) => of.length)).toEqual([250, 250, 100]);
    for (const event of events) expect(JSON.stringify(event).length).toBeLessThan(EVENT_BYTES_MAX);
    expect(await bring(body)).toMatchObject({ body: { added: 0, unchanged: 600 } });
  });

  it('may be a file of the machine, packed and larger than a request', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ballast-facts-'));
    const path = join(folder, 'deals.csv.gz');
    const row = (i: number) => `"30-JUN-2026","AAA","A Ltd","${'CLIENT '.repeat(20)}${i}","SELL","1,000","10.5","-"`;
    await writeFile(path, gzipSync(`${HEADER}${Array.from({ length: 8_000 }, (_, i) => row(i)).join('\n')}\n`));
    const asked = { what: 'nse-bulk-deals', source: 'file' };
    const read = async (where: string) => {
      const { body } = await bench.post(
        '/api/v1/feeds/facts/files',
        { ...asked, path: where },
        `request-${++requests}`,
      );
      await bench.work();
      return collection((body as { collectionId: string }).collectionId);
    };
    expect(await read(path)).toMatchObject({ status: 'collected', source: 'file', report: { added: 8_000 } });
    expect(await read(`${path}.gone`)).toMatchObject({ status: 'refused', code: 'FILE_NOT_FOUND' });
    await rm(folder, { recursive: true });
  });

  it('come page by page', async () => {
    const found: unknown[] = [];
    let path: string | null = '/api/v1/feeds/facts?kind=deal&source=archive&limit=250';
    for (
      let next: string | null;
      path !== null;
      path = next && `/api/v1/feeds/facts?kind=deal&source=archive&limit=250&after=${next}`
    ) {
      const page = (await bench.get(path)).body as { items: { naturalKey: string }[]; next: string | null };
      found.push(...page.items.map(({ naturalKey }) => naturalKey));
      next = page.next;
    }
    expect(found).toHaveLength(600);
    expect(new Set(found).size).toBe(600);
  });

  it('are refused whole where too much of them is wrong, and nothing is kept', async () => {
    const body = `${HEADER}"01-JUL-2026","BBB","B","C","BUY","many","10.5","-"\n"01-JUL-2026","BBB","B","D","BUY","10","10.5","-"\n`;
    expect(await bring({ what: 'nse-bulk-deals', source: 'other', body })).toMatchObject({
      status: 422,
      body: { code: 'TOO_MANY_REFUSED', detail: expect.stringContaining('row 2: NOT_NUMERIC') },
    });
    expect(await facts('kind=deal&source=other')).toEqual([]);
  });

  it('never mix what is real with what was made up', async () => {
    const body = 'title,date,stock\nA headline,2026-07-01 07:47:00-04:00,AAPL\n';
    expect(await bring({ what: 'headlines', source: 'made-up', synthetic: true, body })).toMatchObject({ status: 201 });
    expect(await bring({ what: 'headlines', source: 'made-up', body })).toMatchObject({
      status: 422,
      body: { code: 'SOURCE_OF_ANOTHER_KIND' },
    });
    expect(await bench.said(HeadlinePublished)).toMatchObject([{ synthetic: true, facts: [{ symbols: ['AAPL'] }] }]);
  });

  it('are known only once they are published, whatever the clock of a simulated book says', async () => {
    const body = 'title,date,stock\nOf tomorrow,2026-07-04 09:00:00+00:00,MSFT\n';
    expect(await bring({ what: 'headlines', source: 'ahead', body })).toMatchObject({ status: 201 });
    expect(await facts('kind=headline&symbol=MSFT')).toEqual([]);
    expect(await facts('kind=headline&symbol=MSFT&knownAt=2027-01-01T00:00:00.000Z')).toEqual([]);
    await bench.advanceTo('2026-07-04T09:00:00.000Z');
    expect(await facts('kind=headline&symbol=MSFT')).toHaveLength(1);
  });

  it('take filings of the SEC', async () => {
    const value = (name: string, text: string) => `<${name}><value>${text}</value></${name}>`;
    const document = `<?xml version="1.0"?><ownershipDocument><documentType>4</documentType>
      <periodOfReport>2026-06-30</periodOfReport><issuer><issuerCik>0001640147</issuerCik><issuerName>Snowflake Inc.</issuerName>
      <issuerTradingSymbol>SNOW</issuerTradingSymbol></issuer><reportingOwner><reportingOwnerId><rptOwnerCik>1</rptOwnerCik>
      <rptOwnerName>Doe Jane</rptOwnerName></reportingOwnerId><reportingOwnerRelationship><isDirector>true</isDirector>
      </reportingOwnerRelationship></reportingOwner><nonDerivativeTable><nonDerivativeTransaction>
      ${value('securityTitle', 'Common Stock')}${value('transactionDate', '2026-06-30')}
      <transactionCoding><transactionCode>S</transactionCode></transactionCoding><transactionAmounts>
      ${value('transactionShares', '100')}<transactionPricePerShare><footnoteId id="F1"/></transactionPricePerShare>
      ${value('transactionAcquiredDisposedCode', 'D')}</transactionAmounts></nonDerivativeTransaction></nonDerivativeTable>
      <footnotes><footnote id="F1">Price not determined.</footnote></footnotes></ownershipDocument>`;
    expect(await bring({ what: 'sec-ownership', body: document })).toMatchObject({ status: 201, body: { added: 1 } });
    expect(await bring({ what: 'sec-ownership', body: document })).toMatchObject({ body: { unchanged: 1 } });
    expect(await bench.said(FilingReported)).toMatchObject([
      {
        source: 'sec',
        facts: [{ symbol: 'SNOW', transactions: [{ quantity: '100', price: null, footnotes: ['F1'] }] }],
      },
    ]);
  });
});
