import type { CycleSummary } from '@ballast/embedded';
import type { Io } from '../src/io.js';

/** One traded day with a trim, a loss and a name without a price. */
export const DAY: CycleSummary = {
  cycleId: '1f0e2d3c-4b5a-5978-8a6b-1c2d3e4f5a6b',
  packId: '0b5d7f'.padEnd(64, '0'),
  pricingPackId: '1c6e80'.padEnd(64, '0'),
  asOf: '2017-06-30',
  tradeDate: '2017-07-03',
  source: { name: 'prices_daily.csv.gz', synthetic: false },
  quality: { average: 0.98765, lowest: 0.91 },
  regime: { trend: 'up', volatility: 'normal' },
  symbols: 1_250,
  strategies: [
    { strategyId: 'low-volatility', weight: '0.4', volatility: 0.1234 },
    { strategyId: 'momentum', weight: '0.35', volatility: null },
  ],
  planHash: 'a1'.padEnd(64, '0'),
  approvedHash: 'b2'.padEnd(64, '0'),
  verdict: 'trimmed',
  reason: null,
  trims: [{ symbol: 'BRK.B', code: 'position_size', from: '1200', to: '590', observed: '0.2034', limit: '0.1' }],
  failed: [],
  trades: 2,
  decisions: { BUY: 1, SELL: 1, HOLD: 3, REJECT: 0 },
  orders: { submitted: 12, filled: 11, partiallyFilled: 0, rejected: 0, cancelled: 1, unknown: 0 },
  parents: [
    {
      symbol: 'AAPL',
      side: 'buy',
      quantity: '1000',
      filledQuantity: '1000',
      averagePrice: '144.02515',
      arrivalPrice: '143.9',
      slippageBp: '8.697',
      status: 'filled',
    },
    {
      symbol: 'BRK.B',
      side: 'sell',
      quantity: '590',
      filledQuantity: '0',
      averagePrice: null,
      arrivalPrice: null,
      slippageBp: null,
      status: 'unfilled',
    },
  ],
  positions: [
    {
      symbol: 'AAPL',
      quantity: '1000',
      averageCost: '144.02515',
      price: '143.5',
      marketValue: '143500',
      unrealised: '-525.15',
    },
    { symbol: 'GONE', quantity: '5', averageCost: '10', price: null, marketValue: null, unrealised: null },
  ],
  lots: 2,
  cash: '855974.85',
  equity: '999474.85',
  realised: '0',
  unrealised: '-525.15',
  ledgerCommitHash: 'c3'.padEnd(64, '0'),
  traceId: null,
  simulated: ['Fills are of the paper broker.', 'Time was simulated.'],
  durationMs: { total: 2_450, opening: 150, pricing: 800, executing: 1_500 },
};

/** What a command wrote, and what it was given. */
export interface FakeIo extends Io {
  readonly written: { out: string; err: string };
}

/** An {@link Io} that keeps what is written; `answers` are typed by the person, one a question. */
export function fakeIo(options: Partial<Io> & { readonly stdin?: string; readonly answers?: string[] } = {}): FakeIo {
  const written = { out: '', err: '' };
  const { stdin = '', answers = [], ...rest } = options;
  return {
    env: {},
    cwd: '/',
    user: 'tester',
    live: false,
    interactive: answers.length > 0,
    out: (text) => void (written.out += text),
    err: (text) => void (written.err += text),
    ask: (question) => {
      written.err += question;
      return Promise.resolve(answers.shift() ?? '');
    },
    input: () => Promise.resolve(stdin),
    ...rest,
    written,
  };
}
