import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SimulatedClock } from '@ballast/platform';
import { Client } from '../run/client.js';
import type { Loop } from './loop.js';
import { tradeOnPaper } from './paper-trading.js';

interface Asked {
  readonly what: string;
  readonly body: Record<string, unknown>;
}

type Answers = Record<string, (body: Record<string, unknown>) => unknown>;

/** One address that answers as it is told and remembers what it was asked. */
class Stub {
  readonly asked: Asked[] = [];
  answers: Answers = {};
  readonly #server: Server;
  #heard: () => void = () => undefined;
  client!: Client;

  constructor() {
    this.#server = createServer((request, response) => {
      void text(request).then((body) => {
        const what = `${request.method} ${request.url}`;
        const asked = { what, body: body === '' ? {} : (JSON.parse(body) as Record<string, unknown>) };
        const answer = this.answers[what]?.(asked.body) ?? { code: 'NOT_EXPECTED', detail: what };
        const refused = typeof answer === 'object' && 'code' in answer;
        response.writeHead(refused ? 409 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
        this.asked.push(asked);
        this.#heard();
      });
    });
  }

  async open(): Promise<void> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const { port } = this.#server.address() as { port: number };
    const away = { code: 'AWAY', who: 'the stub', look: 'here' };
    this.client = new Client({ url: `http://127.0.0.1:${port}`, headers: {}, away });
  }

  /** Resolves once it was asked something, from now on or before. */
  async until(found: (asked: Asked) => boolean): Promise<Asked> {
    for (;;) {
      const one = this.asked.find(found);
      if (one) return one;
      await new Promise<void>((heard) => (this.#heard = heard));
    }
  }

  close(): Promise<unknown> {
    this.#server.closeAllConnections();
    return new Promise((closed) => this.#server.close(closed));
  }
}

const BOOKS = 'GET /api/v1/books?limit=500';
const HISTORY = 'GET /api/v1/feeds/history';
const book = (name: string) => ({ book: name, account: name, mode: 'paper', openingCash: '500' });
const history = (synthetic: boolean, to: string) => ({
  current: 'h',
  sources: [{ source: 'h', synthetic, from: '2024-01-02', to }],
});
const bars = { bars: [{ symbol: 'AAA', open: '1', high: '2', low: '1', close: '2', volume: null }] };

describe('trading on paper by the clock', () => {
  let system: Stub;
  let venue: Stub;
  let loop: Loop | undefined;
  let said: string[];

  beforeEach(async () => {
    [system, venue, said, loop] = [new Stub(), new Stub(), [], undefined];
    await Promise.all([system.open(), venue.open()]);
    system.answers = {
      [BOOKS]: () => ({ items: [], next: null }),
      'POST /api/v1/books': () => ({}),
      [HISTORY]: () => history(true, '2026-12-31'),
      'GET /api/v1/feeds/bars?date=2026-11-20': () => bars,
      'GET /api/v1/feeds/bars?date=2026-11-23': () => bars,
    };
    venue.answers = { 'POST /sim/accounts': () => ({}), 'POST /sim/market': () => ({}) };
  });
  afterEach(async () => {
    await loop?.stop();
    await Promise.all([system.close(), venue.close()]);
  });

  const start = async (now: string): Promise<SimulatedClock> => {
    const clock = new SimulatedClock(now);
    const log = (line: string): void => void said.push(line);
    loop = await tradeOnPaper({
      client: system.client,
      venue: venue.client,
      clock,
      book: 'paper',
      cash: '1000',
      log,
    });
    return clock;
  };

  it('opens the book of the schedule, its account at the venue first, and sets the market of the next session', async () => {
    await start('2026-11-20T10:00:00.000Z');
    expect(venue.asked.map(({ what }) => what)).toEqual(['POST /sim/accounts', 'POST /sim/market']);
    expect(venue.asked[0]!.body).toEqual({ account: 'paper', cash: '1000' });
    expect(venue.asked[1]!.body['session']).toMatchObject({ date: '2026-11-20', open: '2026-11-20T14:30:00.000Z' });
    expect(system.asked.find(({ what }) => what === 'POST /api/v1/books')!.body).toEqual({
      book: 'paper',
      cash: '1000',
    });
    expect(said).toEqual([
      'opened the book "paper" with 1000 US dollars of paper cash',
      'the paper broker trades 1 symbols of a synthetic market on 2026-11-20, from 2026-11-20T14:30:00.000Z to 2026-11-20T21:00:00.000Z',
    ]);
  });

  it('leaves a book that is there as it is, and gives books that are opened later their accounts', async () => {
    system.answers[BOOKS] = () => ({ items: [book('paper')], next: null });
    await start('2026-11-20T10:00:00.000Z');
    system.answers[BOOKS] = () => ({ items: [book('paper')], next: 'paper' });
    system.answers[`${BOOKS}&after=paper`] = () => ({ items: [book('trial')], next: null });
    const { body } = await venue.until(({ body }) => body['account'] === 'trial');
    expect(body).toEqual({ account: 'trial', cash: '500' });
    expect(system.asked.some(({ what }) => what === 'POST /api/v1/books')).toBe(false);
  });

  it('sets the market of the following session once the session has closed', async () => {
    const clock = await start('2026-11-20T20:59:59.000Z');
    clock.advanceTo('2026-11-20T21:00:00.000Z');
    const { body } = await venue.until(
      ({ body }) => (body['session'] as { date: string } | undefined)?.date === '2026-11-23',
    );
    expect(body).toMatchObject({ source: 'h', synthetic: true, bars: [{ symbol: 'AAA' }] });
  });

  it('says so where an imported history ends before the session, and sets no market', async () => {
    system.answers[HISTORY] = () => history(false, '2017-12-29');
    await start('2026-11-20T10:00:00.000Z');
    expect(venue.asked.map(({ what }) => what)).toEqual(['POST /sim/accounts']);
    expect(said.at(-1)).toMatch(/"h" ends on 2017-12-29: the paper broker has no prices for 2026-11-20 .* as stale/);
  });

  it('says why the venue took no market, and tries again', async () => {
    venue.answers['POST /sim/market'] = () => ({ code: 'SIM_SESSION_NOT_OVER', message: 'it is not over' });
    const clock = await start('2026-11-20T10:00:00.000Z');
    expect(said.at(-1)).toBe('the paper broker has no prices for 2026-11-20 yet: it is not over; trying again');
    venue.answers['POST /sim/market'] = () => ({});
    const tried = venue.asked.length;
    clock.advanceTo('2026-11-20T10:00:30.000Z');
    await venue.until((asked) => asked.what === 'POST /sim/market' && venue.asked.indexOf(asked) >= tried);
  });

  it('keeps the market that the venue has when the host starts again', async () => {
    venue.answers['POST /sim/market'] = () => ({ code: 'SIM_MARKET_ALREADY_SET', message: 'it is set already' });
    await start('2026-11-20T15:00:00.000Z');
    expect(said.at(-1)).toBe('the paper broker keeps the prices that it has for 2026-11-20: it is set already');
  });
});
