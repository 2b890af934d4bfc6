import type { Envelope } from '@ballast/contracts';
import { On, type InboxContext } from '@ballast/platform';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { RightsLoaded } from '../messages-reference.js';

/** Writes down by which rules of their own contracts an operator goes from now on. */
@Controller()
export class OnRightsLoaded {
  @On(RightsLoaded)
  handle(@Payload() message: Envelope<RightsLoaded>, @Ctx() ctx: InboxContext<'feeds'>): void {
    const { file, rulesHash, sources } = message.data;
    ctx.audit({ act: 'rights.loaded', subject: rulesHash, detail: { file, sources } });
  }
}
