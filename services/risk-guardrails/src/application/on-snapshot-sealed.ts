import { SnapshotSealed } from '@ballast/contracts';
import { On, type InboxContext } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { rememberPart } from '../persistence/queries.js';
import { VerdictMaker } from './verdict-maker.js';

/** The marks, sectors and volumes of a cycle are fixed. */
@Controller()
export class OnSnapshotSealed {
  constructor(@Inject(VerdictMaker) private readonly verdicts: VerdictMaker) {}

  @On(SnapshotSealed)
  async handle(@Payload() event: SnapshotSealed, @Ctx() ctx: InboxContext<'risk'>): Promise<void> {
    const review = await rememberPart(ctx.tx, event.data, { snapshot: event.data });
    await this.verdicts.judgeWhenReady(ctx, review);
  }
}
