// Goal: what a person sees of the comparison with the venue's books, and what a script hears of it.
import { beforeEach, describe, expect, it } from '@jest/globals';
import { ballast, begin, bodyOf, paths, world } from '../../test/world.js';
import { Client } from '../client.js';
import { EXIT } from '../errors.js';
import { followReconciliation } from '../reconciliation.js';

const ID = '5b0e0bb5-5a43-5d3a-8f44-0d6a3a2a1f01';
const RUNNING = { pid: 7, url: 'http://there', services: {}, book: 'main', startedAt: '2026-11-20T09:00:00.000Z' };
const BREAK = { kind: 'position', subject: 'AAPL', symbol: 'AAPL', ours: '10', venue: '7' };

beforeEach(() => {
  begin();
  world.running = RUNNING;
  world.answers['/api/v1/execution/reconcile'] = [{ status: 202, body: { reconciliationId: ID, account: 'main' } }];
});

function answer(status: string, breaks: object[] = []): void {
  world.answers[`/api/v1/execution/reconciliations/${ID}`] = [{ body: { reconciliationId: ID, status, breaks } }];
}

describe('recon run', () => {
  it('asks, follows to the result, and is fine where both books are the same', async () => {
    answer('green');
    const { exit, out } = await ballast('recon', 'run');
    expect(paths()).toEqual(['POST /api/v1/execution/reconcile', `/api/v1/execution/reconciliations/${ID}`]);
    expect(bodyOf(0)).toEqual({ account: 'main' });
    expect({ exit, out }).toEqual({ exit: EXIT.ok, out: `main: our books and the venue's are the same (${ID})\n` });
  });

  it('fails with the differences in a table where they are not', async () => {
    answer('broken', [BREAK, { kind: 'cash', subject: 'USD', ours: '100', venue: '95' }]);
    const { exit, out } = await ballast('recon', 'run', '--book', 'trial');
    expect(exit).toBe(EXIT.failure);
    expect(out).toContain(
      'KIND      SUBJECT  SYMBOL  OURS  VENUE\nposition  AAPL     AAPL    10    7\ncash      USD      -',
    );
    expect(out).toContain('trial: 2 differences to the venue');
    const { out: json } = await ballast('recon', 'run', '-o', 'json');
    expect(JSON.parse(json)).toMatchObject({ status: 'broken', breaks: [BREAK, { kind: 'cash' }] });
  });

  it('fails where the venue could not be asked: nothing is known then', async () => {
    answer('unavailable');
    const { exit, out } = await ballast('recon', 'run');
    expect({ exit, out }).toEqual({
      ...{ exit: EXIT.failure, out: `main: the venue's books could not be had; see "ballast alert list"\n` },
    });
  });

  it('wants a system that runs, because what differs is looked at again in a while', async () => {
    world.running = null;
    expect((await ballast('recon', 'run')).err).toContain('HOST_NOT_RUNNING');
  });

  it('gives up on a comparison that does not end, and says that it goes on', async () => {
    let now = 0;
    const time = { now: () => now, pause: (ms: number) => Promise.resolve(void (now += ms)) };
    const asked = followReconciliation(new Client('http://there', 'token'), 'main', time);
    await expect(asked).rejects.toThrow('RECONCILIATION_PENDING');
    expect(now).toBe(180_000);
  });
});

describe('recon show', () => {
  const account = {
    ...{ account: 'main', status: 'broken', ready: false, readyAt: null, greenAt: '2026-11-20T14:00:00.000Z' },
    breaks: [{ ...BREAK, foundAt: '2026-11-20T15:00:00.000Z', acceptedBy: null }],
    haltedSymbols: [{ symbol: 'AAPL' }],
  };
  const results = [
    { at: '2026-11-20T15:00:00.000Z', purpose: 'watch', status: 'broken', breaks: [BREAK], reconciliationId: ID },
  ];

  it('shows whether the account may trade, what differs, and the last results', async () => {
    world.answers['/api/v1/execution/accounts'] = [{ body: { items: [account], next: null } }];
    world.answers['/api/v1/execution/reconciliations?account=main&limit=10'] = [
      { body: { items: results, next: null } },
    ];
    const { exit, out } = await ballast('recon', 'show');
    expect(exit).toBe(EXIT.ok);
    expect(out).toBe(
      [
        'books           broken',
        'may trade       not before its books agree',
        'last the same   2026-11-20T14:00:00.000Z',
        'halted symbols  AAPL',
        '',
        'KIND      SUBJECT  SYMBOL  OURS  VENUE  FOUND                     ACCEPTED BY',
        'position  AAPL     AAPL    10    7      2026-11-20T15:00:00.000Z  -',
        '',
        'AT                        FOR    STATUS  BREAKS  ID',
        `2026-11-20T15:00:00.000Z  watch  broken  1       ${ID}`,
        '',
      ].join('\n'),
    );
    const { out: json } = await ballast('recon', 'show', '-o', 'json');
    expect(JSON.parse(json)).toEqual({ account, reconciliations: results });
  });

  it('names an account that execution does not know', async () => {
    world.answers['/api/v1/execution/accounts'] = [{ body: { items: [account], next: null } }];
    const { exit, err } = await ballast('recon', 'show', '--book', 'other');
    expect(exit).toBe(EXIT.failure);
    expect(err).toContain('error ACCOUNT_UNKNOWN: Execution does not know an account "other".');
    expect((await ballast('recon', 'show', '--limit', '0')).exit).toBe(EXIT.usage);
  });
});

describe('the halt of a symbol', () => {
  const WHY = ['--reason', 'has looked'];

  it('is raised and lifted by its name, and shown beside the accounts', async () => {
    world.answers['/api/v1/halt'] = [{ body: { items: [{ account: 'main', halted: false }], next: null } }];
    world.answers['/api/v1/halt/symbols'] = [{ body: { items: [{ account: 'main', symbol: 'AAPL' }], next: null } }];
    expect((await ballast('halt', 'on', '--symbol', 'AAPL', ...WHY)).err).toContain(
      'AAPL in the account main is halted',
    );
    expect(bodyOf(-1)).toMatchObject({ account: 'main', symbol: 'AAPL', on: true });
    expect((await ballast('halt', 'off', '--symbol', 'AAPL', '--confirm', 'main', ...WHY)).exit).toBe(EXIT.declined);
    expect((await ballast('halt', 'off', '--symbol', 'AAPL', '--confirm', 'AAPL', ...WHY)).exit).toBe(EXIT.ok);
    expect(bodyOf(-1)).toMatchObject({ account: 'main', symbol: 'AAPL', on: false, confirm: 'AAPL' });
    const { out } = await ballast('halt', 'status');
    expect(out).toMatch(/^ACCOUNT {2}SYMBOL.*\nmain {5}-.*\nmain {5}AAPL/);
  });

  it('does not cancel or close the whole account', async () => {
    const { exit, err } = await ballast('halt', 'on', '--symbol', 'AAPL', '--flatten', ...WHY);
    expect(exit).toBe(EXIT.usage);
    expect(err).toContain('--symbol: goes without --cancel and --flatten');
    expect(paths()).toEqual([]);
  });
});
