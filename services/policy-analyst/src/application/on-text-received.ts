import { fact, OpinionRecorded, TextReceived } from '@ballast/contracts';
import { On, type InboxContext } from '@ballast/platform';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { opinionOf } from '../domain/stance.js';
import { insertOpinion, isKnown } from '../persistence/queries.js';

/** A policy maker published a text: it gets one opinion. */
@Controller()
export class OnTextReceived {
  @On(TextReceived)
  async handle(@Payload() event: TextReceived, @Ctx() ctx: InboxContext<'policy'>): Promise<void> {
    const { sourceId, textId, title, body, publishedAt } = event.data;
    if (await isKnown(ctx.tx, sourceId, textId)) return;
    const opinion = opinionOf(body);
    await insertOpinion(ctx.tx, event.data, opinion, ctx.now);
    const { stance, index, sentences } = opinion;
    ctx.emit([
      fact(OpinionRecorded, { sourceId, textId, stance, index, sentences, method: 'dictionary', publishedAt }),
    ]);
    ctx.audit({ act: 'opinion.recorded', subject: textId, detail: { sourceId, title, stance, index, sentences } });
  }
}
