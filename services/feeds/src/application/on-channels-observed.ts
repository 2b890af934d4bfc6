import type { Envelope } from '@ballast/contracts';
import { CONFIG, On, type InboxContext } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { silenceBounds } from '../config-live.js';
import type { FeedsConfig } from '../config.js';
import { decideChannels, rowKey } from '../domain/live/decide-channels.js';
import type { Tick } from '../domain/live/tick.js';
import { ChannelsObserved } from '../messages-live.js';
import { channelsOf, feedOf, saveJudged } from '../persistence/channel-queries.js';

/** The live source was looked at: judges its line and channels, and tells people once an episode. */
@Controller()
export class OnChannelsObserved {
  constructor(@Inject(CONFIG) private readonly config: FeedsConfig) {}

  @On(ChannelsObserved)
  async handle(
    @Payload() { data: observed }: Envelope<ChannelsObserved>,
    @Ctx() ctx: InboxContext<'feeds'>,
  ): Promise<void> {
    const feed = await feedOf(ctx.tx, observed.source);
    const known = new Map((await channelsOf(ctx.tx, observed.source)).map((row) => [rowKey(row), row]));
    const decided = decideChannels(feed, known, observed, silenceBounds(this.config));
    const ticks = new Map<string, Tick | null>(observed.channels.map((each) => [rowKey(each), each.tally.last]));
    const looked = new Map(decided.channels.map((row) => [row, ticks.get(rowKey(row)) ?? null]));
    await saveJudged(ctx.tx, decided.feed, decided.channels, looked, ctx.now);
    for (const alert of decided.alerts) ctx.alert(alert);
  }
}
