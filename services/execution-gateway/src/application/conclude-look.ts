import { fact, ReconciliationCompleted, wake, type Break } from '@ballast/contracts';
import { dayTradeAlarm } from '../domain/account-monitor.js';
import { staleOrders } from '../domain/stale-orders.js';
import { judgeLook, nextLook, type LookStatus, type Watch } from '../domain/watch.js';
import { SlicesDue, type ReconcileRequest, type VenueAccount } from '../messages.js';
import { countFees } from '../persistence/fees.js';
import { hasOpenOrder, openChildren } from '../persistence/orders.js';
import {
  countFills,
  hasWaitingSlice,
  openBreaks,
  replaceBreaks,
  saveReconciliation,
  saveWatch,
} from '../persistence/watch.js';
import { haltForBreaks } from './halt-breaks.js';
import { lookAt, paceOf } from './look.js';
import { takeNews, type Desk, type ExecutionContext } from './take-news.js';
import { takeWaitingVerdicts, type Bar } from './take-verdict.js';

/** What came of a look. */
export interface Found {
  readonly status: LookStatus;
  readonly breaks: readonly Break[];
  /** The venue's word on the account; null where it could not be had. */
  readonly facts: VenueAccount | null;
  /** Why it could not be had. */
  readonly why: string | null;
}

interface Looked {
  readonly watch: Watch;
  readonly request: ReconcileRequest;
}

/**
 * Takes in what a look found: breaks that are new halt what they are about, books that agree let the account trade, orders
 * that have gone stale are cancelled, what waited for the look goes on, and the next look is set.
 */
export async function concludeLook(ctx: ExecutionContext, bar: Bar, looked: Looked, found: Found): Promise<void> {
  const { watch, request } = looked;
  const { account, purpose } = request;
  const heard = found.status !== 'unavailable';
  const known = await openBreaks(ctx.tx, account);
  const { fresh, standing, changed, readyAt } = judgeLook(watch, known, found, ctx.now);
  if (heard) await replaceBreaks(ctx.tx, account, fresh, standing, ctx.now);
  if (purpose !== 'watch' || changed) await say(ctx, request, found);
  await haltForBreaks(ctx, account, fresh);
  await saveWatch(ctx.tx, account, {
    status: found.status,
    readyAt,
    ...(found.status === 'green' ? { greenAt: request.askedAt } : {}),
    ...(purpose === 'watch' ? { lookId: null } : {}),
  });
  if (found.facts) await takeFacts(ctx, watch, found.facts, request.askedAt);
  if (heard) {
    await cancelStale(ctx, bar.desk, account);
    if (watch.readyAt === null || watch.status !== found.status) await takeWaitingVerdicts(ctx, bar, account);
  }
  if (readyAt !== watch.readyAt) {
    ctx.audit({
      act: 'account.ready',
      subject: account,
      portfolioId: watch.portfolioId,
      detail: { status: found.status, breaks: found.breaks },
    });
  }
  if (await hasWaitingSlice(ctx.tx, account, ctx.now)) {
    ctx.later([wake(SlicesDue, account, { account, dueAt: ctx.now }, ctx.now)]);
  }
  if (purpose !== 'watch') return;
  const open = await hasOpenOrder(ctx.tx, account);
  await lookAt(ctx, account, nextLook({ open, status: found.status, readyAt }, paceOf(bar.desk.config), ctx.now));
}

/** Keeps the venue's word on an account. */
async function takeFacts(ctx: ExecutionContext, watch: Watch, facts: VenueAccount, factsAt: string): Promise<void> {
  await saveWatch(ctx.tx, watch.account, { facts, factsAt });
  const alarm = dayTradeAlarm(watch.account, watch.facts, facts);
  if (alarm) ctx.alert(alarm);
}

async function say(ctx: ExecutionContext, request: ReconcileRequest, { status, breaks, why }: Found): Promise<void> {
  const { reconciliationId, account, portfolioId, cycleId, purpose } = request;
  const result = { reconciliationId, account, portfolioId, cycleId, status, breaks: [...breaks], at: ctx.now };
  await saveReconciliation(ctx.tx, { ...result, purpose });
  const [fills, fees] = [await countFills(ctx.tx, account), await countFees(ctx.tx, account)];
  ctx.emit([fact(ReconciliationCompleted, { ...result, fills, ...(fees > 0 ? { fees } : {}) })]);
  ctx.audit({
    act: 'reconciliation.completed',
    subject: account,
    cycleId,
    portfolioId,
    detail: { reconciliationId, purpose, status, breaks, why },
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
        ? `see all of them with "ballast recon show" or under /api/v1/execution/reconciliations/${reconciliationId}`
        : 'it is looked at again by itself; "ballast recon run" asks now',
  });
}

async function cancelStale(ctx: ExecutionContext, desk: Desk, account: string): Promise<void> {
  const { EXECUTION_STALE_ORDER_MINUTES: minutes } = desk.config;
  const stale = staleOrders(await openChildren(ctx.tx, account), ctx.now, minutes * 60_000);
  if (stale.length === 0) return;
  await takeNews(ctx, desk, stale);
  const symbols = [...new Set(stale.map(({ order }) => order.symbol))].sort().slice(0, 10);
  ctx.alert({
    code: 'ORDERS_STALE',
    severity: 'warning',
    message: `${account}: ${stale.length} orders at the market were not filled ${minutes} minutes after their slices were due, and are cancelled: ${symbols.join(', ')}`,
    numbers: { account, orders: String(stale.length), minutes: String(minutes) },
    nextStep: 'see whether these names trade; what was not filled is left to the next cycle',
  });
}
