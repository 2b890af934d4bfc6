import { perform, uuid5, type Envelope } from '@ballast/contracts';
import { CONFIG, On, PACKS, type InboxContext, type PackStore } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { FeedsConfig } from '../config.js';
import type { PriceBasis } from '../domain/adjust-panel.js';
import { ImportHistory, StartImport } from '../messages.js';
import { HistoryImportEntity } from '../persistence/entities/history-import.entity.js';
import { SourceEntity } from '../persistence/entities/source.entity.js';
import { runningImport } from '../persistence/queries.js';
import { sayPack } from './pack-state.js';

/** Begins an import: notes it down and asks for the reading. One at a time, so that two cannot overwrite each other. */
@Controller()
export class OnStartImport {
  constructor(
    @Inject(CONFIG) private readonly config: FeedsConfig,
    @Inject(PACKS) private readonly packs: PackStore,
  ) {}

  @On(StartImport)
  async handle(@Payload() message: Envelope<StartImport>, @Ctx() ctx: InboxContext<'feeds'>): Promise<void> {
    const { source, replace, priceBasis, input } = message.data;
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
    if (known && known.priceBasis !== priceBasis) {
      return ctx.refuse({
        status: 409,
        code: 'SOURCE_OF_ANOTHER_BASIS',
        title: 'Raw and adjusted prices are never mixed',
        detail: `The source ${source} holds ${basisText(known.priceBasis)} prices, not ${basisText(priceBasis)} ones.`,
        nextStep: 'Give another "name", or say the "priceBasis" that the file has.',
      });
    }
    if (!known && input.kind === 'file' && input.path === null) {
      return ctx.refuse({
        status: 404,
        code: 'UNKNOWN_SOURCE',
        title: 'There is no such history',
        detail: `Sectors and actions belong to bars, and the source ${source} has none.`,
        nextStep: 'Import its bars with them, or give the "name" of a history that is there.',
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
    ctx.later([perform(ImportHistory, importId, { importId, source, replace, priceBasis, input })]);
    ctx.audit({
      act: 'import.requested',
      subject: importId,
      detail: { source, synthetic, replace, priceBasis, input },
    });
    await sayPack(ctx, { config: this.config, packs: this.packs });
    ctx.reply({ importId, source, synthetic, status: 'running' }, 202);
  }
}

const basisText = (basis: PriceBasis): string => basis.replace('_', '-');
