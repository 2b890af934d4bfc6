import { describe, expect, it } from '@jest/globals';
import { metricsFor } from './metrics.js';

describe('metricsFor', () => {
  it('keeps services of one process apart and labels each with its name', async () => {
    const feeds = metricsFor('feeds');
    const tax = metricsFor('tax');
    feeds.counter('ballast_rows_total', 'Rows.', ['kind']).inc({ kind: 'bar' }, 3);
    tax.counter('ballast_rows_total', 'Rows.', ['kind']).inc({ kind: 'lot' });
    expect(await feeds.text()).toContain('ballast_rows_total{kind="bar",service="feeds"} 3');
    expect(await feeds.text()).not.toContain('lot');
    expect(await tax.text()).toContain('ballast_rows_total{kind="lot",service="tax"} 1');
  });

  it('gives the same metric for the same name', async () => {
    const metrics = metricsFor('feeds');
    metrics.counter('ballast_rows_total', 'Rows.').inc();
    metrics.counter('ballast_rows_total', 'Rows.').inc();
    expect(await metrics.text()).toContain('ballast_rows_total{service="feeds"} 2');
  });

  it('asks a gauge for its value at each reading', async () => {
    const metrics = metricsFor('feeds');
    let age = 1;
    metrics.gauge('ballast_outbox_oldest_age_seconds', 'Age.', [], (gauge) => gauge.set(age));
    expect(await metrics.text()).toContain('ballast_outbox_oldest_age_seconds{service="feeds"} 1');
    age = 5;
    expect(await metrics.text()).toContain('ballast_outbox_oldest_age_seconds{service="feeds"} 5');
  });

  it('counts in buckets', async () => {
    const metrics = metricsFor('feeds');
    metrics.histogram('ballast_seal_duration_seconds', 'Time.', [], [0.1, 1]).observe(0.5);
    expect(await metrics.text()).toContain('ballast_seal_duration_seconds_bucket{le="1",service="feeds"} 1');
  });

  it('refuses a name that is not ours', () => {
    expect(() => metricsFor('feeds').counter('rows', 'Rows.')).toThrow(/ballast_/);
  });
});
