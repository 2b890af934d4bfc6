import type { Metrics } from '@ballast/platform';
import type { Observation } from '../../domain/live/observation.js';
import type { ChannelSight, LiveSight } from '../ports.js';

/**
 * What is measured of live data. There are as many labels as symbols may be listened to. The age of a channel that never
 * told anything is infinite, so that no rule takes it for a young one.
 * @param sight what is seen now; null while nobody listens.
 * @returns counts what an observation has more than the one before.
 */
export function liveMetrics(metrics: Metrics, sight: () => LiveSight | null): (observation: Observation) => void {
  const labels = ['symbol', 'channel'] as const;
  const age = (name: string, help: string, of: (seen: ChannelSight) => number | null): void => {
    metrics.gauge(name, help, labels, (gauge) => {
      gauge.reset();
      for (const seen of sight()?.channels ?? []) {
        gauge.set({ symbol: seen.symbol, channel: seen.channel }, of(seen) ?? Number.POSITIVE_INFINITY);
      }
    });
  };
  age(
    'ballast_feeds_receive_age_seconds',
    'Time since a channel told anything; infinite where it never did',
    (seen) => seen.receiveAgeSeconds,
  );
  age(
    'ballast_feeds_venue_age_seconds',
    "Time since the venue's moment of a channel's last tick; infinite where there is none",
    (seen) => seen.venueAgeSeconds,
  );
  const gaps = metrics.counter('ballast_feeds_gap_total', 'Gaps in what a channel told', labels);
  const dropped = metrics.counter(
    'ballast_feeds_ticks_dropped_total',
    'Ticks not passed on: quotes conflated, trades refused (fetched later), others lost, windows of trades lost',
    ['what'],
  );
  const before = new Map<string, number>();
  const grown = (name: string, count: number): number => {
    const by = Math.max(0, count - (before.get(name) ?? 0));
    before.set(name, count);
    return by;
  };
  return ({ channels, counts }) => {
    for (const { symbol, channel, tally } of channels) {
      gaps.inc({ symbol, channel }, grown(`${symbol} ${channel}`, tally.gaps));
    }
    dropped.inc({ what: 'quotes_conflated' }, grown('conflated', counts.conflated));
    dropped.inc({ what: 'trades_refused' }, grown('refused', counts.refused));
    dropped.inc({ what: 'others_lost' }, grown('lost', counts.lost));
    dropped.inc({ what: 'windows_lost' }, grown('losses', counts.losses));
  };
}
