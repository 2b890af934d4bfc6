import type { Instant } from '@ballast/contracts';
import { millisecondsBetween } from '@ballast/kernel/calendar';
import { Metrics } from '@ballast/platform';
import { Inject, Injectable } from '@nestjs/common';

/** A slice should leave within a second of its due time; beyond ten minutes it is spread over others. */
const BUCKETS = [0.1, 0.25, 0.5, 1, 2, 5, 15, 60, 300, 600];

/** Measures by how much slices leave after they were due. */
@Injectable()
export class SliceLateness {
  readonly #observe: (seconds: number) => void;

  constructor(@Inject(Metrics) metrics: Metrics) {
    const help = 'How long after its due time a slice was committed to leaving.';
    const histogram = metrics.histogram('ballast_slice_lateness_seconds', help, [], BUCKETS);
    this.#observe = (seconds) => histogram.observe(seconds);
  }

  /** Counts orders that leave now. */
  observe(leaving: readonly { readonly dueAt: Instant }[], now: Instant): void {
    for (const { dueAt } of leaving) this.#observe(millisecondsBetween(dueAt, now) / 1_000);
  }
}
