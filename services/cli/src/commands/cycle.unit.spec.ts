import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { RunInfo } from '@ballast/embedded';
import { DAY } from '../../test/fixtures.js';
import { PLAN } from '../../test/plan.js';
import { ballast, begin, bodyOf, home, paths, world } from '../../test/world.js';
import { EXIT } from '../errors.js';

beforeEach(begin);

const RUNNING: RunInfo = {
  ...{ pid: 7, url: 'http://there', services: {}, book: 'paper', startedAt: '2026-11-20T09:00:00.000Z' },
};

describe('cycle run where no host runs', () => {
  it('runs its own host, prints the summary with the plan, and stops it', async () => {
    world.run = () => Promise.resolve([DAY]);
    world.answers[`/api/v1/plans/${DAY.cycleId}`] = [
      { body: { residualCash: PLAN.residualCash, trades: { count: 2, hash: 'x', inline: PLAN.trades } } },
    ];
    const { exit, out, err } = await ballast('cycle', 'run', '--book', 'trial', '--fresh', '--workers', '3');
    expect(exit).toBe(EXIT.ok);
    expect(out).toMatch(/^Cycle 1f0e2d3c.*: approved as trimmed\n/);
    expect(out).toContain('momentum 10.0 %, low-volatility 4.4 %');
    expect(err).toBe('messages: within this process\n');
    expect(world.started).toMatchObject([{ home, mode: 'simulated', book: 'trial', fresh: true, workers: 3 }]);
    expect(world.runs).toMatchObject([{ book: 'trial', fresh: true, days: 1 }]);
    expect(world.stops).toBe(1);
    expect(world.asked[0]!.init.headers).toMatchObject({ authorization: 'Bearer own-token' });
  });

  it.each([
    [['--json'], DAY],
    [['--json', '--days', '1'], [DAY]],
    [
      ['-o', 'json', '--days', '2'],
      [DAY, DAY],
    ],
  ])('prints one document with %j', async (args, document) => {
    world.run = () => Promise.resolve(Array.isArray(document) ? document : [document]);
    const { exit, out } = await ballast('cycle', 'run', ...args);
    expect(exit).toBe(EXIT.ok);
    expect(JSON.parse(out)).toEqual(document);
  });

  it('says with its exit code that the guardrails refused', async () => {
    world.run = () => Promise.resolve([{ ...DAY, verdict: 'vetoed' }]);
    expect((await ballast('cycle', 'run')).exit).toBe(EXIT.blocked);
  });

  it('stops the host also where the run fails, and shows why', async () => {
    world.run = () =>
      Promise.reject(
        Object.assign(new Error('the ledger stands at 2017-07-07'), { name: 'Fault', code: 'ASOF_BEFORE_LEDGER' }),
      );
    const { exit, out, err } = await ballast('cycle', 'run', '--as-of', '2017-06-30');
    expect({ exit, out, stops: world.stops }).toEqual({ exit: EXIT.blocked, out: '', stops: 1 });
    expect(err).toContain('error ASOF_BEFORE_LEDGER: the ledger stands at 2017-07-07\n');
  });

  it('stops the host once and says how to go on, where it is interrupted', async () => {
    world.run = () => {
      process.emit('SIGINT');
      return new Promise(() => undefined);
    };
    const { exit, out, err } = await ballast('cycle', 'run');
    expect({ exit, out, stops: world.stops }).toEqual({ exit: EXIT.interrupted, out: '', stops: 1 });
    expect(err).toContain('next:  Run the same command again to go on.');
    expect(process.listenerCount('SIGINT')).toBe(0);
  });

  it('starts nothing where an option is wrong', async () => {
    expect((await ballast('cycle', 'run', '--days', '0')).exit).toBe(EXIT.usage);
    expect(world.started).toEqual([]);
  });
});

