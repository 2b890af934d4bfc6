import { messageOf, type Clock, type Secret } from '@ballast/platform';
import { addMilliseconds } from '@ballast/kernel/calendar';
import { WebSocket, type RawData } from 'ws';
import type { Tick } from '../../domain/live/tick.js';
import { frameOf, messagesOf, tickOf, UnreadableMessage, type StreamFormat } from './alpaca-live-wire.js';

/** How long connecting, authenticating and subscribing may take together, in ms of the source's time. */
export const HANDSHAKE_MS = 10_000;
/** How often one looks for a sign of life and, where there was none, asks for it; and how long that may take. */
export const PING_MS = 5_000;
export const PONG_MS = 5_000;
/** The longest time in which a half-open line is noticed: one look may still see the last message. */
export const HALF_OPEN_MS_MAX = 2 * PING_MS + PONG_MS;
/** The largest frame: the venue gathers what a slow client has not taken yet, but not without end. */
const FRAME_BYTES_MAX = 4 * 1024 ** 2;
/** What is subscribed to; corrections and cancels come with the trades. */
const CHANNELS = ['trades', 'quotes', 'bars', 'statuses', 'lulds'] as const;

export interface LineOptions {
  readonly url: string;
  readonly keyId: string;
  readonly secret: Secret;
  readonly symbols: readonly string[];
  readonly format: StreamFormat;
  readonly clock: Clock;
}

/** Hears one connection; nothing more after `broken`, or after a refusal that ends it. */
export interface LineListener {
  readonly opened: () => void;
  readonly alive: () => void;
  readonly heard: (ticks: readonly Tick[]) => void;
  readonly unreadable: (symbol: string | null, detail: string) => void;
  /** Returns whether the line is over. */
  readonly refused: (code: number, message: string) => boolean;
  readonly handshakeRefused: (status: number) => boolean;
  readonly broken: (reason: string) => void;
}

export interface Line {
  close(): void;
}

/**
 * Opens one connection to Alpaca's market data stream: the venue's greeting, authentication, subscription, ticks. Frames
 * are JSON or MessagePack, as the content type of the handshake asks for.
 */
export function openLine(options: LineOptions, listener: LineListener): Line {
  const { url, format, clock } = options;
  const type = format === 'json' ? 'application/json' : 'application/msgpack';
  const socket = new WebSocket(url, { headers: { 'content-type': type }, maxPayload: FRAME_BYTES_MAX });
  let over = false;
  let quiet = false;
  let forget: () => void = () => undefined;
  const close = (): void => {
    over = true;
    forget();
    // A word of farewell, as far as it still gets through: a venue that allows one connection gives this one up at once.
    socket.close();
    socket.terminate();
  };
  const end = (reason: string): void => {
    if (over) return;
    close();
    listener.broken(reason);
  };
  const after = (ms: number, then: () => void): void => {
    forget();
    forget = clock.wakeAt(addMilliseconds(clock.now(), ms), then);
  };
  const watch = (): void =>
    after(PING_MS, () => {
      if (over) return;
      if (!quiet) {
        quiet = true;
        return watch();
      }
      socket.ping();
      after(PONG_MS, () => {
        if (quiet) return end(`no answer to a ping within ${PONG_MS} ms`);
        quiet = true;
        watch();
      });
    });
  const alive = (): void => {
    quiet = false;
    listener.alive();
  };
  const control: Control = {
    send: (message) => socket.send(frameOf(message, format)),
    subscribed: () => {
      watch();
      listener.opened();
    },
    end,
  };
  after(HANDSHAKE_MS, () => end(`the venue did not open the stream within ${HANDSHAKE_MS} ms`));
  for (const sign of ['ping', 'pong'] as const) socket.on(sign, () => !over && alive());
  socket.on('message', (data) => {
    if (over) return;
    alive();
    hear(bufferOf(data), options, control, listener, () => over);
  });
  socket.on('unexpected-response', (_request, response) => {
    if (over) return;
    close();
    listener.handshakeRefused(response.statusCode ?? 0);
  });
  socket.on('close', (code, reason) => end(`the venue closed the stream (${code}) ${reason.toString().slice(0, 200)}`));
  socket.on('error', (error) => end(messageOf(error)));
  return { close };
}

interface Control {
  readonly send: (message: object) => void;
  readonly subscribed: () => void;
  readonly end: (reason: string) => void;
}

type Message = Readonly<Record<string, unknown>>;

function hear(
  frame: Buffer,
  options: LineOptions,
  control: Control,
  listener: LineListener,
  over: () => boolean,
): void {
  const ticks: Tick[] = [];
  try {
    for (const message of messagesOf(frame, options.format)) {
      const { T: type } = message;
      if (type === 'success' || type === 'subscription' || type === 'error') {
        obey(message, options, control, listener);
        if (over()) return;
        continue;
      }
      try {
        const tick = tickOf(message);
        if (tick) ticks.push(tick);
      } catch (error) {
        if (!(error instanceof UnreadableMessage)) throw error;
        listener.unreadable(error.symbol, error.message);
      }
    }
  } catch (error) {
    if (!(error instanceof UnreadableMessage)) throw error;
    listener.unreadable(error.symbol, error.message);
  }
  if (ticks.length > 0) listener.heard(ticks);
}

function obey(message: Message, options: LineOptions, control: Control, listener: LineListener): void {
  if (message['T'] === 'error') {
    listener.refused(Number(message['code']), String(message['msg'] ?? '').slice(0, 200));
    return;
  }
  if (message['T'] === 'subscription') {
    const missing = CHANNELS.filter((channel) => !includesAll(message[channel], options.symbols));
    if (missing.length === 0) control.subscribed();
    else control.end(`the venue does not give ${missing.join(', ')} of all symbols`);
    return;
  }
  if (message['msg'] === 'connected') {
    control.send({ action: 'auth', key: options.keyId, secret: options.secret.reveal() });
  } else if (message['msg'] === 'authenticated') {
    control.send({ action: 'subscribe', ...Object.fromEntries(CHANNELS.map((name) => [name, options.symbols])) });
  }
}

const includesAll = (given: unknown, symbols: readonly string[]): boolean =>
  Array.isArray(given) && symbols.every((symbol) => given.includes(symbol));

const bufferOf = (data: RawData): Buffer =>
  Array.isArray(data) ? Buffer.concat(data) : data instanceof ArrayBuffer ? Buffer.from(data) : data;
