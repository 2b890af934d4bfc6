import type { Clock, Secret } from '@ballast/platform';
import { addMilliseconds } from '@ballast/kernel/calendar';
import { backoffMs, LONG_WAIT_MS } from '../../domain/live/backoff.js';
import { handshakeError, streamError, type StreamError } from '../../domain/live/stream-errors.js';
import type { Refusal } from '../../domain/live/observation.js';
import type { StreamFormat } from './alpaca-live-wire.js';
import { openLine, type Line } from './alpaca-line.js';
import type { Chance, LiveListener, LiveSource, TradeHistory } from './ports.js';

export interface AlpacaLiveOptions {
  /** `wss://…/v2/iex`. */
  readonly url: string;
  readonly keyId: string;
  readonly secret: Secret;
  readonly format: StreamFormat;
  readonly symbols: readonly string[];
  readonly trades: TradeHistory;
  readonly clock: Clock;
  readonly chance: Chance;
}

/** A line that stayed open for this long was no failure when it broke. */
const STABLE_MS = 30_000;

/**
 * Alpaca's stream of market data over one connection, the only one that a key may have: opened again when it breaks,
 * later each time, and not at all where that cannot help. Missed trades can be fetched.
 */
export class AlpacaLive implements LiveSource {
  readonly name: string;
  readonly simulated = false;
  readonly #options: AlpacaLiveOptions;
  #format: StreamFormat;
  #listener: LiveListener | undefined;
  #line: Line | undefined;
  #cancelWait: () => void = () => undefined;
  #openedAt: string | null = null;
  #failures = 0;
  #connecting = false;

  constructor(options: AlpacaLiveOptions) {
    this.#options = options;
    this.#format = options.format;
    this.name = `alpaca:${feedOf(options.url)}`;
  }

  get clock(): Clock {
    return this.#options.clock;
  }

  get trades(): TradeHistory {
    return this.#options.trades;
  }

  /** Whether a line is being opened just now. */
  get connecting(): boolean {
    return this.#connecting;
  }

  prepare(): Promise<readonly string[]> {
    return Promise.resolve(this.#options.symbols);
  }

  start(listener: LiveListener): void {
    this.#listener = listener;
    this.#connect();
  }

  renew(reason: string): void {
    if (this.#openedAt === null) return;
    this.#line?.close();
    this.#broken(reason, null);
  }

  stop(): Promise<void> {
    this.#listener = undefined;
    this.#cancelWait();
    this.#line?.close();
    return Promise.resolve();
  }

  #connect(): void {
    const { url, keyId, secret, symbols, clock } = this.#options;
    const listener = this.#listener;
    if (!listener) return;
    this.#openedAt = null;
    this.#connecting = true;
    this.#line = openLine(
      { url, keyId, secret, symbols, clock, format: this.#format },
      {
        opened: () => {
          this.#openedAt = clock.now();
          this.#connecting = false;
          listener.opened();
        },
        alive: () => listener.alive(),
        heard: (ticks) => listener.heard(ticks),
        unreadable: (symbol, detail) => listener.unreadable(symbol, detail),
        refused: (code, said) => this.#refused(`STREAM_${code}`, streamError(code), said),
        handshakeRefused: (status) => this.#refused(`STREAM_HTTP_${status}`, handshakeError(status), ''),
        broken: (reason) => this.#broken(reason, null),
      },
    );
  }

  /** Returns whether the line is over. */
  #refused(code: string, error: StreamError, said: string): boolean {
    if (error.remedy === 'ignore') return false;
    const reason = said === '' ? error.meaning : `${error.meaning} ("${said}")`;
    const refusal: Refusal = { code, reason, nextStep: error.nextStep, triesAgain: error.remedy !== 'stop' };
    this.#line?.close();
    switch (error.remedy) {
      case 'stop':
        this.#openedAt = null;
        this.#connecting = false;
        this.#listener?.away('refused', reason, refusal);
        break;
      case 'msgpack':
        if (this.#format === 'msgpack') return this.#refused(code, { ...error, remedy: 'stop' }, said);
        this.#format = 'msgpack';
        this.#wait(backoffMs(0, this.#options.chance()), reason, null);
        break;
      case 'long_wait':
        this.#wait(LONG_WAIT_MS, reason, refusal);
        break;
      case 'backoff':
        this.#broken(reason, refusal);
    }
    return true;
  }

  #broken(reason: string, refusal: Refusal | null): void {
    const { clock, chance } = this.#options;
    const stable = this.#openedAt !== null && addMilliseconds(this.#openedAt, STABLE_MS) <= clock.now();
    this.#failures = stable ? 0 : this.#failures;
    this.#wait(backoffMs(this.#failures++, chance()), reason, refusal);
  }

  #wait(ms: number, reason: string, refusal: Refusal | null): void {
    const { clock } = this.#options;
    this.#openedAt = null;
    this.#connecting = false;
    this.#cancelWait();
    this.#cancelWait = clock.wakeAt(addMilliseconds(clock.now(), ms), () => this.#connect());
    this.#listener?.away('waiting', `${reason}; connecting again in ${ms} ms`, refusal);
  }
}

/** The feed that an address of the stream names: `iex`, `sip`. */
export const feedOf = (url: string): string => new URL(url).pathname.split('/').filter(Boolean).at(-1) ?? 'unknown';
