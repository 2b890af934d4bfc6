import type { Envelope } from '@ballast/contracts';
import { On, type InboxContext } from '@ballast/platform';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { ExportDecided } from '../messages-reference.js';

/** Writes down an export that was made or refused; its watermark names the entry. */
@Controller()
export class OnExportDecided {
  @On(ExportDecided)
  handle(@Payload() message: Envelope<ExportDecided>, @Ctx() ctx: InboxContext<'feeds'>): void {
    const { exportId, blocked, ...detail } = message.data;
    const act = blocked.length === 0 ? 'export.permitted' : 'export.refused';
    ctx.audit({ act, subject: exportId, detail: { ...detail, ...(blocked.length === 0 ? {} : { blocked }) } });
  }
}
