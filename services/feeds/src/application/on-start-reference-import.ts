import { perform, uuid5, type Envelope } from '@ballast/contracts';
import { On, type InboxContext } from '@ballast/platform';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { AS_IT_HAPPENED } from '../domain/reference/columns.js';
import { dateAt } from '../domain/reference/fact.js';
import { ImportReference, StartReferenceImport, type ReferenceRequest } from '../messages-reference.js';
import { ReferenceImportEntity } from '../persistence/entities/reference-import.entity.js';
import { runningReferenceImport } from '../persistence/reference-queries.js';

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
    const importId = uuid5(message.id, 'reference-import');
    const { kind, market, source, path, vendor } = message.data;
    const knownOn = message.data.knownOn ?? dateAt(market, ctx.now);
    const request: ReferenceRequest = {
      ...message.data,
      ...{ importId, knownOn },
      validFrom: message.data.validFrom ?? (knownOn === AS_IT_HAPPENED ? null : knownOn),
    };
    await ctx.tx.insert(ReferenceImportEntity, {
      ...{ importId, kind, market, source, request, status: 'running', requestedAt: ctx.now },
      ...{ code: null, reason: null, outcome: null, finishedAt: null },
    } as never);
    ctx.later([perform(ImportReference, importId, request)]);
    ctx.audit({ act: 'reference.requested', subject: importId, detail: { kind, market, source, path, vendor } });
    ctx.reply({ importId, kind, market, source, status: 'running' }, 202);
  }
}
