import { perform, uuid5, type Envelope } from '@ballast/contracts';
import { On, type InboxContext } from '@ballast/platform';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { ImportHistory, StartImport } from '../messages.js';
import { HistoryImportEntity } from '../persistence/entities/history-import.entity.js';
import { SourceEntity } from '../persistence/entities/source.entity.js';
import { runningImport } from '../persistence/queries.js';

/** Begins an import: notes it down and asks for the reading. One at a time, so that two cannot overwrite each other. */
@Controller()
export class OnStartImport {
  @On(StartImport)
  async handle(@Payload() message: Envelope<StartImport>, @Ctx() ctx: InboxContext<'feeds'>): Promise<void> {
    const { source, replace, input } = message.data;
    const synthetic = input.kind === 'synthetic';
    const running = await runningImport(ctx.tx);
    if (running) {
      return ctx.refuse({
        status: 409,
        code: 'IMPORT_RUNNING',
        title: 'An import is under way',
        detail: `Import ${running.importId} into ${running.source} was asked for at ${running.requestedAt}.`,
        nextStep: `Wait until GET /api/v1/feeds/imports/${running.importId} says that it has ended.`,
      });
    }
    const known = await ctx.tx.findOneBy(SourceEntity, { source });
    if (known && known.synthetic !== synthetic) {
      return ctx.refuse({
        status: 409,
        code: 'SOURCE_OF_ANOTHER_KIND',
        title: 'Real and synthetic bars are never mixed',
        detail: `The source ${source} is ${known.synthetic ? 'synthetic' : 'a real history'}.`,
        nextStep: 'Give another "name".',
      });
    }
    const importId = uuid5(message.id, 'import');
    await ctx.tx.insert(HistoryImportEntity, {
      importId,
      source,
      synthetic,
      input,
      replaces: replace,
      status: 'running',
      requestedAt: ctx.now,
      contentHash: null,
      code: null,
      reason: null,
      outcome: null,
      turn: null,
      finishedAt: null,
    } as never);
    ctx.later([perform(ImportHistory, importId, { importId, source, replace, input })]);
    ctx.audit({ act: 'import.requested', subject: importId, detail: { source, synthetic, replace, input } });
    ctx.reply({ importId, source, synthetic, status: 'running' }, 202);
  }
}
