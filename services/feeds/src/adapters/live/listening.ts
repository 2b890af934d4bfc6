import { addMilliseconds, sessionAt } from '@ballast/kernel/calendar';
import { messageOf, type Log } from '@ballast/platform';
import { judgeChannel, isMute, type ChannelJudgement, type SilenceBounds } from '../../domain/live/channel-health.js';
import { NEVER_SEEN_MS } from '../../domain/live/decide-channels.js';
import { gapped, heard, interrupted, silentTally, type ChannelTally } from '../../domain/live/channel-tally.js';
import type { ChannelObservation, ConnectionObservation, Observation, Refusal } from '../../domain/live/observation.js';
import { TickBuffer } from '../../domain/live/tick-buffer.js';
import { CHANNELS, channelOf, venueTimeOfMs, type Channel, type Tick } from '../../domain/live/tick.js';
import type { Chance, LiveListener, LiveSource, TickSink } from './ports.js';
import { Refetcher } from './refetcher.js';
import { TickPump } from './tick-pump.js';

export interface ListeningOptions {
  readonly source: LiveSource;
  /** The symbols that the source tells of. */
  readonly symbols: readonly string[];
  readonly sink: TickSink;
  readonly bounds: SilenceBounds;
  /** Ticks that may wait to be passed on. */
  readonly ticksMax: number;
  readonly refetchWindowMs: number;
  /** How often what was seen is told, in ms of the source's time. */
  readonly observeMs: number;
  readonly chance: Chance;
  readonly logger: Log;
  /** Brings what was seen to where it is decided about. Rejects where it was not taken. */
  readonly tell: (observation: Observation) => Promise<void>;
}

/** Every so many tellings all channels are told of, changed or not. */
const FULL_EVERY = 12;
/** How long a line is given before it is taken for mute once more. */
const RENEW_MS = 60_000;

interface Watched {
  readonly symbol: string;
  readonly channel: Channel;
  tally: ChannelTally;
  /** What was told of it last, in short. */
  told: string;
}

/**
 * One listening to a source, from its beginning to its end: what it tells goes through the buffer to the sink, what was
 * missed is fetched, and what was seen of line and channels is told again and again.
 */
export class Listening implements LiveListener {
  readonly buffer: TickBuffer;
  readonly #options: ListeningOptions;
  readonly #watched = new Map<string, Watched>();
  readonly #pump: TickPump;
  readonly #refetcher: Refetcher;
  readonly #startedAt: string;
  #connection: ConnectionObservation;
  #connectionTold = '';
  #renewedMs = 0;
  #turns = 0;
  #telling: Promise<void> | undefined;
  #forget: () => void = () => undefined;
  #stopped = false;

