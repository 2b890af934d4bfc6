import { fact, perform, ReconciliationCompleted, type DataOf, type Envelope, type LocalType } from '@ballast/contracts';
import { addMilliseconds } from '@ballast/kernel/calendar';
import { CONFIG, On } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { ExecutionConfig } from '../config.js';
import { compareBooks, type Break } from '../domain/reconcile.js';
import { CatchUp, Reconcile, type ReconcileRequest } from '../messages.js';
import { accountBy, countFills, ownBooks, saveReconciliation } from '../persistence/accounts.js';
import type { ExecutionContext } from './take-news.js';

/** How long a break may be on its way to us before it is believed, and how often it is looked at. */
const RECHECK_MS = 2_000;
const ROUNDS = 2;

type Status = DataOf<typeof ReconciliationCompleted>['status'];
type Answered = typeof Reconcile.answered extends LocalType<infer D> ? D : never;

/** The venue's books are here: they are compared with ours, as ours are now. */
@Controller()
export class OnReconcileAnswered {
  constructor(@Inject(CONFIG) private readonly config: ExecutionConfig) {}

  @On(Reconcile.answered)
  async handle(@Payload() { data }: Envelope<Answered>, @Ctx() ctx: ExecutionContext): Promise<void> {
    const { request, outcome } = data;
    if (outcome.status !== 'done') return this.#conclude(ctx, request, 'unavailable', [], outcome.reason);
    const named = outcome.answer.orders.map((order) => order.clientOrderId);
    const ours = await ownBooks(ctx.tx, request.account, named);
    const breaks = compareBooks(ours, outcome.answer, this.config.EXECUTION_CASH_TOLERANCE_USD);
    if (breaks.length > 0 && request.round < ROUNDS) return this.#recheck(ctx, request);
    await this.#conclude(ctx, request, breaks.length > 0 ? 'broken' : 'green', breaks, null);
  }

  /** A fill that the stream has not brought yet looks like a break; it is fetched before the second round. */
  async #recheck(ctx: ExecutionContext, request: ReconcileRequest): Promise<void> {
    const { account, round } = request;
    const known = await accountBy(ctx.tx, account);
    if (known) ctx.later([perform(CatchUp, account, { account, since: known.openedAt })]);
    const at = addMilliseconds(ctx.now, RECHECK_MS);
    ctx.later([perform(Reconcile, account, { ...request, round: round + 1 }, at)]);
  }

  async #conclude(
    ctx: ExecutionContext,
    request: ReconcileRequest,
    status: Status,
    breaks: Break[],
    why: string | null,
  ): Promise<void> {
    const { reconciliationId, account, portfolioId, cycleId } = request;
    const result = { reconciliationId, account, portfolioId, cycleId, status, breaks, at: ctx.now };
    await saveReconciliation(ctx.tx, result);
    ctx.emit([fact(ReconciliationCompleted, { ...result, fills: await countFills(ctx.tx, account) })]);
    ctx.audit({
      act: 'reconciliation.completed',
      subject: account,
      cycleId,
      portfolioId,
      detail: { reconciliationId, status, breaks, why },
    });
    if (status === 'green') return;
    const first = breaks[0];
    ctx.alert({
      code: status === 'broken' ? 'RECONCILIATION_BROKEN' : 'RECONCILIATION_UNAVAILABLE',
      severity: status === 'broken' ? 'critical' : 'warning',
      message: first
        ? `${account}: ${breaks.length} differences to the venue, the first ${first.kind} ${first.subject}: ours ${first.ours ?? 'none'}, venue ${first.venue ?? 'none'}`
        : `${account}: the venue's books could not be had: ${why}`,
      numbers: { account, reconciliationId, breaks: String(breaks.length) },
      nextStep:
        status === 'broken'
          ? `see all of them under /api/v1/execution/reconciliations/${reconciliationId}`
          : 'ask again with POST /api/v1/execution/reconcile once the venue is back',
    });
  }
}
