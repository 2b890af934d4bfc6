import {
  CLOCK,
  CONFIG,
  Door,
  LOGGER,
  messageOf,
  Metrics,
  type Clock,
  type Listener,
  type Log,
} from '@ballast/platform';
import { Inject, Injectable } from '@nestjs/common';
import { silenceBounds } from '../../config-live.js';
import type { FeedsConfig } from '../../config.js';
import { FeedRefused } from '../../domain/live/feed-refused.js';
import type { Observation, Refusal } from '../../domain/live/observation.js';
import { ChannelsObserved } from '../../messages-live.js';
import type { ChannelSight, LiveSight, LiveView } from '../ports.js';
import { Listening } from './listening.js';
import { liveMetrics } from './live-metrics.js';
import { LIVE_SOURCE, TICK_SINK, type LiveSource, type TickSink } from './ports.js';

/** Listens to the live source for as long as the service is active, and brings what it sees of it to the inbox. */
@Injectable()
export class LiveFeed implements Listener, LiveView {
  #listening: Listening | undefined;
  #told = 0;
  readonly #count: (observation: Observation) => void;

  constructor(
    @Inject(LIVE_SOURCE) private readonly source: LiveSource | null,
    @Inject(TICK_SINK) private readonly sink: TickSink,
    @Inject(CONFIG) private readonly config: FeedsConfig,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(Door) private readonly door: Door,
    @Inject(LOGGER) private readonly logger: Log,
    @Inject(Metrics) metrics: Metrics,
  ) {
    this.#count = liveMetrics(metrics, () => this.sight());
  }

  async start(): Promise<void> {
    const { source, sink, config, logger } = this;
    if (!source) return;
    try {
      const symbols = await source.prepare();
      this.#listening = new Listening({
        ...{ source, sink, symbols, logger, bounds: silenceBounds(config), chance: Math.random },
        ticksMax: config.FEEDS_LIVE_TICKS_MAX,
        refetchWindowMs: config.FEEDS_LIVE_REFETCH_MINUTES_MAX * 60_000,
        observeMs: config.FEEDS_LIVE_OBSERVE_MS,
        tell: (observation) => this.#tell(observation),
      });
      this.#listening.start();
      const what = source.simulated ? 'simulated live data' : 'live data';
      logger.info({ source: source.name, symbols }, `listening to ${what} of ${source.name}`);
    } catch (error) {
      // The rest of the service goes on without live data; that it has none is judged and told like any other refusal.
      if (!(error instanceof FeedRefused)) throw error;
      await this.#cannotBegin(source, error);
    }
  }

  async stop(): Promise<void> {
    await this.#listening?.stop();
    this.#listening = undefined;
  }

  sight(): LiveSight | null {
    if (!this.#listening) return null;
    const { source, connection, counts, losses, at, channels } = this.#listening.observe();
    const nowMs = Date.parse(at);
    return {
      ...{ source, connection, counts, losses },
      channels: channels.map(({ symbol, channel, tally }): ChannelSight => {
        const { lastReceivedMs, lastVenueAt, received, gaps } = tally;
        return {
          ...{ symbol, channel, received, gaps },
          receiveAgeSeconds: lastReceivedMs === null ? null : secondsFrom(lastReceivedMs, nowMs),
          venueAgeSeconds: lastVenueAt === null ? null : secondsFrom(Date.parse(lastVenueAt), nowMs),
        };
      }),
    };
  }

  async #tell(observation: Observation): Promise<void> {
    this.#count(observation);
    const { source, startedAt } = observation;
    // Each telling is one of its own: what came twice by the same number would be another listening's.
    const key = `${source} ${startedAt} ${process.pid} ${this.#told++}`;
    await this.door.command(ChannelsObserved, source, observation, key);
  }

  async #cannotBegin(source: LiveSource, { code, message: reason, nextStep }: FeedRefused): Promise<void> {
    const at = this.clock.now();
    const refusal: Refusal = { code, reason, nextStep, triesAgain: false };
    const none = { conflated: 0, repeated: 0, refused: 0, fetched: 0, lost: 0, gaps: 0, losses: 0 };
    this.logger.error({ source: source.name, code }, `no live data: ${reason}. ${nextStep}`);
    await this.#tell({
      ...{
        source: source.name,
        simulated: source.simulated,
        startedAt: at,
        at,
        channels: [],
        counts: none,
        losses: [],
      },
      connection: { state: 'refused', since: at, aliveAt: null, reason, refusal, opened: 0 },
    }).catch((error: unknown) => this.logger.warn({ err: error }, `not told: ${messageOf(error)}`));
  }
}

const secondsFrom = (fromMs: number, nowMs: number): number => Math.max(0, nowMs - fromMs) / 1_000;
