import { fact, permitText, PlanRefused, Trade, type Rows } from '@ballast/contracts';
import { unpackRows, type PackStore } from '@ballast/platform';
import type { VerdictKeys } from '../adapters/ports.js';
import { planSchedules, type WorkRules } from '../domain/schedule.js';
import { judgeVerdict, modeFault, permitOf, type RefusalCode, type Verdict } from '../domain/verdict.js';
import { isReady } from '../domain/watch.js';
import {
  accountBy,
  executedVerdict,
  holdingsOf,
  readHalt,
  saveVerdict,
  waitingVerdicts,
} from '../persistence/accounts.js';
import { insertChildren, insertParents } from '../persistence/orders.js';
import { watchBy } from '../persistence/watch.js';
import { twapRulesOf } from './market-rules.js';
import { completeCycles, type Desk, type ExecutionContext } from './take-news.js';

/** Where verdicts are checked. */
export interface Bar {
  readonly desk: Desk;
  readonly keys: VerdictKeys;
  readonly packs: PackStore;
}

const FORGED: ReadonlySet<RefusalCode> = new Set(['SIGNATURE_INVALID', 'HASH_MISMATCH']);

/** Judges a verdict and, where it is believed, schedules what it approves. */
export async function takeVerdict(ctx: ExecutionContext, bar: Bar, verdict: Verdict): Promise<void> {
  const { cycleId, portfolioId, account, approvedHash } = verdict;
  const trades = await unpackRows(bar.packs, verdict.trades as Rows<Trade>, Trade);
  const halt = await readHalt(ctx.tx, account, 'share');
  const executed = await executedVerdict(ctx.tx, cycleId);
  const known = await accountBy(ctx.tx, account);
  const watch = await watchBy(ctx.tx, account);
  const judgement = judgeVerdict(verdict, trades, {
    now: ctx.now,
    signatureHolds: bar.keys.holds(verdict.keyId, permitText(permitOf(verdict)), verdict.signature),
    halt,
    modeFault: modeFault(known, bar.desk.config),
    ready: watch !== null && isReady(watch, verdict.purpose),
    holdings: verdict.purpose === 'flatten' ? await holdingsOf(ctx.tx, account, []) : { positions: [], working: [] },
    executedHash: executed?.approvedHash ?? null,
  });
  const row = { cycleId, approvedHash, portfolioId, account, receivedAt: ctx.now, waiting: null, parents: 0 };
  const subject = { subject: approvedHash, cycleId, portfolioId };
  switch (judgement.kind) {
    case 'seen':
      ctx.audit({ act: 'verdict.seen', ...subject, detail: { account } });
      return;
    case 'wait':
      await saveVerdict(ctx.tx, { ...row, status: 'waiting', reason: judgement.reason, waiting: verdict });
      ctx.audit({ act: 'verdict.waits', ...subject, detail: { account, reason: judgement.reason } });
      return;
    case 'refuse':
      // What is not risk's own word must not overwrite what is known of a verdict of the same hash.
      if (!FORGED.has(judgement.code)) {
        await saveVerdict(ctx.tx, { ...row, status: 'refused', reason: `${judgement.code}: ${judgement.reason}` });
      }
      sayRefused(ctx, verdict, judgement);
      return;
    case 'execute': {
      const parents = await schedule(ctx, bar.desk, verdict, trades);
      await saveVerdict(ctx.tx, { ...row, status: 'executing', reason: null, parents });
      if (parents === 0) await completeCycles(ctx, [cycleId]);
    }
  }
}

/** Judges again what waited for an account or for its halt epoch. */
export async function takeWaitingVerdicts(ctx: ExecutionContext, bar: Bar, account: string): Promise<void> {
  for (const { waiting } of await waitingVerdicts(ctx.tx, account)) {
    if (waiting) await takeVerdict(ctx, bar, waiting);
  }
}

async function schedule(
  ctx: ExecutionContext,
  desk: Desk,
  verdict: Verdict,
  trades: readonly Trade[],
): Promise<number> {
  const { cycleId, portfolioId, account, approvedHash } = verdict;
  const rules: WorkRules = verdict.purpose === 'flatten' ? { algorithm: 'at_once' } : twapRulesOf(desk.config);
  const plan = planSchedules(verdict, trades, rules, desk.venue.rules, ctx.now);
  const { parents, children } = plan.state;
  insertParents(ctx, parents);
  insertChildren(ctx, children);
  ctx.emit(plan.facts);
  ctx.later(plan.tasks);
  ctx.audit({
    act: 'schedule.planned',
    subject: approvedHash,
    cycleId,
    portfolioId,
    detail: { account, ...rules, parents: parents.length, children: children.length, dueTimes: plan.tasks.length },
  });
  return parents.length;
}

function sayRefused(
  ctx: ExecutionContext,
  verdict: Verdict,
  { code, reason }: { readonly code: RefusalCode; readonly reason: string },
): void {
  const { cycleId, portfolioId, account, approvedHash, keyId, expiresAt, haltEpoch } = verdict;
  ctx.emit([fact(PlanRefused, { cycleId, portfolioId, account, approvedHash, code, reason })]);
  ctx.audit({
    act: 'verdict.refused',
    subject: approvedHash,
    cycleId,
    portfolioId,
    detail: { account, code, reason, keyId, expiresAt, haltEpoch },
  });
  ctx.alert({
    code: 'VERDICT_REFUSED',
    severity: FORGED.has(code) ? 'critical' : 'warning',
    message: `nothing of cycle ${cycleId} is executed: ${code}, ${reason}`,
    numbers: { cycleId, account, approvedHash, code },
    nextStep: 'look at the verdict in the audit of the cycle; run a new cycle once the cause is gone',
  });
}