  constructor(options: ListeningOptions) {
    const { source, symbols, sink, ticksMax, logger, chance, refetchWindowMs: windowMs } = options;
    const { clock, name, simulated, trades: history } = source;
    this.#options = options;
    this.#startedAt = clock.now();
    this.#connection = {
      ...{ state: 'connecting', since: this.#startedAt, aliveAt: null, reason: null, refusal: null, opened: 0 },
    };
    this.buffer = new TickBuffer({ symbols, ticksMax });
    this.#pump = new TickPump({ buffer: this.buffer, sink, clock, logger, from: { source: name, simulated } });
    const { buffer } = this;
    const parts = { buffer, pump: this.#pump, history, clock, chance, logger, windowMs, ticksMax };
    this.#refetcher = new Refetcher(parts);
    for (const symbol of symbols) {
      for (const channel of CHANNELS) {
        const tally = silentTally(this.#nowMs);
        this.#watched.set(`${symbol} ${channel}`, { symbol, channel, tally, told: '' });
      }
    }
  }

  start(): void {
    this.#watch();
    this.#options.source.start(this);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#forget();
    // All at once: the source and the refetcher may be waiting for room that the pump no longer makes.
    await Promise.all([this.#options.source.stop(), this.#refetcher.stop(), this.#pump.stop()]);
    await this.#telling;
  }

  /** Whether everything that was heard was passed on, nothing is being fetched, and nothing being told. */
  get resting(): boolean {
    return this.#pump.resting && this.#refetcher.resting && this.#telling === undefined;
  }

  get state(): ConnectionObservation['state'] {
    return this.#connection.state;
  }

  opened(): void {
    const nowMs = this.#nowMs;
    if (this.#connection.opened === 0) this.buffer.listenFrom(venueTimeOfMs(nowMs));
    this.buffer.resume(nowMs);
    this.#connectionIs('open', null, null, true);
    this.#refetcher.line(true);
  }

  alive(): void {
    // A venue that greets us and then refuses is no life of the line.
    if (this.#connection.state !== 'open') return;
    this.#connection = { ...this.#connection, aliveAt: this.#now };
  }

  heard(ticks: readonly Tick[]): void {
    const now = this.#now;
    const nowMs = Date.parse(now);
    const session = sessionAt(now);
    this.#connection = { ...this.#connection, aliveAt: now };
    for (const tick of ticks) {
      const channel = channelOf(tick.kind);
      const watched = channel && this.#watched.get(`${tick.symbol} ${channel}`);
      if (watched?.channel === 'trades') this.#afterSilence(watched, nowMs);
      if (watched) watched.tally = heard(watched.tally, tick, nowMs, session);
      if (this.buffer.push(tick, nowMs) === 'refused') this.#overflowed(tick.symbol);
    }
    this.#pump.wake();
  }

  unreadable(symbol: string | null, detail: string): void {
    const { logger } = this.#options;
    logger.error({ symbol }, `the source told something that cannot be read: ${detail}; fetching the trades instead`);
    this.buffer.interrupt('unreadable', this.#nowMs, symbol ?? undefined);
    this.#gapIn('trades', symbol);
    this.#refetcher.wake();
  }

  away(state: 'waiting' | 'refused' | 'ended', reason: string, refusal: Refusal | null): void {
    const { logger, source } = this.#options;
    logger.warn({ source: source.name, refusal: refusal?.code }, reason);
    this.#refetcher.line(false);
    if (this.#connection.state === 'open' && state !== 'ended') {
      this.buffer.interrupt('disconnected', this.#nowMs);
      for (const channel of CHANNELS) this.#gapIn(channel, null);
      for (const watched of this.#watched.values()) watched.tally = interrupted(watched.tally);
    }
    this.#connectionIs(state, reason, refusal, false);
  }

  room(): Promise<void> {
    return this.#pump.room(Math.floor(this.#options.ticksMax / 2));
  }

  /** What is seen of the source now; all channels, or those that may have changed since they were told of. */
  observe(all = true): Observation {
    const { source } = this.#options;
    const channels = [...this.#watched.values()].filter((watched) => all || watched.told !== this.#inShort(watched));
    return {
      ...{ source: source.name, simulated: source.simulated, startedAt: this.#startedAt, at: this.#now },
      connection: this.#connection,
      channels: channels.map((watched) => this.#seen(watched)),
      ...{ counts: this.buffer.counts, losses: this.buffer.losses },
    };
  }

  get #now(): string {
    return this.#options.source.clock.now();
  }

  get #nowMs(): number {
    return Date.parse(this.#now);
  }

  #connectionIs(
    state: ConnectionObservation['state'],
    reason: string | null,
    refusal: Refusal | null,
    opens: boolean,
  ): void {
    const { aliveAt, opened } = this.#connection;
    // A refusal stands until it was told while the line was open again: a short one must not pass unseen.
    const stands = refusal ?? this.#connection.refusal;
    this.#connection = {
      ...{
        state,
        reason,
        refusal: stands,
        since: state === this.#connection.state ? this.#connection.since : this.#now,
      },
      ...{ aliveAt: opens ? this.#now : aliveAt, opened: opened + (opens ? 1 : 0) },
    };
  }

  /**
   * A venue numbers nothing: that trades were kept from us shows only in that they stayed away. So what follows a silence
   * beyond its bound waits until it was asked whether something is missing.
   */
  #afterSilence(watched: Watched, nowMs: number): void {
    const { lastReceivedMs } = watched.tally;
    if (lastReceivedMs === null || nowMs - lastReceivedMs <= this.#options.bounds.silenceMinMs) return;
    if (this.buffer.gapAt(watched.symbol) !== null || this.#judge(watched).state !== 'silent') return;
    this.buffer.interrupt('silent', nowMs, watched.symbol);
    this.#gapIn('trades', watched.symbol);
    this.#refetcher.wake();
  }

  #overflowed(symbol: string): void {
    const gap = this.buffer.gapAt(symbol);
    if (gap?.version === 1 && gap.refused === 1) this.#gapIn('trades', symbol);
    this.#refetcher.wake();
  }

  #liftRefusal(): void {
    this.#connection = { ...this.#connection, refusal: null };
  }

  #gapIn(channel: Channel, symbol: string | null): void {
    for (const watched of this.#watched.values()) {
      if (watched.channel !== channel || (symbol !== null && watched.symbol !== symbol)) continue;
      watched.tally = gapped(watched.tally);
    }
  }

  #judge(watched: Watched): ChannelJudgement {
    const well = this.#connection.state === 'open' && !this.#recovering(watched);
    return judgeChannel(watched.tally, well, this.#now, this.#options.bounds);
  }

  /** Missed trades are being fetched, or the line was opened again just now and the channel has not spoken yet. */
  #recovering({ symbol, channel, tally }: Watched): boolean {
    if (channel === 'trades' && this.buffer.gapAt(symbol) !== null) return true;
    const { state, since, opened } = this.#connection;
    const sinceMs = Date.parse(since);
    const fresh = state === 'open' && opened > 1 && this.#nowMs - sinceMs < this.#options.bounds.silenceMinMs;
    return fresh && (tally.lastReceivedMs ?? sinceMs) < sinceMs;
  }

  #seen(watched: Watched): ChannelObservation {
    const { symbol, channel, tally } = watched;
    return { symbol, channel, tally, recovering: this.#recovering(watched) };
  }

  /** What has to be told anew where it changes; how long a channel was never seen counts from a bound on. */
  #inShort(watched: Watched): string {
    const { state, silentMs } = this.#judge(watched);
    return `${state} ${watched.tally.gaps} ${state === 'never_seen' && silentMs > NEVER_SEEN_MS}`;
  }

  #watch(): void {
    const { clock } = this.#options.source;
    this.#forget = clock.wakeAt(addMilliseconds(clock.now(), this.#options.observeMs), () => {
      if (this.#stopped) return;
      this.#watch();
      this.#renewIfMute();
      this.#tell();
    });
  }

  #renewIfMute(): void {
    const nowMs = this.#nowMs;
    const { state, since } = this.#connection;
    if (state !== 'open' || nowMs - Math.max(this.#renewedMs, Date.parse(since)) < RENEW_MS) return;
    if (!isMute([...this.#watched.values()].map((watched) => this.#judge(watched)))) return;
    this.#renewedMs = nowMs;
    this.#options.source.renew('the line is open and tells nothing');
  }

  /** One telling at a time: what it misses is in the next one, because all of it adds up from the start. */
  #tell(): void {
    if (this.#telling !== undefined) return;
    const inSession = sessionAt(this.#now) !== null;
    const all = inSession && this.#turns++ % FULL_EVERY === 0;
    const observation = this.observe(all);
    const { state, refusal } = observation.connection;
    const connection = `${state} ${refusal?.code} ${JSON.stringify(observation.counts)}`;
    if (!inSession && observation.channels.length === 0 && connection === this.#connectionTold) return;
    const told = observation.channels.map(({ symbol, channel }) => {
      const watched = this.#watched.get(`${symbol} ${channel}`)!;
      return { watched, short: this.#inShort(watched) };
    });
    this.#telling = this.#options
      .tell(observation)
      .then(
        () => {
          for (const { watched, short } of told) watched.told = short;
          this.#connectionTold = connection;
          if (state === 'open' && this.#connection.refusal === refusal) this.#liftRefusal();
        },
        (error: unknown) =>
          this.#options.logger.warn({ err: error }, `not told: ${messageOf(error)}; telling it again`),
      )
      .finally(() => (this.#telling = undefined));
  }
}
