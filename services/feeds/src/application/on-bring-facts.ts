import type { Envelope } from '@ballast/contracts';
import { CONFIG, On, type InboxContext } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { FeedsConfig } from '../config.js';
import { BringFacts } from '../messages-facts.js';
import { takeFacts } from './take-facts.js';

/** The words of a source were brought by hand: they are read as if they had been fetched. */
@Controller()
export class OnBringFacts {
  constructor(@Inject(CONFIG) private readonly config: FeedsConfig) {}

  @On(BringFacts)
  async handle(@Payload() message: Envelope<BringFacts>, @Ctx() ctx: InboxContext<'feeds'>): Promise<void> {
    const { what, source, subject, synthetic } = message.data;
    const taken = await takeFacts(
      ctx,
      { ...message.data, fetchedAt: ctx.now },
      Number(this.config.FEEDS_REFUSED_FRACTION_MAX),
    );
    if (taken.kind === 'refused') {
      const { code, reason, nextStep } = taken;
      ctx.audit({ act: 'facts.refused', subject: source, detail: { what, source, subject, code, reason } });
      return ctx.refuse({ status: 422, code, title: 'Nothing of it was taken', detail: reason, nextStep });
    }
    const { report } = taken;
    ctx.audit({ act: 'facts.brought', subject: source, detail: { what, source, subject, synthetic, ...report } });
    ctx.reply({ what, source, synthetic, ...report }, 201);
  }
}
