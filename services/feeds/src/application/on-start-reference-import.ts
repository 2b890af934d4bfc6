import type { Envelope } from '@ballast/contracts';
import { On, type InboxContext } from '@ballast/platform';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { StartReferenceImport } from '../messages-reference.js';
import { runningReferenceImport } from '../persistence/reference-queries.js';
import { beginReferenceImport } from './begin-reference-import.js';

/** Begins an import of reference facts. One at a time: what a file adds is told by what is known when it is read. */
@Controller()
export class OnStartReferenceImport {
  @On(StartReferenceImport)
  async handle(@Payload() message: Envelope<StartReferenceImport>, @Ctx() ctx: InboxContext<'feeds'>): Promise<void> {
    const running = await runningReferenceImport(ctx.tx);
    if (running) {
      return ctx.refuse({
        status: 409,
        code: 'IMPORT_RUNNING',
        title: 'An import of reference facts is under way',
        detail: `Import ${running.importId} of ${running.kind} facts was asked for at ${running.requestedAt}.`,
        nextStep: `Wait until GET /api/v1/feeds/reference/imports/${running.importId} says that it has ended.`,
      });
    }
    const { kind, market, source } = message.data;
    const { importId } = await beginReferenceImport(ctx, message.id, message.data);
    ctx.reply({ importId, kind, market, source, status: 'running' }, 202);
  }
}
