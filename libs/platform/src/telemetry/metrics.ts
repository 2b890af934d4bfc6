import { Controller, Get, Header } from '@nestjs/common';
import { ApiExcludeEndpoint } from '@nestjs/swagger';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { Public } from '../http/bearer.guard.js';

/** `ballast_`, words, and the base unit or `total` last. */
const METRIC_NAME = /^ballast_[a-z][a-z0-9_]*$/;

/** The metrics of one service. Asking for a name again gives the same metric, so that modules need not share variables. */
export class Metrics {
  readonly registry = new Registry();

  constructor(readonly service: string) {
    this.registry.setDefaultLabels({ service });
  }

  /** A number that only grows; its name ends in `_total`. Labels must have few values. */
  counter<L extends string>(name: string, help: string, labelNames: readonly L[] = []): Counter<L> {
    return this.#once(name, () => new Counter({ name, help, labelNames, registers: [this.registry] }));
  }

  /** A number that goes up and down. `collect` is called before each reading, where the value is asked for and not told. */
  gauge<L extends string>(
    name: string,
    help: string,
    labelNames: readonly L[] = [],
    collect?: (gauge: Gauge<L>) => void | Promise<void>,
  ): Gauge<L> {
    const asked =
      collect === undefined
        ? {}
        : {
            collect(this: Gauge<L>) {
              return collect(this);
            },
          };
    return this.#once(name, () => new Gauge({ name, help, labelNames, registers: [this.registry], ...asked }));
  }

  /** A distribution, in base units (seconds, bytes); `buckets` are upper bounds. */
  histogram<L extends string>(
    name: string,
    help: string,
    labelNames: readonly L[],
    buckets: readonly number[],
  ): Histogram<L> {
    return this.#once(
      name,
      () => new Histogram({ name, help, labelNames, buckets: [...buckets], registers: [this.registry] }),
    );
  }

  /** Every metric in Prometheus' text format. */
  text(): Promise<string> {
    return this.registry.metrics();
  }

  #once<M>(name: string, make: () => M): M {
    if (!METRIC_NAME.test(name)) throw new RangeError(`the metric "${name}" must be named ballast_<what>_<unit>`);
    return (this.registry.getSingleMetric(name) as M | undefined) ?? make();
  }
}

/** The metrics of a service, in a registry of their own: services of one process do not mix. */
export const metricsFor = (service: string): Metrics => new Metrics(service);

/** `GET /metrics`, without a token, for Prometheus. */
@Controller('metrics')
@Public()
export class MetricsController {
  constructor(private readonly metrics: Metrics) {}

  @Get()
  @ApiExcludeEndpoint()
  @Header('content-type', Registry.PROMETHEUS_CONTENT_TYPE)
  read(): Promise<string> {
    return this.metrics.text();
  }
}
