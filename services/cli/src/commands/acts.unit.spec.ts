import { beforeEach, describe, expect, it } from '@jest/globals';
import { ballast, begin, bodyOf, paths, world } from '../../test/world.js';
import { EXIT } from '../errors.js';

beforeEach(begin);

const WHY = ['--reason', 'venue is unwell'];
const SAID = { by: 'tester', reason: 'venue is unwell' };
const RUNNING = { pid: 7, url: 'http://there', services: {}, book: 'main', startedAt: '2026-11-20T09:00:00.000Z' };

describe('halt', () => {
  it('is raised first, and stands whatever becomes of the rest', async () => {
    world.answers['/api/v1/halt'] = [{ body: { account: 'main', halted: true } }];
    world.answers['/api/v1/orders/cancel'] = [{ status: 503, body: { code: 'TRY_AGAIN', detail: 'away' } }];
    const { exit, out, err } = await ballast('halt', 'on', '--cancel', ...WHY);
    expect(paths()).toEqual(['POST /api/v1/halt', 'POST /api/v1/orders/cancel']);
    expect(bodyOf(0)).toEqual({ account: 'main', on: true, ...SAID });
    expect(bodyOf(1)).toEqual({ book: 'main', all: true, ...SAID });
    expect({ exit, out }).toEqual({ exit: EXIT.unavailable, out: '' });
    expect(err).toMatch(/^the account main is halted: no new order leaves\nerror TRY_AGAIN: away\n/);
  });

  it('flattens after it cancelled, and fails where something is left', async () => {
    const book = 'book=main';
    const none = { body: { items: [], next: null } };
    world.answers[`/api/v1/execution/orders?${book}&open=true`] = [none];
    world.answers['/api/v1/halt'] = [{ body: { account: 'main', halted: true } }];
    world.answers['/api/v1/orders/cancel'] = [{ status: 202, body: { requestId: 'c1' } }];
    world.answers['/api/v1/flatten'] = [{ status: 404, body: { code: 'BOOK_NOT_FOUND', detail: 'no such book' } }];
    world.answers[`/api/v1/positions?${book}`] = [none];
    const flat = await ballast('halt', 'on', '--flatten', ...WHY, '-o', 'json');
    expect(flat.exit).toBe(EXIT.ok);
    expect(JSON.parse(flat.out)).toMatchObject({ halt: { halted: true }, flatten: { flat: true, requests: [] } });
    expect(paths().slice(0, 2)).toEqual(['POST /api/v1/halt', 'POST /api/v1/orders/cancel']);
    world.answers[`/api/v1/positions?${book}`] = [{ body: { items: [{ symbol: 'AAPL', quantity: '5' }], next: null } }];
    const left = await ballast('halt', 'on', '--flatten', ...WHY);
    expect([left.exit, left.err]).toEqual([EXIT.failure, expect.stringContaining('error BOOK_NOT_FOUND: ')]);
    expect(bodyOf(-1)).toEqual({ book: 'main', ...SAID });
  });

  it('is lifted only for the name of the account', async () => {
    world.answers['/api/v1/halt'] = [{ body: { account: 'trial', halted: false } }];
    expect((await ballast('halt', 'off', '--book', 'trial', '--confirm', 'main', ...WHY)).exit).toBe(EXIT.declined);
    expect(paths()).toEqual([]);
    expect((await ballast('halt', 'off', '--book', 'trial', '--confirm', 'trial', ...WHY)).exit).toBe(EXIT.ok);
    expect(bodyOf(0)).toEqual({ account: 'trial', on: false, confirm: 'trial', ...SAID });
    expect(world.started).toMatchObject([{ book: 'trial' }]);
  });
});

