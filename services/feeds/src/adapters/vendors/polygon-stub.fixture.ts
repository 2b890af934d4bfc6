import { type Answer, type Asked, VendorStub } from './vendor-stub.fixture.js';

export interface PolygonWorld {
  /** Results of daily aggregates by ticker, each as the text that is sent. */
  bars: Readonly<Record<string, readonly string[]>>;
  splits: readonly (Readonly<Record<string, unknown>> & { readonly ticker: string; readonly execution_date: string })[];
  dividends: readonly (Readonly<Record<string, unknown>> & {
    readonly ticker: string;
    readonly ex_dividend_date: string;
  })[];
  /** The most results that a page has, whatever is asked for. */
  pageMax: number;
  /** Where pages say that the next one is; Polygon names its own address whatever name it was called by. */
  nextHost: string;
}

export const POLYGON_KEY = 'polygon-key-0123456789abcdef';

/** A stub of Polygon's HTTP API: the key as a bearer token, pages by `next_url` with a cursor. */
export function startPolygon(world: PolygonWorld): Promise<VendorStub> {
  return VendorStub.start((asked) => {
    if (asked.headers.authorization !== `Bearer ${POLYGON_KEY}`) {
      return { status: 401, body: { status: 'ERROR', request_id: 'r', error: 'Unknown API Key' } };
    }
    const ticker = /^\/v2\/aggs\/ticker\/([^/]+)\/range\/1\/day\//.exec(asked.path)?.[1];
    if (ticker !== undefined) return barsOf(world, asked, decodeURIComponent(ticker));
    if (asked.path === '/v3/reference/splits') return listOf(world, asked, world.splits, 'execution_date');
    if (asked.path === '/v3/reference/dividends') return listOf(world, asked, world.dividends, 'ex_dividend_date');
    return { status: 404, body: '404 page not found' };
  });
}

/** What a cursor stands for: the question it goes on with, and where. */
interface Cursor {
  readonly query: Readonly<Record<string, string>>;
  readonly from: number;
}

function pageOf<T>(world: PolygonWorld, { path, query }: Asked, rowsOf: (query: Cursor['query']) => readonly T[]) {
  const packed = query['cursor'];
  const cursor = packed ? (JSON.parse(Buffer.from(packed, 'base64url').toString()) as Cursor) : { query, from: 0 };
  const rows = rowsOf(cursor.query);
  const to = cursor.from + Math.min(world.pageMax, Number(cursor.query['limit']));
  const next = Buffer.from(JSON.stringify({ query: cursor.query, from: to })).toString('base64url');
  return {
    rows: rows.slice(cursor.from, to),
    more: to < rows.length ? { next_url: `${world.nextHost}${path}?cursor=${next}` } : {},
  };
}

function barsOf(world: PolygonWorld, asked: Asked, ticker: string): Answer {
  const { rows, more } = pageOf(world, asked, () => world.bars[ticker] ?? []);
  const head = { ticker, queryCount: rows.length, resultsCount: rows.length, adjusted: false, status: 'OK', ...more };
  // Without bars Polygon leaves the list out.
  if (rows.length === 0) return { body: head };
  return { body: `${JSON.stringify(head).slice(0, -1)},"results":[${rows.join(',')}]}` };
}

function listOf<T extends Readonly<Record<string, unknown>>>(
  world: PolygonWorld,
  asked: Asked,
  all: readonly T[],
  field: string,
): Answer {
  const { rows, more } = pageOf(world, asked, (query) =>
    all.filter((row) => {
      const date = String(row[field]);
      return row['ticker'] === query['ticker'] && date >= query[`${field}.gte`]! && date <= query[`${field}.lte`]!;
    }),
  );
  return { body: { status: 'OK', request_id: 'r', results: rows, ...more } };
}
