import { describe, expect, it } from '@jest/globals';
import { approvedHashOf, type Trade } from '@ballast/contracts';
import { judgeVerdict, modeFault, permitOf, type Circumstances, type Verdict } from './verdict.js';

const NOW = '2024-03-04T15:00:00.000Z';
const cycleId = '5b0e0bb5-5a43-5d3a-8f44-0d6a3a2a1f01';
const trade = (symbol: string): Trade => ({
  symbol,
  exchange: 'XNYS',
  side: 'buy',
  quantity: '10',
  referencePrice: '100',
  notional: '1000',
  contributors: [],
});
const trades = [trade('AAPL'), trade('IBM')];
const approvedHash = approvedHashOf({ cycleId, account: 'main', trades });
const verdict = {
  cycleId,
  account: 'main',
  approvedHash,
  expiresAt: '2024-03-04T15:05:00.000Z',
  haltEpoch: 3,
  purpose: 'trade',
  keyId: 'k',
} as Verdict;
const known: Circumstances = {
  ...{
    now: NOW,
    signatureHolds: true,
    halt: { epoch: 3, halted: false },
    modeFault: null,
    executedHash: null,
    ready: true,
  },
  holdings: { positions: [], working: [] },
};

describe('a verdict', () => {
  it.each([
    ['is executed when all is well', {}, {}, { kind: 'execute' }],
    ['is refused unsigned', {}, { signatureHolds: false }, { kind: 'refuse', code: 'SIGNATURE_INVALID' }],
    [
      'is refused when it was signed for other trades',
      { approvedHash: 'f'.repeat(64) },
      {},
      { kind: 'refuse', code: 'HASH_MISMATCH' },
    ],
    [
      'is refused when it was signed for another account',
      { account: 'other' },
      {},
      { kind: 'refuse', code: 'HASH_MISMATCH' },
    ],
    ['is refused at the moment of its expiry', { expiresAt: NOW }, {}, { kind: 'refuse', code: 'VERDICT_EXPIRED' }],
    ['is known when it came before', {}, { executedHash: approvedHash }, { kind: 'seen' }],
    [
      'is known when it came before, however late it comes again',
      { expiresAt: NOW },
      { executedHash: approvedHash },
      { kind: 'seen' },
    ],
    [
      'is refused when its cycle was executed otherwise',
      {},
      { executedHash: 'e'.repeat(64) },
      { kind: 'refuse', code: 'VERDICT_REPLAYED' },
    ],
    [
      'is refused when a halt came since',
      {},
      { halt: { epoch: 4, halted: true } },
      { kind: 'refuse', code: 'HALT_EPOCH_OLD' },
    ],
    ['waits when it knows of a halt that we do not', {}, { halt: { epoch: 2, halted: false } }, { kind: 'wait' }],
    ['waits for its account', {}, { halt: null, modeFault: 'it was never opened here' }, { kind: 'wait' }],
    [
      'is refused for an account of another mode',
      {},
      { modeFault: 'it is live' },
      { kind: 'refuse', code: 'MODE_MISMATCH' },
    ],
    [
      'is refused unsigned even when its account is unknown',
      {},
      { halt: null, signatureHolds: false },
      { kind: 'refuse', code: 'SIGNATURE_INVALID' },
    ],
  ] as [string, Partial<Verdict>, Partial<Circumstances>, object][])('%s', (_, altered, other, judgement) => {
    expect(judgeVerdict({ ...verdict, ...altered }, trades, { ...known, ...other })).toMatchObject(judgement);
  });

  it('does not depend on the order in which the trades come', () => {
    expect(judgeVerdict(verdict, [...trades].reverse(), known)).toEqual({ kind: 'execute' });
  });
});

describe('a flatten', () => {
  const sells = trades.map((each) => ({ ...each, side: 'sell' as const }));
  const held = (aapl: string, ibm: string) => [
    { symbol: 'AAPL', quantity: aapl },
    { symbol: 'IBM', quantity: ibm },
  ];
  const flatten = {
    ...{ ...verdict, purpose: 'flatten' as const },
    approvedHash: approvedHashOf({ cycleId, account: 'main', trades: sells }),
  };
  const halted: Circumstances = {
    ...{ ...known, halt: { epoch: 3, halted: true } },
    holdings: { positions: held('10', '11'), working: [] },
  };
  const working = (side: 'buy' | 'sell', remaining: string) => ({
    holdings: { positions: held('10', '11'), working: [{ symbol: 'IBM', side, remaining }] },
  });

  it.each([
    ['is executed under its halt, for what is held', {}, { kind: 'execute' }],
    ['is executed beside a sell that leaves it room', working('sell', '1'), { kind: 'execute' }],
    ['is executed beside buys, which only give it room', working('buy', '5'), { kind: 'execute' }],
    ['is refused beside a sell that leaves it none', working('sell', '2'), { kind: 'refuse', code: 'NOT_REDUCING' }],
    [
      'is refused for more than is held',
      { holdings: { positions: held('10', '9'), working: [] } },
      { kind: 'refuse', code: 'NOT_REDUCING' },
    ],
    ['is refused for what is not held', { holdings: known.holdings }, { kind: 'refuse', code: 'NOT_REDUCING' }],
    [
      'is refused where it would sell what is short',
      { holdings: { positions: held('10', '-11'), working: [] } },
      { kind: 'refuse', code: 'NOT_REDUCING' },
    ],
    [
      'is refused where the account is not halted',
      { halt: { epoch: 3, halted: false } },
      { kind: 'refuse', code: 'ACCOUNT_NOT_HALTED' },
    ],
    ['is refused after its halt', { halt: { epoch: 5, halted: true } }, { kind: 'refuse', code: 'HALT_EPOCH_OLD' }],
    ['waits for the halt it was given under', { halt: { epoch: 2, halted: false } }, { kind: 'wait' }],
    ['is refused in another mode', { modeFault: 'it is live' }, { kind: 'refuse', code: 'MODE_MISMATCH' }],
    ['is refused unsigned', { signatureHolds: false }, { kind: 'refuse', code: 'SIGNATURE_INVALID' }],
    ['is known when it came before', { executedHash: flatten.approvedHash }, { kind: 'seen' }],
  ] as [string, Partial<Circumstances>, object][])('%s', (_, other, judgement) => {
    expect(judgeVerdict(flatten, sells, { ...halted, ...other })).toMatchObject(judgement);
  });

  it('is signed as one', () => {
    expect(permitOf(flatten)).not.toEqual(permitOf({ ...flatten, purpose: 'trade' }));
  });
});

describe('the mode of an account', () => {
  it.each([
    ['paper on paper', 'paper', { EXECUTION_MODE: 'paper' }, true],
    ['live on paper', 'live', { EXECUTION_MODE: 'paper' }, false],
    ['paper on live', 'paper', { EXECUTION_MODE: 'live', EXECUTION_LIVE_CONFIRMED: 'main' }, false],
    ['live by its name', 'live', { EXECUTION_MODE: 'live', EXECUTION_LIVE_CONFIRMED: 'main' }, true],
    ['live by another name', 'live', { EXECUTION_MODE: 'live', EXECUTION_LIVE_CONFIRMED: 'other' }, false],
  ] as const)('%s', (_what, mode, gateway, may) => {
    expect(modeFault({ account: 'main', mode }, gateway) === null).toBe(may);
    expect(modeFault(null, gateway)).toContain('never opened');
  });
});