describe('cycle run where a host runs', () => {
  const cycle = (status: string, more = {}) => ({ body: { cycleId: 'c1', status, endedAt: null, ...more } });

  it('asks that host with its token and follows the cycle to its end', async () => {
    world.running = RUNNING;
    // Somewhere in this week of sessions and nights; outside the session the command does not wait.
    jest.useFakeTimers({
      now: new Date('2026-11-20T15:00:00.000Z'),
      doNotFake: ['setTimeout', 'nextTick', 'setImmediate'],
    });
    world.answers['/v1/execute'] = [{ body: { cycleId: 'c1', status: 'opened' } }];
    world.answers['/api/v1/cycles/c1'] = [cycle('executing'), cycle('closed', { endedAt: 'x', outcome: 'vetoed' })];
    const { exit, out, err } = await ballast('cycle', 'run', '--universe', '50', '-o', 'json');
    jest.useRealTimers();
    expect(exit).toBe(EXIT.blocked);
    expect(JSON.parse(out)).toMatchObject({ cycleId: 'c1', outcome: 'vetoed' });
    expect(err).toMatch(/ executing\n.* closed\n$/);
    expect(world.asked[0]).toMatchObject({
      url: 'http://there/v1/execute',
      init: { method: 'POST', headers: { authorization: 'Bearer a-token-of-the-home' } },
    });
    expect(bodyOf(0)).toEqual({
      patternId: 'daily-rebalance',
      asOf: '2026-11-19',
      trigger: 'operator',
      universe: { size: 50 },
      portfolioId: 'paper',
    });
    expect(world.started).toEqual([]);
  });

  it.each([
    [[], 'paper'],
    [['--book', 'main'], 'main'],
  ])('looks with %j into the book %s', async (args, book) => {
    world.running = RUNNING;
    world.answers[`/api/v1/cycles?book=${book}&limit=20`] = [{ body: { items: [], next: null } }];
    expect((await ballast('cycle', 'list', ...args)).exit).toBe(EXIT.ok);
    expect(paths()).toEqual([`/api/v1/cycles?book=${book}&limit=20`]);
  });

  it('opens the book where its first cash is given, and asks for nothing where that is refused', async () => {
    world.running = RUNNING;
    const exists = { code: 'BOOK_EXISTS', detail: 'The book is open.', nextStep: 'Leave --cash out.' };
    world.answers['/api/v1/books'] = [{ status: 409, body: exists }];
    expect((await ballast('cycle', 'run', '--cash', '5000', '--book', 'trial')).exit).toBe(EXIT.blocked);
    expect(paths()).toEqual(['POST /api/v1/books']);
    expect(bodyOf(0)).toEqual({ book: 'trial', cash: '5000.00' });
  });

  it('says outside the session when the next one opens, and does not wait for it', async () => {
    world.running = RUNNING;
    jest.useFakeTimers({
      now: new Date('2026-11-21T15:00:00.000Z'),
      doNotFake: ['setTimeout', 'nextTick', 'setImmediate'],
    });
    world.answers['/v1/execute'] = [{ body: { cycleId: 'c1', status: 'opened' } }];
    world.answers['/api/v1/cycles/c1'] = [cycle('judged')];
    const { exit, out, err } = await ballast('cycle', 'run');
    jest.useRealTimers();
    expect(exit).toBe(EXIT.ok);
    expect(err).toContain('the next session opens at 2026-11-23T14:30:00.000Z');
    expect(err).toContain('ballast cycle watch c1');
    expect(out).toContain('status   judged');
  });

  it('passes on what the host refuses, with the exit code of a block', async () => {
    world.running = RUNNING;
    const problem = { code: 'CYCLE_OPEN', detail: 'Cycle c0 is open.', nextStep: 'Follow it.' };
    world.answers['/v1/execute'] = [{ status: 409, body: problem }];
    const { exit, err } = await ballast('cycle', 'run');
    expect(exit).toBe(EXIT.blocked);
    expect(err).toBe('error CYCLE_OPEN: Cycle c0 is open.\n  next:  Follow it.\n');
  });

  it('refuses what would change the clock, the data or the book of that host', async () => {
    world.running = RUNNING;
    const { exit, err } = await ballast('cycle', 'run', '--days', '2', '--fresh');
    expect(exit).toBe(EXIT.failure);
    expect(err).toContain('error HOST_RUNNING: ');
    expect(err).toContain('where: --days: cannot be used');
    expect(paths()).toEqual([]);
  });

  it('says that a host which is still starting is', async () => {
    world.running = { ...RUNNING, url: '' };
    expect(await ballast('cycle', 'list')).toMatchObject({
      exit: EXIT.unavailable,
      err: expect.stringContaining('error HOST_STARTING: '),
    });
  });
});

describe('cycle replay', () => {
  const id = '1f0e2d3c-4b5a-5978-8a6b-1c2d3e4f5a6b';

  it.each([
    [{ identical: true }, EXIT.ok],
    [{ identical: false, firstDifference: { service: 'tax', position: 4 } }, EXIT.failure],
    [{ result: 'fine' }, EXIT.failure],
  ])('of %j ends with %i', async (body, exit) => {
    world.answers[`/api/v1/cycles/${id}/replay`] = [{ body }];
    expect((await ballast('cycle', 'replay', id)).exit).toBe(exit);
  });
});

describe('commands that need a host which stays', () => {
  it('do not start one', async () => {
    const args = ['--symbol', 'A', '--side', 'buy', '--quantity', '1', '--reason', 'by hand'];
    expect(await ballast('order', 'place', ...args)).toMatchObject({
      exit: EXIT.unavailable,
      err: expect.stringContaining('error HOST_NOT_RUNNING: '),
    });
    expect(world.started).toEqual([]);
  });
});
