import { CycleOpened } from '@ballast/contracts';
import { On, type InboxContext } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { rememberPart } from '../persistence/queries.js';
import { VerdictMaker } from './verdict-maker.js';

/** A cycle says in which mode it trades, and until when a verdict may be executed. */
@Controller()
export class OnCycleOpened {
  constructor(@Inject(VerdictMaker) private readonly verdicts: VerdictMaker) {}

  @On(CycleOpened)
  async handle(@Payload() event: CycleOpened, @Ctx() ctx: InboxContext<'risk'>): Promise<void> {
    const { mode, tradeSession } = event.data;
    const review = await rememberPart(ctx.tx, event.data, { mode, expiresAt: tradeSession.close });
    await this.verdicts.judgeWhenReady(ctx, review);
  }
}
