// Goal: filings of insiders are fetched as the SEC asks for: by who says who he is, and no oftener than it bears.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { FilingReported } from '@ballast/contracts';
import { loadConfig } from '@ballast/platform';
import { benchOf, type Bench } from '@ballast/testing';
import { VendorStub, type Answer, type Asked } from '../adapters/vendors/vendor-stub.fixture.js';
import { FeedsConfig } from '../config.js';
import { feeds } from '../module.js';

const CONTACT = 'Jane Doe jane@example.com';
interface Filed {
  readonly accession: string;
  readonly on: string;
  readonly form: string;
  readonly file: string;
}
const filed = (n: number, on: string, more: Partial<Filed> = {}): Filed => ({
  ...{ accession: `0000320193-26-${String(n).padStart(6, '0')}`, on, form: '4', file: `xslF345X05/form${n}.xml` },
  ...more,
});
const columns = (filings: readonly Filed[]) => ({
  accessionNumber: filings.map(({ accession }) => accession),
  filingDate: filings.map(({ on }) => on),
  acceptanceDateTime: filings.map(({ on }) => `${on}T18:30:09.000Z`),
  form: filings.map(({ form }) => form),
  primaryDocument: filings.map(({ file }) => file),
  size: filings.map(() => 4_321),
});
const document = (n: string) => `<?xml version="1.0"?><ownershipDocument><documentType>4</documentType>
  <periodOfReport>2026-11-17</periodOfReport><issuer><issuerCik>0000320193</issuerCik><issuerName>Apple Inc.</issuerName>
  <issuerTradingSymbol>AAPL</issuerTradingSymbol></issuer><reportingOwner><reportingOwnerId><rptOwnerName>Owner ${n}</rptOwnerName>
  </reportingOwnerId></reportingOwner><ownerSignature><signatureDate>2026-11-18</signatureDate></ownerSignature></ownershipDocument>`;

const world = { recent: [] as Filed[], older: [] as Filed[], broken: null as unknown };
/** Plays both hosts of EDGAR; who does not say who he is is shut out. */
function answer({ path, headers }: Asked): Answer {
  if (!/^Ballast .+@.+/.test(headers['user-agent'] ?? '')) return { status: 403, body: 'Undeclared Automated Tool' };
  if (path === '/submissions/CIK0000320193.json') {
    if (world.broken !== null) return { body: world.broken };
    const files = [{ name: 'CIK0000320193-submissions-001.json', filingFrom: '2015-01-02', filingTo: '2026-09-30' }];
    return { body: { cik: '320193', name: 'Apple Inc.', filings: { recent: columns(world.recent), files } } };
  }
  if (path === '/submissions/CIK0000320193-submissions-001.json') return { body: columns(world.older) };
  const [, n] = /^\/Archives\/edgar\/data\/320193\/000032019326\d{6}\/form(\d+)\.xml$/.exec(path) ?? [];
  return n === undefined ? { status: 404, body: 'NoSuchKey' } : { body: document(n) };
}

let stub: VendorStub;
let bench: Bench;
beforeAll(async () => {
  stub = await VendorStub.start(answer);
  const env = { FEEDS_SEC_CONTACT: CONTACT, FEEDS_SEC_DATA_URL: stub.url, FEEDS_SEC_ARCHIVES_URL: stub.url };
  bench = await benchOf(feeds, { now: '2026-11-20T22:00:00.000Z', env });
});
beforeEach(() => {
  stub.clear();
  Object.assign(world, { recent: [], older: [], broken: null });
});
afterAll(async () => {
  await bench.close();
  await stub.close();
});

let requests = 0;
const order = (body: object, of = bench) => of.post('/api/v1/feeds/collections', body, `request-${++requests}`);
async function collect(more: object = {}, of = bench): Promise<Record<string, unknown>> {
  const ordered = await order({ what: 'sec-ownership', subject: '320193', ...more }, of);
  expect(ordered).toMatchObject({ status: 202 });
  await of.work();
  const { collectionId } = ordered.body as { collectionId: string };
  return (await of.get(`/api/v1/feeds/collections/${collectionId}`)).body as Record<string, unknown>;
}

