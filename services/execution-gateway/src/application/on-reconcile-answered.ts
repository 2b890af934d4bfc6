import { perform, type Envelope, type LocalType } from '@ballast/contracts';
import { addMilliseconds } from '@ballast/kernel/calendar';
import { CONFIG, On, PACKS, type PackStore } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { VENUE, VERDICT_KEYS, type Venue, type VerdictKeys } from '../adapters/ports.js';
import type { ExecutionConfig } from '../config.js';
import { compareBooks, settleBreaks } from '../domain/reconcile.js';
import { Reconcile } from '../messages.js';
import { accountBy, ownBooks } from '../persistence/accounts.js';
import { watchBy } from '../persistence/watch.js';
import { concludeLook } from './conclude-look.js';
import { takeCatchUp } from './take-catch-up.js';
import { feesFrom, takeFees } from './take-fees.js';
import type { ExecutionContext } from './take-news.js';

/** How long a break may be on its way to us before it is looked at again, and how often it is. */
const RECHECK_MS = 2_000;
const ROUNDS_MAX = 8;
/** How far before the last time that both books agreed fills are fetched: venues list them a little late. */
const OVERLAP_MS = 5 * 60_000;

type Answered = typeof Reconcile.answered extends LocalType<infer D> ? D : never;

/**
 * The venue's books are here: they are compared with ours, as ours are now. What differs is looked at again, with the fills
 * and fees since the books last agreed, until it is gone, stands still, or has been looked at often enough.
 */
@Controller()
export class OnReconcileAnswered {
  constructor(
    @Inject(CONFIG) private readonly config: ExecutionConfig,
    @Inject(PACKS) private readonly packs: PackStore,
    @Inject(VERDICT_KEYS) private readonly keys: VerdictKeys,
    @Inject(VENUE) private readonly venue: Venue,
  ) {}

  @On(Reconcile.answered)
  async handle(@Payload() { data }: Envelope<Answered>, @Ctx() ctx: ExecutionContext): Promise<void> {
    const { request, outcome } = data;
    const { account, round } = request;
    const { config, keys, packs, venue } = this;
    const desk = { config, venue };
    const watch = await watchBy(ctx.tx, account);
    if (!watch || (request.purpose === 'watch' && request.reconciliationId !== watch.lookId)) return;
    const conclude = (found: Parameters<typeof concludeLook>[3]): Promise<void> =>
      concludeLook(ctx, { desk, keys, packs }, { watch, request }, found);
    if (outcome.status !== 'done') {
      return conclude({ status: 'unavailable', breaks: [], facts: null, why: outcome.reason });
    }
    const { answer } = outcome;
    // Breaks alone show what somebody else did: as long as they stand, and not each time that they are looked at.
    const asked = request.since === null ? 0 : await takeCatchUp(ctx, desk, account, answer, 'shows');
    const known = (await accountBy(ctx.tx, account))!;
    await takeFees(ctx, venue.name, known, answer.fees ?? []);
    const named = answer.orders.map((order) => order.clientOrderId);
    const breaks = compareBooks(await ownBooks(ctx.tx, account, named), answer, config.EXECUTION_CASH_TOLERANCE_USD);
    const state = settleBreaks(request.seen, breaks);
    if (state !== 'green' && (state === 'moving' || asked > 0) && round < ROUNDS_MAX) {
      const askedAt = addMilliseconds(ctx.now, RECHECK_MS);
      const since = addMilliseconds(watch.greenAt ?? known.openedAt, -OVERLAP_MS);
      // A fee looks like cash that is gone, and no stream tells of it.
      const fees = breaks.some(({ kind }) => kind === 'cash') ? { feesSince: await feesFrom(ctx, known) } : {};
      const again = { ...request, round: round + 1, askedAt, since, ...fees, seen: breaks };
      ctx.later([perform(Reconcile, account, again, askedAt)]);
      return;
    }
    await conclude({ status: state === 'green' ? 'green' : 'broken', breaks, facts: answer.account, why: null });
  }
}
