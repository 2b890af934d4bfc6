import { PositionValued } from '@ballast/contracts';
import { On, type InboxContext } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { rememberPart, settleBefore } from '../persistence/queries.js';
import { VerdictMaker } from './verdict-maker.js';

/** What the book holds, and what is still working, is known. */
@Controller()
export class OnPositionValued {
  constructor(@Inject(VerdictMaker) private readonly verdicts: VerdictMaker) {}

  @On(PositionValued)
  async handle(@Payload() event: PositionValued, @Ctx() ctx: InboxContext<'risk'>): Promise<void> {
    await settleBefore(ctx.tx, event.data.portfolioId, event.time);
    const review = await rememberPart(ctx.tx, event.data, { valuation: event.data, valuedAt: event.time });
    await this.verdicts.judgeWhenReady(ctx, review);
  }
}
