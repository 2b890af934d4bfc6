import { createLogger, type Clock } from '@ballast/platform';
import { decideChannels, rowKey } from '../../domain/live/decide-channels.js';
import type { ChannelRow, FeedRow, Observation } from '../../domain/live/observation.js';
import type { SilenceBounds } from '../../domain/live/channel-health.js';
import { venueTimeOfMs, type Tick } from '../../domain/live/tick.js';
import type { RecordedTick } from '../../domain/live/recording.js';
import { AlpacaDataStub } from './alpaca-data-stub.fixture.js';
import { AlpacaLive } from './alpaca-live.js';
import { AlpacaTrades } from './alpaca-trades.js';
import type { StreamFormat } from './alpaca-live-wire.js';
import { Listening } from './listening.js';
import type { HeardTick, TickSink } from './ports.js';

export const BOUNDS: SilenceBounds = { silenceMinMs: 30_000, silenceMaxMs: 300_000, connectionMs: 30_000 };
export const OBSERVE_MS = 5_000;

/** Keeps what comes out, and can refuse to take anything. */
export class CountingSink implements TickSink {
  readonly trades = new Map<string, string[]>();
  readonly others: Tick[] = [];
  taken = 0;
  #open: Promise<void> = Promise.resolve();
  #release: () => void = () => undefined;

  /** From now on nothing is taken. */
  block(): void {
    this.#open = new Promise((resolve) => (this.#release = resolve));
  }

  /** Everything is taken again. */
  release(): void {
    this.#release();
  }

  async publish(ticks: readonly HeardTick[]): Promise<void> {
    await this.#open;
    for (const { tick } of ticks) {
      this.taken += 1;
      if (tick.kind === 'trade') {
        const ids = this.trades.get(tick.symbol);
        if (ids) ids.push(tick.id);
        else this.trades.set(tick.symbol, [tick.id]);
      } else this.others.push(tick);
    }
  }
}

export interface LiveBenchOptions {
  readonly clock: Clock;
  readonly symbols: readonly string[];
  readonly format?: StreamFormat;
  readonly ticksMax?: number;
  readonly refetchWindowMs?: number;
}

/** An alert with the moment of the source's time at which it was decided. */
export interface Told {
  readonly at: string;
  readonly code: string;
  readonly severity: string;
  readonly message: string;
}

/** A listening to the stub, with what is decided about it as the service would. */
export class LiveBench {
  readonly sink = new CountingSink();
  readonly told: Told[] = [];
  readonly observations: Observation[] = [];
  readonly channels = new Map<string, ChannelRow>();
  feed: FeedRow | null = null;
  sizeSeen = 0;

  private constructor(
    readonly stub: AlpacaDataStub,
    readonly source: AlpacaLive,
    readonly listening: Listening,
  ) {}

  static async start(options: LiveBenchOptions, key?: string): Promise<LiveBench> {
    const { clock, symbols, format = 'json', ticksMax = 20_000, refetchWindowMs = 3_600_000 } = options;
    const stub = await AlpacaDataStub.start(clock);
    const { url, dataUrl, secret } = stub;
    const keyId = key ?? stub.keyId;
    const trades = new AlpacaTrades({ dataUrl, keyId, secret, feed: 'sip' });
    const chance = (): number => 0.5;
    const source = new AlpacaLive({ url, keyId, secret, format, symbols, trades, clock, chance });
    const bench: { it?: LiveBench } = {};
    const listening = new Listening({
      ...{ source, symbols, ticksMax, refetchWindowMs, chance, bounds: BOUNDS, observeMs: OBSERVE_MS },
      sink: { publish: (ticks) => bench.it!.sink.publish(ticks) },
      logger: createLogger({ service: 'live-bench', level: 'silent' }),
      tell: (observation) => bench.it!.decide(observation),
    });
    bench.it = new LiveBench(stub, source, listening);
    listening.start();
    return bench.it;
  }

  decide(observation: Observation): Promise<void> {
    // What travels is JSON.
    const seen = JSON.parse(JSON.stringify(observation)) as Observation;
    this.observations.push(seen);
    const { feed, channels, alerts } = decideChannels(this.feed, this.channels, seen, BOUNDS);
    this.feed = feed;
    for (const row of channels) this.channels.set(rowKey(row), row);
    for (const { code, severity, message } of alerts) this.told.push({ at: seen.at, code, severity, message });
    return Promise.resolve();
  }

  stateOf(symbol: string, channel: string): string | undefined {
    return this.channels.get(`${symbol} ${channel}`)?.state;
  }

  /** Resolves once all that is under way has come to rest, but for what a blocked sink or a clock holds. */
  async settle({ blocked = false } = {}): Promise<void> {
    // A line that was cut must be seen as such before time goes on.
    await this.until(() => !this.source.connecting && (this.stub.connected > 0 || this.listening.state !== 'open'));
    await this.stub.flush();
    if (!blocked) await this.until(() => this.listening.resting);
    this.sizeSeen = Math.max(this.sizeSeen, this.listening.buffer.size);
  }

  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise((resolve) => setImmediate(resolve));
  }

  async stop(): Promise<void> {
    this.sink.release();
    await this.listening.stop();
    await this.stub.stop();
  }
}

/** A small day of trades, quotes and minute bars, for where the recorded one is missing; the same each time. */
export function smallDay(fromMs: number, seconds: number, symbols: readonly string[]): RecordedTick[] {
  const ticks: RecordedTick[] = [];
  for (let second = 0; second < seconds; second += 1) {
    for (const [i, symbol] of symbols.entries()) {
      for (let n = 0; n < 2 + ((second * 7 + i) % 5); n += 1) {
        const knownMs = fromMs + second * 1_000 + n * 90;
        const side = { price: `${100 + i}.0${n}`, size: '100', exchange: 'P' };
        const at = venueTimeOfMs(knownMs);
        ticks.push({ knownMs, tick: { kind: 'quote', symbol, at, bid: side, ask: side, conditions: [], tape: 'A' } });
        ticks.push({ knownMs, tick: tradeAt(symbol, knownMs, `${ticks.length}`) });
      }
      if (second % 60 === 59)
        ticks.push({ knownMs: fromMs + (second + 1) * 1_000, tick: barAt(symbol, fromMs + (second - 59) * 1_000) });
    }
  }
  return ticks.sort((a, b) => a.knownMs - b.knownMs);
}

export const tradeAt = (symbol: string, atMs: number, id: string): Tick => ({
  ...{ kind: 'trade', symbol, at: venueTimeOfMs(atMs), id, exchange: 'P', price: '100.5', size: '10' },
  ...{ conditions: ['@'], tape: 'A', update: null },
});

const barAt = (symbol: string, atMs: number): Tick => ({
  ...{ kind: 'bar', symbol, at: venueTimeOfMs(atMs), seconds: 60, open: '100', high: '101' },
  ...{ low: '99', close: '100.5', volume: '1000' },
});

/** The ids of all trades of a day, by symbol, in order. */
export function tradesOf(day: Iterable<RecordedTick>): Map<string, string[]> {
  const ids = new Map<string, string[]>();
  for (const { tick } of day) {
    if (tick.kind !== 'trade') continue;
    const known = ids.get(tick.symbol);
    if (known) known.push(tick.id);
    else ids.set(tick.symbol, [tick.id]);
  }
  return ids;
}
