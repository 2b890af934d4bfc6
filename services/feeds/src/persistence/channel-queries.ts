import type { EntityManager } from 'typeorm';
import type { Tick } from '../domain/live/tick.js';
import type { ChannelRow, FeedRow } from '../domain/live/observation.js';
import { ChannelEntity } from './entities/channel.entity.js';
import { LiveFeedEntity } from './entities/live-feed.entity.js';

/** What was judged of a source; null where another one, or none, was listened to before. */
export async function feedOf(manager: EntityManager, source: string): Promise<FeedRow | null> {
  return (await manager.findOneBy(LiveFeedEntity, { source }))?.judged ?? null;
}

/** The source that was judged last, and when by our clock; null where there was none yet. */
export async function lastFeed(manager: EntityManager): Promise<{ judged: FeedRow; toldAt: string } | null> {
  const [last] = await manager.find(LiveFeedEntity, { order: { toldAt: 'DESC', source: 'ASC' }, take: 1 });
  return last ?? null;
}

/** The channels of a source, by symbol and channel. */
export const channelsOf = (manager: EntityManager, source: string): Promise<ChannelEntity[]> =>
  manager.find(ChannelEntity, { where: { source }, order: { symbol: 'ASC', channel: 'ASC' } });

/** Takes over what was judged: one source at a time, what is known of another one goes. */
export async function saveJudged(
  tx: EntityManager,
  feed: FeedRow,
  channels: readonly ChannelRow[],
  ticks: ReadonlyMap<ChannelRow, Tick | null>,
  now: string,
): Promise<void> {
  await tx.query(`delete from channel where source <> $1`, [feed.source]);
  await tx.query(`delete from live_feed where source <> $1`, [feed.source]);
  await tx.upsert(LiveFeedEntity, { source: feed.source, judged: feed, toldAt: now } as never, ['source']);
  if (channels.length === 0) return;
  const rows = channels.map((row) => ({ ...row, lastTick: ticks.get(row) ?? null }));
  await tx.upsert(ChannelEntity, rows as never, ['symbol', 'channel']);
}
