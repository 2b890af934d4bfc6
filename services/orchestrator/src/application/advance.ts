import type { InboxContext, PackStore } from '@ballast/platform';
import { noteLate, decided, readyToDecide, settle, type Cycle, type Ended, type Taken } from '../domain/cycle.js';
import { countOf, decisionsOf } from '../domain/decisions.js';
import { milestonesBetween } from '../domain/milestones.js';
import { forgetParts, loadDecisionInputs, rememberPart, type PartName, type Parts } from '../persistence/parts.js';
import { findCycle, insertDecisions, saveCycle } from '../persistence/queries.js';

type Context = InboxContext<'orchestrator'>;

/** What a fact does to its cycle, and what of it the decisions will need. */
export interface Step<N extends PartName> {
  readonly cycleId: string;
  readonly take: (cycle: Cycle) => Taken;
  readonly part?: { readonly name: N; readonly data: Parts[N] };
}

/**
 * Takes a fact into its cycle, writes the decisions when the last of what they follow from has come, and ends the
 * cycle where the fact ends it. Facts of cycles that are not ours (a person's own order) pass by.
 */
export async function advance<N extends PartName>(ctx: Context, packs: PackStore, step: Step<N>): Promise<void> {
  const cycle = await findCycle(ctx.tx, step.cycleId);
  if (!cycle) return;
  const taken = step.take(cycle);
  if (taken.kind === 'ignored') return ignore(ctx, cycle, taken.why);
  if (step.part) await rememberPart(ctx.tx, cycle.cycleId, step.part.name, step.part.data);
  const next = readyToDecide(taken.cycle) ? await decide(ctx, packs, taken.cycle) : taken.cycle;
  await conclude(ctx, cycle, next, settle(next, ctx.now));
}

/** Saves a cycle with the entries that tell of its way, and says its end where it ended. */
export async function conclude(ctx: Context, before: Cycle, after: Cycle, ended: Ended | null): Promise<void> {
  const last = ended?.cycle ?? after;
  for (const { act, detail } of milestonesBetween(before, last)) audit(ctx, last, act, detail);
  if (ended) {
    ctx.emit([ended.fact]);
    await forgetParts(ctx.tx, last.cycleId);
  }
  if (last.status === 'aborted') warn(ctx, last);
  await saveCycle(ctx.tx, last);
}

async function decide(ctx: Context, packs: PackStore, cycle: Cycle): Promise<Cycle> {
  const decisions = decisionsOf(await loadDecisionInputs(ctx.tx, packs, cycle.cycleId));
  await insertDecisions(ctx.tx, cycle.cycleId, decisions);
  await forgetParts(ctx.tx, cycle.cycleId);
  return decided(cycle, countOf(decisions));
}

/** Notes a fact that changes nothing; of late ones only the first of a type is written down, the rest are counted. */
async function ignore(ctx: Context, cycle: Cycle, why: 'late' | 'repeated'): Promise<void> {
  const detail = { type: ctx.cause.type, eventId: ctx.cause.id, status: cycle.status };
  if (why === 'repeated') return audit(ctx, cycle, 'cycle.repeated_fact', detail);
  const noted = noteLate(cycle, ctx.cause.type);
  if (noted.first) audit(ctx, cycle, 'cycle.late_fact', detail);
  await saveCycle(ctx.tx, noted.cycle);
}

function audit(ctx: Context, cycle: Cycle, act: string, detail: Readonly<Record<string, unknown>>): void {
  const { cycleId, portfolioId } = cycle;
  ctx.audit({ act, subject: cycleId, cycleId, portfolioId, detail: { ...detail } });
}

function warn(ctx: Context, { cycleId, portfolioId, asOf, code, reason, abortedStage }: Cycle): void {
  ctx.alert({
    code: 'CYCLE_ABORTED',
    severity: 'warning',
    message: `The cycle of ${portfolioId} as of ${asOf} was aborted: ${reason}`,
    numbers: { cycleId, portfolioId, asOf, code: code ?? '', stage: abortedStage ?? '' },
    nextStep: `see what was heard with "ballast cycle get ${cycleId}" and what is working with "ballast order list"`,
  });
}