describe('filings of a company with EDGAR', () => {
  it('of the last week are fetched as documents, from forms 3, 4 and 5 alone', async () => {
    world.recent = [
      filed(5, '2026-11-20'),
      filed(4, '2026-11-19', { form: '10-K', file: 'aapl.htm' }),
      filed(3, '2026-11-18', { form: '4/A' }),
      filed(2, '2026-11-10'),
    ];
    expect(await collect()).toMatchObject({ status: 'collected', source: 'sec', report: { rows: 2, added: 2 } });
    expect(stub.asked.map(({ path }) => path)).toEqual([
      '/submissions/CIK0000320193.json',
      '/Archives/edgar/data/320193/000032019326000005/form5.xml',
      '/Archives/edgar/data/320193/000032019326000003/form3.xml',
    ]);
    expect(new Set(stub.asked.map(({ headers }) => headers['user-agent']))).toEqual(new Set([`Ballast ${CONTACT}`]));
    expect(await bench.said(FilingReported)).toMatchObject([
      {
        ...{ source: 'sec', market: 'US', date: '2026-11-18' },
        facts: [
          { symbol: 'AAPL', url: `${stub.url}/Archives/edgar/data/320193/000032019326000005/form5.xml` },
          { owners: [{ name: 'Owner 3' }], publishedAt: '2026-11-18T23:30:09.000Z' },
        ],
      },
    ]);
    expect(await collect({ subject: 'CIK0000320193' })).toMatchObject({ report: { added: 0, unchanged: 2 } });
  });

  it('of one day are looked for in older lists too', async () => {
    world.recent = [filed(5, '2026-11-20')];
    world.older = [filed(8, '2026-09-30'), filed(7, '2026-09-29')];
    expect(await collect({ date: '2026-09-29' })).toMatchObject({ report: { rows: 1, added: 1 } });
    expect(stub.asked.map(({ path }) => path.split('/').at(-1))).toEqual([
      ...['CIK0000320193.json', 'CIK0000320193-submissions-001.json', 'form7.xml'],
    ]);
  });

  it('may be none, which is no failure', async () => {
    world.recent = [filed(2, '2026-11-02')];
    expect(await collect()).toMatchObject({ status: 'collected', report: { rows: 0, added: 0 } });
  });

  it('are not fetched where they are too many, and it is said how', async () => {
    world.recent = Array.from({ length: 151 }, (_, n) => filed(n, '2026-11-19'));
    expect(await collect()).toMatchObject({
      ...{ status: 'refused', code: 'TOO_MANY_FILINGS', nextStep: expect.stringContaining('"date"') },
    });
    expect(stub.asked).toHaveLength(1);
  });

  it.each([
    ['nobody has that CIK', { subject: '7' }, null, 'CIK_UNKNOWN'],
    ['the list is another one', {}, { filings: {} }, 'SHAPE_CHANGED'],
    ['its columns differ', {}, { filings: { recent: { ...columns([]), form: ['4'] }, files: [] } }, 'SHAPE_CHANGED'],
    ['a page comes instead', {}, '<html>', 'HTML_INSTEAD'],
  ])('are refused where %s', async (_, more, broken, code) => {
    world.broken = broken;
    expect(await collect(more)).toMatchObject({ status: 'refused', code });
    expect(stub.asked).toHaveLength(1);
  });

  it('are refused before anybody is asked where the name is no CIK', async () => {
    for (const subject of ['AAPL', '0', '12345678901'])
      expect(await order({ what: 'sec-ownership', subject })).toMatchObject({ status: 400 });
    expect(await order({ what: 'sec-ownership' })).toMatchObject({ status: 422, body: { code: 'SUBJECT_REQUIRED' } });
    expect(stub.asked).toEqual([]);
  });
});

describe('the SEC', () => {
  it('is not asked by who does not say who he is', async () => {
    const env = { FEEDS_SEC_DATA_URL: stub.url, FEEDS_SEC_ARCHIVES_URL: stub.url };
    const nameless = await benchOf(feeds, { now: '2026-11-20T22:00:00.000Z', env });
    expect(await collect({}, nameless)).toMatchObject({
      ...{ status: 'refused', code: 'SEC_CONTACT_MISSING', nextStep: expect.stringContaining('FEEDS_SEC_CONTACT') },
    });
    expect(stub.asked).toEqual([]);
    await nameless.close();
  });

  it.each(['Jane Doe', 'jane@', 'Jane\nDoe jane@example.com'])('is not given %j as a contact', (contact) => {
    expect(() => loadConfig(FeedsConfig, { FEEDS_SEC_CONTACT: contact }, 'feeds')).toThrow('such as "Jane Doe jane@');
  });

  it('is not asked oftener than ten times a second', () => {
    expect(() => loadConfig(FeedsConfig, { FEEDS_SEC_REQUESTS_PER_SECOND_MAX: '11' }, 'feeds')).toThrow('from 1 to 10');
  });
});