describe('orders by hand', () => {
  const id = '3f9a'.padEnd(32, '0');
  const parent = '2a1b3c4d-4b5a-5978-8a6b-1c2d3e4f5a6b';

  it('are placed with who and why', async () => {
    world.running = RUNNING;
    world.answers['/api/v1/orders'] = [{ status: 202, body: { requestId: 'r1' } }];
    const args = ['--symbol', 'AAPL', '--side', 'buy', '--quantity', '007.50', '--by', 'ann', ...WHY];
    expect((await ballast('order', 'place', ...args)).exit).toBe(EXIT.ok);
    const { reason } = SAID;
    expect(bodyOf(0)).toEqual({ book: 'main', symbol: 'AAPL', side: 'buy', quantity: '7.5', by: 'ann', reason });
  });

  it.each([
    [['--limit', '099.50'], { type: 'limit', timeInForce: 'day', limitPrice: '99.5' }],
    [['--time-in-force', 'opg'], { type: 'market', timeInForce: 'opg' }],
    [['--stop', '95', '--time-in-force', 'gtc'], { type: 'stop', timeInForce: 'gtc', stopPrice: '95' }],
    [['--stop', '95', '--limit', '94'], { type: 'stop_limit', timeInForce: 'day', stopPrice: '95', limitPrice: '94' }],
    [['--trail-percent', '1.5'], { type: 'trailing_stop', timeInForce: 'day', trailPercent: '1.5' }],
    [['--limit', '9', '--extended-hours'], { type: 'limit', timeInForce: 'day', limitPrice: '9', extendedHours: true }],
  ])('may have terms: %j', async (flags, terms) => {
    world.running = RUNNING;
    world.answers['/api/v1/orders'] = [{ status: 202, body: { requestId: 'r1' } }];
    const args = ['--symbol', 'AAPL', '--side', 'buy', '--quantity', '1', ...WHY];
    expect((await ballast('order', 'place', ...args, ...flags)).exit).toBe(EXIT.ok);
    expect(bodyOf(0)).toMatchObject({ quantity: '1', terms });
  });

  it('are for shares or for money, one of both', async () => {
    world.running = RUNNING;
    world.answers['/api/v1/orders'] = [{ status: 202, body: { requestId: 'r1' } }];
    const args = ['order', 'place', '--symbol', 'AAPL', '--side', 'buy', ...WHY];
    expect((await ballast(...args, '--notional', '500')).exit).toBe(EXIT.ok);
    expect(bodyOf(0)).toMatchObject({ symbol: 'AAPL', notional: '500.00' });
    expect(bodyOf(0)).not.toHaveProperty('quantity');
    expect((await ballast(...args, '--notional', '500', '--quantity', '5')).err).toContain('--quantity: say how many');
    expect((await ballast(...args)).exit).toBe(EXIT.usage);
    expect((await ballast(...args, '--notional', '0.001')).exit).toBe(EXIT.usage);
  });

  it('are followed to their end, and fail where they were not filled whole', async () => {
    world.running = RUNNING;
    const order = { ...{ kind: 'parent', orderId: parent, symbol: 'AAPL', quantity: '5', filledQuantity: '2' } };
    const ended = { ...order, averagePrice: '101', status: 'complete', outcome: 'partially_filled', slices: {} };
    world.answers['/api/v1/orders'] = [{ status: 202, body: { requestId: 'r1', orderId: parent } }];
    world.answers[`/api/v1/orders/${parent}`] = [{ body: { order: ended } }];
    world.answers[`/api/v1/orders/${parent}/slices?limit=1000`] = [{ body: { items: [], next: null } }];
    const args = ['--symbol', 'AAPL', '--side', 'buy', '--quantity', '5', ...WHY, '--follow', '--json'];
    const { exit, out, err } = await ballast('order', 'submit', ...args);
    expect(exit).toBe(EXIT.failure);
    expect(JSON.parse(out)).toMatchObject({ order: { outcome: 'partially_filled' }, slices: [] });
    expect(err).toMatch(/^asked for as r1; the order will be 2a1b[^]*\nAAPL partially_filled: 2 of 5 filled at 101/);
  });

  it('are not asked for with terms that are none', async () => {
    world.running = RUNNING;
    const args = ['--symbol', 'AAPL', '--side', 'buy', '--quantity', '1', ...WHY];
    const { exit, err } = await ballast('order', 'place', ...args, '--limit', '-1', '--time-in-force', 'gtd');
    expect([exit, paths()]).toEqual([EXIT.usage, []]);
    expect(err).toMatch(/--limit/);
    expect(err).toMatch(/--time-in-force/);
  });

  it('are cancelled by the beginning of their id, in their own book only', async () => {
    world.running = RUNNING;
    world.answers['/api/v1/orders?limit=1000'] = [{ body: { items: [{ orderId: parent }], next: null } }];
    world.answers['/api/v1/execution/orders?limit=1000'] = [{ body: { items: [{ clientOrderId: id }], next: null } }];
    world.answers[`/api/v1/orders/${id}`] = [{ body: { order: { orderId: id, portfolioId: 'trial' } } }];
    world.answers[`/api/v1/orders/${parent}`] = [{ body: { order: { orderId: parent, portfolioId: 'trial' } } }];
    const asked = (whole: string) => {
      world.answers[`/api/v1/orders/${whole}/cancel`] = [{ status: 202, body: { orderId: whole } }];
      return `POST /api/v1/orders/${whole}/cancel`;
    };
    const [ofChild, ofParent] = [asked(id), asked(parent)];
    expect((await ballast('order', 'cancel', '3f9a', ...WHY)).err).toContain('error ORDER_OF_OTHER_BOOK: ');
    expect((await ballast('order', 'cancel', '3f9a', '--book', 'trial', ...WHY)).exit).toBe(EXIT.ok);
    expect([paths().at(-1), bodyOf(-1)]).toEqual([ofChild, SAID]);
    expect((await ballast('order', 'cancel', '2a1b', '--book', 'trial', ...WHY)).exit).toBe(EXIT.ok);
    expect([paths().at(-1), bodyOf(-1)]).toEqual([ofParent, SAID]);
    expect((await ballast('order', 'cancel', '3g', ...WHY)).exit).toBe(EXIT.usage);
  });

  it('are all cancelled only where all is said', async () => {
    world.running = RUNNING;
    world.answers['/api/v1/orders/cancel'] = [{ status: 202, body: { requestId: 'r1' } }];
    expect((await ballast('order', 'cancel', ...WHY)).exit).toBe(EXIT.usage);
    expect((await ballast('order', 'cancel', id, '--all', ...WHY)).exit).toBe(EXIT.usage);
    expect((await ballast('order', 'cancel', '--all', ...WHY)).exit).toBe(EXIT.ok);
    expect(bodyOf(0)).toEqual({ book: 'main', all: true, ...SAID });
  });
});

