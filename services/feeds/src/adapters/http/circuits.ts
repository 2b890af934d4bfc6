import { Metrics } from '@ballast/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { Circuit } from './source-http.js';

interface Watched {
  readonly name: string;
  readonly circuit: Circuit;
}

/** Everybody outside whom this process asks, so that the metrics can tell who is given up for a while. */
@Injectable()
export class Circuits {
  readonly #watched: Watched[] = [];

  constructor(@Inject(Metrics) metrics: Metrics) {
    metrics.gauge(
      'ballast_feeds_vendor_circuit_open',
      '1 while a vendor is not asked because it failed too often in a row.',
      ['vendor'],
      (gauge) => {
        gauge.reset();
        // Several may stand for one name, such as two addresses of one exchange.
        for (const { name, circuit } of this.#watched) gauge.inc({ vendor: name }, circuit === 'open' ? 1 : 0);
      },
    );
  }

  /** Has a source shown from now on, and gives it back. */
  watch<S extends Watched>(source: S): S {
    this.#watched.push(source);
    return source;
  }
}
