import type { Envelope, Outcome } from '@ballast/contracts';
import { On, type InboxContext } from '@ballast/platform';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { DAILY_REFERENCE, type DailyReference } from '../domain/facts/daily.js';
import { ImportReference, type ReferenceAnswer, type ReferenceRequest } from '../messages-reference.js';
import { ReferenceImportEntity } from '../persistence/entities/reference-import.entity.js';
import { noteEnd } from '../persistence/watch-queries.js';
import { clearStagedFacts, moveStagedFacts } from '../persistence/reference-queries.js';

type Answer<K extends ReferenceAnswer['kind']> = Extract<ReferenceAnswer, { kind: K }>;

/** Reference facts were read: what was staged is known from this transaction on, or nothing of it is. */
@Controller()
export class OnImportReferenceAnswered {
  @On(ImportReference.answered)
  async handle(
    @Payload() message: Envelope<{ request: ReferenceRequest; outcome: Outcome<ReferenceAnswer> }>,
    @Ctx() ctx: InboxContext<'feeds'>,
  ): Promise<void> {
    const { request, outcome } = message.data;
    const answer = outcome.status === 'done' ? outcome.answer : failed(outcome.reason);
    await noteDaily(ctx, request, answer);
    return answer.kind === 'staged' ? take(ctx, request, answer) : refuse(ctx, request, answer);
  }
}

const failed = (reason: string): Answer<'refused'> => ({
  ...{ kind: 'refused', code: 'IMPORT_FAILED', reason, refused: 0, firstRefused: [] },
  nextStep: 'Look at the log of feeds for the reason, then import the file again; nothing was taken.',
});

/** What is collected every day is of all symbols of the history. */
async function noteDaily(ctx: InboxContext<'feeds'>, { kind, vendor }: ReferenceRequest, answer: ReferenceAnswer) {
  if (vendor === null || vendor.symbols !== null) return;
  const what = (Object.keys(DAILY_REFERENCE) as DailyReference[]).find((each) => DAILY_REFERENCE[each] === kind);
  if (what) await noteEnd(ctx, what, null, answer.kind === 'staged' ? { kind: 'taken' } : answer);
}

async function take(ctx: InboxContext<'feeds'>, request: ReferenceRequest, answer: Answer<'staged'>): Promise<void> {
  const { importId, kind, market, source } = request;
  const { rows, added, unchanged, duplicates } = answer;
  await moveStagedFacts(ctx.tx, importId);
  const nothing = added === 0;
  await end(ctx, importId, {
    status: nothing ? 'known' : 'imported',
    code: nothing ? 'ALREADY_KNOWN' : null,
    reason: nothing ? 'all of it was known before; nothing changed' : null,
    outcome: answer,
  });
  const detail = { kind, market, source, rows, added, unchanged, duplicates };
  ctx.audit({ act: nothing ? 'reference.known' : 'reference.imported', subject: importId, detail });
}

async function refuse(ctx: InboxContext<'feeds'>, request: ReferenceRequest, answer: Answer<'refused'>): Promise<void> {
  const { importId, kind, market, source } = request;
  const { code, reason, nextStep, refused, firstRefused } = answer;
  await clearStagedFacts(ctx.tx, importId);
  await end(ctx, importId, { status: 'refused', code, reason, outcome: answer });
  const detail = { kind, market, source, code, reason, refused, firstRefused };
  ctx.audit({ act: 'reference.refused', subject: importId, detail });
  ctx.alert({
    code: 'REFERENCE_REFUSED',
    severity: 'warning',
    message: `the import of ${kind} facts from ${source} was refused with ${code}: ${reason}`.slice(0, 1_000),
    numbers: { importId, refused: `${refused}` },
    nextStep,
  });
}

type End = Pick<ReferenceImportEntity, 'status' | 'code' | 'reason' | 'outcome'>;

async function end(ctx: InboxContext<'feeds'>, importId: string, how: End): Promise<void> {
  await ctx.tx.update(ReferenceImportEntity, { importId }, { ...how, finishedAt: ctx.now } as never);
}
