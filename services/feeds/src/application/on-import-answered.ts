import { fact, HistoryImported, perform, type Envelope, type Outcome } from '@ballast/contracts';
import { CONFIG, Fault, On, PACKS, type InboxContext, type PackStore } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { FeedsConfig } from '../config.js';
import { CheckSource, ImportHistory, type ImportAnswer, type ImportRequest } from '../messages.js';
import { takeOverActions } from '../persistence/action-queries.js';
import { clearStaged, forgetImport, measureSource, moveStaged } from '../persistence/bar-queries.js';
import { SourceEntity } from '../persistence/entities/source.entity.js';
import { endImport } from '../persistence/queries.js';
import { sayPack } from './pack-state.js';

/** Refused rows that the audit repeats; all that were kept stand with the import. */
const AUDITED_MAX = 10;

type Answer<K extends ImportAnswer['kind']> = Extract<ImportAnswer, { kind: K }>;

/** An import was read: what it staged becomes history in this transaction, or nothing of it does. */
@Controller()
export class OnImportAnswered {
  constructor(
    @Inject(CONFIG) private readonly config: FeedsConfig,
    @Inject(PACKS) private readonly packs: PackStore,
  ) {}

  @On(ImportHistory.answered)
  async handle(
    @Payload() message: Envelope<{ request: ImportRequest; outcome: Outcome<ImportAnswer> }>,
    @Ctx() ctx: InboxContext<'feeds'>,
  ): Promise<void> {
    const { request, outcome } = message.data;
    const answer = outcome.status === 'done' ? outcome.answer : failed(outcome.reason);
    await conclude(ctx, request, answer);
    await sayPack(ctx, { config: this.config, packs: this.packs });
  }
}

function conclude(ctx: InboxContext<'feeds'>, request: ImportRequest, answer: ImportAnswer): Promise<void> {
  switch (answer.kind) {
    case 'staged':
      return takeOver(ctx, request, answer);
    case 'known':
      return selectAgain(ctx, request, answer);
    case 'refused':
      return refuse(ctx, request, answer);
  }
}

const failed = (reason: string): Answer<'refused'> => ({
  kind: 'refused',
  code: 'IMPORT_FAILED',
  reason,
  nextStep: 'Look at the log of feeds for the reason, then import the file again; nothing was taken.',
  report: null,
});

async function takeOver(ctx: InboxContext<'feeds'>, request: ImportRequest, answer: Answer<'staged'>): Promise<void> {
  const { importId, source, input, priceBasis } = request;
  const synthetic = input.kind === 'synthetic';
  const { contentHash, report, from, to, added, restated } = answer;
  await moveStaged(ctx.tx, importId, source);
  const actions = await takeOverActions(ctx.tx, importId, source, ctx.now);
  await clearStaged(ctx.tx, importId);
  const held = await measureSource(ctx.tx, source);
  if (held === null)
    throw new Fault('HISTORY_EMPTY', `import ${importId} staged nothing although it read ${report.accepted} rows`);
  const end = { status: 'imported', contentHash, code: null, reason: null, outcome: answer } as const;
  const turn = await endImport(ctx.tx, importId, end, ctx.now);
  await ctx.tx.upsert(
    SourceEntity,
    {
      source,
      synthetic,
      priceBasis,
      importId,
      symbols: held.symbols,
      rows: held.rows,
      fromDate: held.from,
      toDate: held.to,
      turn,
      selectedAt: ctx.now,
    },
    ['source'],
  );
  const { symbols, accepted: rows, refused } = report;
  ctx.emit([fact(HistoryImported, { importId, source, synthetic, symbols, rows, refused, from, to })]);
  ctx.audit({
    act: 'history.imported',
    subject: importId,
    detail: { source, synthetic, priceBasis, contentHash, symbols, rows, refused, added, restated, actions, from, to },
  });
  if (restated > 0) ctx.alert(restatedAlert(request, restated));
  ctx.later([perform(CheckSource, source, { source, importId })]);
}

/** A past that changed is no fault of anybody here, and no reason to stop; but somebody has to know. */
const restatedAlert = ({ importId, source }: ImportRequest, restated: number) =>
  ({
    code: 'HISTORY_RESTATED',
    severity: 'warning',
    message: `${restated} bars of ${source} are other ones than were known before`,
    numbers: { importId, restated: `${restated}` },
    nextStep: `"ballast data restatement ${importId}" shows what changed; packs that were sealed before keep what they had.`,
  }) as const;

/** The content is in the history already; to ask for it again still means that cycles are to read it. */
async function selectAgain(ctx: InboxContext<'feeds'>, request: ImportRequest, answer: Answer<'known'>): Promise<void> {
  const { importId, source } = request;
  const { contentHash } = answer;
  const reason = `the same content was imported before as ${answer.importId}; nothing changed`;
  const end = { status: 'known', contentHash, code: 'ALREADY_IMPORTED', reason, outcome: answer } as const;
  const turn = await endImport(ctx.tx, importId, end, ctx.now);
  await ctx.tx.update(SourceEntity, { source }, { turn, selectedAt: ctx.now });
  ctx.audit({
    act: 'history.selected',
    subject: importId,
    detail: { source, contentHash, importedAs: answer.importId },
  });
}

async function refuse(ctx: InboxContext<'feeds'>, request: ImportRequest, answer: Answer<'refused'>): Promise<void> {
  const { importId, source } = request;
  const { code, reason, nextStep, report } = answer;
  await forgetImport(ctx.tx, importId);
  await endImport(ctx.tx, importId, { status: 'refused', contentHash: null, code, reason, outcome: answer }, ctx.now);
  ctx.audit({
    act: 'import.refused',
    subject: importId,
    detail: {
      source,
      code,
      reason,
      report: report && { ...report, firstRefused: report.firstRefused.slice(0, AUDITED_MAX) },
    },
  });
  ctx.alert({
    code: 'IMPORT_REFUSED',
    severity: 'warning',
    message: `the import into ${source} was refused with ${code}: ${reason}`.slice(0, 1_000),
    numbers: { importId, rows: `${report?.rows ?? 0}`, refused: `${report?.refused ?? 0}` },
    nextStep,
  });
}
