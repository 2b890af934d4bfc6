import type { Envelope } from '@ballast/contracts';
import { On, type InboxContext } from '@ballast/platform';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { SubmitText } from '../messages.js';
import { takeText } from './take-text.js';

/** A text came in: it is said once, however often it is brought. */
@Controller()
export class OnSubmitText {
  @On(SubmitText)
  async handle(@Payload() message: Envelope<SubmitText>, @Ctx() ctx: InboxContext<'feeds'>): Promise<void> {
    const { sourceId, title, body, publishedAt } = message.data;
    const taken = await takeText(ctx, { sourceId, title, body, publishedAt });
    ctx.reply(taken, taken.received === 'now' ? 201 : 200);
  }
}
