import { describe, expect, it } from '@jest/globals';
import { approvedHashOf, type Trade } from '@ballast/contracts';
import { judgeVerdict, type Circumstances, type Verdict } from './verdict.js';

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
  keyId: 'k',
} as Verdict;
const known: Circumstances = { now: NOW, signatureHolds: true, haltEpoch: 3, executedHash: null };

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
    ['is refused when a halt came since', {}, { haltEpoch: 4 }, { kind: 'refuse', code: 'HALT_EPOCH_OLD' }],
    ['waits when it knows of a halt that we do not', {}, { haltEpoch: 2 }, { kind: 'wait' }],
    ['waits for its account', {}, { haltEpoch: null }, { kind: 'wait' }],
    [
      'is refused unsigned even when its account is unknown',
      {},
      { haltEpoch: null, signatureHolds: false },
      { kind: 'refuse', code: 'SIGNATURE_INVALID' },
    ],
  ] as [string, Partial<Verdict>, Partial<Circumstances>, object][])('%s', (_, altered, other, judgement) => {
    expect(judgeVerdict({ ...verdict, ...altered }, trades, { ...known, ...other })).toMatchObject(judgement);
  });

  it('does not depend on the order in which the trades come', () => {
    expect(judgeVerdict(verdict, [...trades].reverse(), known)).toEqual({ kind: 'execute' });
  });
});
