import { type Answer, type Asked, VendorStub } from './vendor-stub.fixture.js';

/** A bar as Alpaca writes it; a number is written as it stands here. */
export type WireBar = Readonly<Record<string, unknown>> & { readonly t: string };

export interface AlpacaWorld {
  /** Bars by symbol, in order of time. */
  bars: Readonly<Record<string, readonly WireBar[]>>;
  /** Actions by kind, each with its `process_date`, which is what Alpaca filters by. */
  actions: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
  /** The most rows that a page has, whatever is asked for; Alpaca may send shorter pages, too. */
  pageMax: number;
}

export const ALPACA_KEYS = { keyId: 'PKTESTKEYID000000001', secret: 'alpaca-secret-0123456789' };

const SINGULAR: Readonly<Record<string, string>> = {
  forward_splits: 'forward_split',
  reverse_splits: 'reverse_split',
  stock_dividends: 'stock_dividend',
  cash_dividends: 'cash_dividend',
  spin_offs: 'spin_off',
  name_changes: 'name_change',
};

/** A stub of Alpaca's market data: keys, filters and pages as in its OpenAPI description. */
export function startAlpaca(world: AlpacaWorld): Promise<VendorStub> {
  return VendorStub.start((asked) => {
    const { headers } = asked;
    const known =
      headers['apca-api-key-id'] === ALPACA_KEYS.keyId && headers['apca-api-secret-key'] === ALPACA_KEYS.secret;
    if (!known) return { status: 403, body: { message: 'forbidden.' } };
    if (asked.path === '/v2/stocks/bars') return barsOf(world, asked);
    if (asked.path === '/v1/corporate-actions') return actionsOf(world, asked);
    return { status: 404, body: { message: 'endpoint not found.' } };
  });
}

/** A part of all rows; the token is the place where it goes on, packed as Alpaca packs its own. */
function pageOf<T>(rows: readonly T[], { pageMax }: AlpacaWorld, { query }: Asked): { rows: T[]; next: string | null } {
  const from = query['page_token'] ? Number(Buffer.from(query['page_token'], 'base64').toString()) : 0;
  const to = from + Math.min(pageMax, Number(query['limit']));
  const next = to < rows.length ? Buffer.from(String(to)).toString('base64') : null;
  return { rows: rows.slice(from, to), next };
}

function barsOf(world: AlpacaWorld, asked: Asked): Answer {
  const { symbols = '', start = '', end = '' } = asked.query;
  const all = symbols
    .split(',')
    .sort()
    .flatMap((symbol) => (world.bars[symbol] ?? []).map((bar) => ({ symbol, bar })))
    .filter(({ bar: { t } }) => Date.parse(t) >= Date.parse(start) && Date.parse(t) <= Date.parse(end));
  const { rows, next } = pageOf(all, world, asked);
  const bars: Record<string, WireBar[]> = {};
  for (const { symbol, bar } of rows) (bars[symbol] ??= []).push(bar);
  return { body: { bars, next_page_token: next } };
}

function actionsOf(world: AlpacaWorld, asked: Asked): Answer {
  const { symbols = '', types = '', start = '', end = '' } = asked.query;
  const wanted = new Set(symbols.split(','));
  const kinds = types.split(',');
  const all = Object.entries(world.actions)
    .filter(([kind]) => kinds.includes(SINGULAR[kind] ?? kind))
    .flatMap(([kind, list]) => list.map((action) => ({ kind, action })))
    .filter(({ action }) => {
      const about = ['symbol', 'source_symbol', 'old_symbol', 'new_symbol'].map((field) => action[field]);
      const processed = String(action['process_date']);
      return about.some((each) => wanted.has(String(each))) && processed >= start && processed <= end;
    });
  const { rows, next } = pageOf(all, world, asked);
  const actions: Record<string, unknown[]> = {};
  for (const { kind, action } of rows) (actions[kind] ??= []).push(action);
  return { body: { corporate_actions: actions, next_page_token: next } };
}