describe('audit', () => {
  const verified = (book: object, audit: object) => {
    world.answers['/api/v1/books'] = [{ body: { items: [{ book: 'main' }], next: null } }];
    world.answers['/api/v1/audit/verify'] = [{ body: audit }];
    world.answers['/api/v1/ledger/verify?book=main'] = [{ body: book }];
  };

  it('verifies the audit and every ledger', async () => {
    verified({ book: 'main', ok: true, entries: 3 }, { ok: true, entries: 40, head: 'h' });
    const { exit, out } = await ballast('audit', 'verify', '-o', 'json');
    expect(exit).toBe(EXIT.ok);
    expect(JSON.parse(out)).toMatchObject([
      { chain: 'audit', ok: true, entries: 40 },
      { chain: 'ledger of main', ok: true, entries: 3 },
    ]);
  });

  it('fails on an edited row, and says which', async () => {
    const broken = { sequence: 17, what: 'entry', expected: 'aa', found: 'bb' };
    verified({ book: 'main', ok: true }, { ok: false, entries: 16, broken });
    const { exit, out } = await ballast('audit', 'verify');
    expect(exit).toBe(EXIT.failure);
    expect(out).toMatch(/audit +false +16 +17 +entry +aa +bb/);
  });

  it('fails on an answer that does not say yes', async () => {
    verified({ book: 'main' }, { ok: true });
    expect((await ballast('audit', 'verify')).exit).toBe(EXIT.failure);
  });

  it('shows the end of the chain', async () => {
    world.answers['/api/v1/audit?after=0&limit=1000'] = [
      { body: { items: [{ sequence: 1 }, { sequence: 2 }], next: '2' } },
    ];
    world.answers['/api/v1/audit?after=2&limit=1000'] = [{ body: { items: [{ sequence: 3 }], next: null } }];
    const { out } = await ballast('audit', 'tail', '--limit', '2', '-o', 'json');
    expect(JSON.parse(out)).toEqual([{ sequence: 2 }, { sequence: 3 }]);
  });
});

