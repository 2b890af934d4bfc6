import { createTestDatabase } from '@ballast/testing';
import type { TestDatabase } from '@ballast/testing';
import { WebSocket } from 'ws';
import { readConfig } from '../src/config.js';
import type { PaperBrokerConfig } from '../src/config.js';
import { CLOSE, DATE, OPEN } from './times.js';

export const SECRET = 'not-a-secret';

/** The databases of one suite, in the Postgres of the test run. */
export interface Database {
  readonly made: TestDatabase[];
  stop(): Promise<void>;
}

export function startDatabase(): Promise<Database> {
  const made: TestDatabase[] = [];
  const stop = async (): Promise<void> => {
    for (const database of made.splice(0)) await database.drop();
  };
  return Promise.resolve({ made, stop });
}

/** A database with nothing in it but the venue's role and schema, as a host provisions it. Out: the role's URL. */
export async function freshDatabase(database: Database): Promise<string> {
  const fresh = await createTestDatabase(['paper-broker']);
  database.made.push(fresh);
  return fresh.url('paper-broker');
}

export function configOf(databaseUrl: string, more: Record<string, string> = {}): PaperBrokerConfig {
  return readConfig({
    DATABASE_URL: databaseUrl,
    PAPER_BROKER_SECRET: SECRET,
    PAPER_BROKER_CLOCK: 'simulated',
    PAPER_BROKER_FAULTS: 'on',
    PAPER_BROKER_LOG_LEVEL: 'silent',
    ...more,
  });
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

/** A bare HTTP client of one account. */
export class Http {
  constructor(
    readonly url: string,
    private readonly account: string,
    private readonly secret: string = SECRET,
  ) {}

  get = (path: string): Promise<Answer> => this.send('GET', path);
  delete = (path: string): Promise<Answer> => this.send('DELETE', path);
  patch = (path: string, body: unknown): Promise<Answer> => this.send('PATCH', path, body);
  post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
    this.send('POST', path, body, headers);

  private async send(method: string, path: string, body?: unknown, headers = {}): Promise<Answer> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        'apca-api-key-id': this.account,
        'apca-api-secret-key': this.secret,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === '' ? {} : JSON.parse(text) };
  }
}

/** The market of the half day: AAA walks between 95 and 106, BBB stands still at 20. */
export const MARKET = {
  session: { date: DATE, open: OPEN, close: CLOSE },
  source: 'test',
  synthetic: true,
  seed: 'seven',
  bars: [
    { symbol: 'AAA', open: '100', high: '106', low: '95', close: '104.5' },
    { symbol: 'BBB', open: '20', high: '20', low: '20', close: '20' },
  ],
} as const;

/** The body of an order: by default ten shares of BBB at the market, for the day. */
export const orderBody = (clientOrderId: string, more: object = {}): object => ({
  symbol: 'BBB',
  side: 'buy',
  type: 'market',
  time_in_force: 'day',
  qty: '10',
  client_order_id: clientOrderId,
  ...more,
});

/** A websocket that keeps what it hears and can be awaited. */
export class Ear {
  readonly heard: { text: boolean; message: Record<string, unknown> }[] = [];
  private waiting: (() => void)[] = [];

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data, isBinary) => {
      this.heard.push({ text: !isBinary, message: JSON.parse(String(data)) as Record<string, unknown> });
      for (const wake of this.waiting.splice(0)) wake();
    });
  }

  static async open(url: string): Promise<Ear> {
    const ear = new Ear(new WebSocket(`${url.replace('http', 'ws')}/stream`));
    await new Promise((resolve, reject) => ear.socket.once('open', resolve).once('error', reject));
    return ear;
  }

  static async listening(url: string, account: string): Promise<Ear> {
    const ear = await Ear.open(url);
    ear.say({ action: 'auth', key: account, secret: SECRET });
    ear.say({ action: 'listen', data: { streams: ['trade_updates'] } });
    await ear.until((message) => message['stream'] === 'listening');
    return ear;
  }

  say(message: object): void {
    this.socket.send(JSON.stringify(message));
  }

  /** The first message that passes, heard already or to come. */
  async until(passes: (message: Record<string, unknown>) => boolean): Promise<Record<string, unknown>> {
    for (;;) {
      const found = this.heard.find(({ message }) => passes(message));
      if (found) return found.message;
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  /** What was told about an order, in its order. */
  eventsOf(clientOrderId: string): string[] {
    return this.updates().flatMap(({ data }) => (data.order.client_order_id === clientOrderId ? data.event : []));
  }

  updates(): { frame: number; data: { event: string; execution_id?: string; order: { client_order_id: string } } }[] {
    const updates = this.heard.filter(({ message }) => message['stream'] === 'trade_updates');
    return updates.map(({ message }) => message as never);
  }
}
