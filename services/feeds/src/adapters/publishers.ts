import { CONFIG, LOGGER, type Log } from '@ballast/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { FeedsConfig } from '../config.js';
import { Circuits } from './http/circuits.js';
import { Publisher, type Manners } from './http/publisher.js';
import { NseHttp } from './nse/nse-http.js';

/** Publishers of feeds are asked a few times a day. */
const FEED_REQUESTS_PER_SECOND_MAX = 1;

/** One of each publisher for all who ask it, because it counts them together, and one that is away says nothing of others. */
@Injectable()
export class Publishers {
  readonly #hosts = new Map<string, Publisher>();
  readonly #nse = new Map<string, NseHttp>();

  constructor(
    @Inject(CONFIG) private readonly config: FeedsConfig,
    @Inject(LOGGER) private readonly log: Log,
    @Inject(Circuits) private readonly circuits: Circuits,
  ) {}

  /** Whoever answers at a host. */
  at(host: string): Publisher {
    return made(this.#hosts, host, () => this.named(host, FEED_REQUESTS_PER_SECOND_MAX));
  }

  /** NSE's site at an address, behind its cookies. */
  nse(url: string): NseHttp {
    const { FEEDS_NSE_USER_AGENT: userAgent, FEEDS_NSE_REQUESTS_PER_SECOND_MAX: max } = this.config;
    return made(this.#nse, new URL(url).origin, () => new NseHttp(this.named('nse', max), { url, userAgent }));
  }

  /** A publisher of its own, whatever its hosts. */
  named(name: string, requestsPerSecondMax: number): Publisher {
    const manners: Manners = {
      ...{ requestsPerSecondMax, log: this.log },
      patience: { callMs: this.config.FEEDS_PUBLISHER_TIMEOUT_MS },
    };
    return this.circuits.watch(new Publisher(name, manners));
  }
}

function made<T>(known: Map<string, T>, key: string, make: () => T): T {
  const found = known.get(key) ?? make();
  known.set(key, found);
  return found;
}