describe('dlq', () => {
  const id = '7c9e6679-7425-50de-944b-e07fc1f90ae7';
  const parked = (service: string) => {
    world.answers[`/services/${service}/ops/dead-letters/${id}`] = [{ body: { eventId: id, code: 'X' } }];
  };

  it('lists what every service has parked', async () => {
    world.answers['/services/orchestrator/ops/dead-letters'] = [{ body: { items: [], next: null } }];
    world.answers['/services/tax/ops/dead-letters'] = [{ body: { items: [{ eventId: id, code: 'X' }], next: null } }];
    const { out } = await ballast('dlq', 'list', '-o', 'json');
    expect(JSON.parse(out)).toEqual([{ service: 'tax', eventId: id, code: 'X' }]);
  });

  it('replays at the service that parked it, and fails where it is parked again', async () => {
    parked('tax');
    const replay = `/services/tax/ops/dead-letters/${id}/replay`;
    world.answers[replay] = [{ body: { eventId: id, status: 'handled' } }, { body: { eventId: id, status: 'parked' } }];
    expect((await ballast('dlq', 'replay', id)).exit).toBe(EXIT.ok);
    expect(paths().at(-1)).toBe(`POST ${replay}`);
    expect(bodyOf(-1)).toEqual({ by: 'tester' });
    expect((await ballast('dlq', 'replay', id)).exit).toBe(EXIT.failure);
  });

  it('asks which service is meant where several parked it', async () => {
    parked('tax');
    parked('orchestrator');
    expect((await ballast('dlq', 'show', id)).err).toContain(
      'Name one of them with --service, e.g. --service orchestrator.',
    );
    expect((await ballast('dlq', 'show', id, '--service', 'tax')).exit).toBe(EXIT.ok);
    expect((await ballast('dlq', 'show', id, '--service', 'nobody')).exit).toBe(EXIT.usage);
  });

  it('says where nobody parked it', async () => {
    expect((await ballast('dlq', 'skip', id)).err).toContain('error DEAD_LETTER_NOT_FOUND: ');
  });
});

describe('pack verify', () => {
  const [good, bad] = ['0b5d'.padEnd(64, '0'), '9c1e'.padEnd(64, '0')];

  it('hashes every file, and fails on an edited one', async () => {
    world.answers['/api/v1/packs'] = [{ body: { items: [{ hash: good }, { hash: bad }], next: null } }];
    world.answers[`/api/v1/packs/${good}/verify`] = [{ body: { hash: good, state: 'ok' } }];
    world.answers[`/api/v1/packs/${bad}/verify`] = [
      { body: { hash: bad, state: 'corrupt', found: 'ff', nextStep: 'Restore it.' } },
    ];
    const { exit, out } = await ballast('pack', 'verify');
    expect(exit).toBe(EXIT.failure);
    expect(out).toMatch(/9c1e0+ +corrupt +ff +Restore it\./);
    expect((await ballast('pack', 'verify', '0b5d')).exit).toBe(EXIT.ok);
    expect((await ballast('pack', 'verify', 'ffff')).err).toContain('error PACK_NOT_FOUND: ');
  });
});
