import { fact, hashOf, TextReceived, type Envelope } from '@ballast/contracts';
import { On, type InboxContext } from '@ballast/platform';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { SubmitText } from '../messages.js';
import { PolicyTextEntity } from '../persistence/entities/policy-text.entity.js';

/** A text came in: it is said once, however often it is brought. */
@Controller()
export class OnSubmitText {
  @On(SubmitText)
  async handle(@Payload() message: Envelope<SubmitText>, @Ctx() ctx: InboxContext<'feeds'>): Promise<void> {
    const { sourceId, title, body, publishedAt } = message.data;
    const textId = hashOf({ sourceId, title, body, publishedAt });
    if (await ctx.tx.existsBy(PolicyTextEntity, { textId })) return ctx.reply({ textId, received: 'before' });
    await ctx.tx.insert(PolicyTextEntity, { textId, sourceId, title, publishedAt, receivedAt: ctx.now });
    ctx.emit([fact(TextReceived, { textId, sourceId, title, body, publishedAt })]);
    ctx.audit({ act: 'text.received', subject: textId, detail: { sourceId, title, publishedAt } });
    ctx.reply({ textId, received: 'now' }, 201);
  }
}
