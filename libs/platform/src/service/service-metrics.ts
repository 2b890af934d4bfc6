import type { Metrics } from '../telemetry/metrics.js';

/** What every service measures about itself. */
export function serviceMetrics(metrics: Metrics) {
  return {
    published: metrics.counter('ballast_outbox_published_total', 'Facts published by the relay'),
    alerts: metrics.counter('ballast_alerts_total', 'Alerts raised', ['code', 'severity']),
    gaps: metrics.counter('ballast_inbox_gaps_total', 'Missing facts that were asked for again'),
    relayFailures: metrics.counter('ballast_relay_failures_total', 'Publications that were not acknowledged'),
    outboxAge: metrics.gauge('ballast_outbox_oldest_age_seconds', 'Age of the oldest fact that is not published'),
    tasksOpen: metrics.gauge('ballast_tasks_open', 'Tasks and timers that are not done'),
    parked: metrics.gauge('ballast_inbox_parked', 'Messages that wait for a person'),
    waiting: metrics.gauge('ballast_inbox_waiting', 'Messages that wait for an earlier one of their key'),
  };
}

export type ServiceMetrics = ReturnType<typeof serviceMetrics>;
