import type { ApprovalRequested, DataOf, Instant } from '@ballast/contracts';
import type { DataSource, EntityManager } from 'typeorm';
import { ApprovalEntity } from './entities/approval.entity.js';
import { pageOf, type Page } from './page.js';

/** Keeps what risk asks. Asked again for another list, the answer to the one before does not count for it. */
export async function keepApproval(
  tx: EntityManager,
  asked: DataOf<typeof ApprovalRequested>,
  at: Instant,
): Promise<void> {
  const pending = { state: 'pending', decidedAt: null, decidedBy: null, decidedReason: null } as const;
  await tx.upsert(ApprovalEntity, { ...asked, ...pending, requestedAt: at }, ['cycleId']);
}

export const findApproval = (tx: EntityManager, cycleId: string): Promise<ApprovalEntity | null> =>
  tx.findOneBy(ApprovalEntity, { cycleId });

/** Notes what a person said. */
export async function decideApproval(
  tx: EntityManager,
  cycleId: string,
  said: { state: 'granted' | 'declined'; by: string; reason: string },
  now: Instant,
): Promise<void> {
  const { state, by, reason } = said;
  await tx.update(ApprovalEntity, { cycleId }, { state, decidedAt: now, decidedBy: by, decidedReason: reason });
}

/** A cycle has ended: nobody is asked any more. */
export async function lapseApproval(tx: EntityManager, cycleId: string): Promise<void> {
  await tx.update(ApprovalEntity, { cycleId, state: 'pending' }, { state: 'lapsed' });
}

export interface ApprovalQuery {
  readonly book?: string | undefined;
  /** `expired` are those that are pending past their time. */
  readonly state?: 'pending' | 'expired' | 'granted' | 'declined' | 'lapsed' | undefined;
  /** The cycle of the last approval of the page before. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** Approvals, the newest first. */
export async function listApprovals(
  dataSource: DataSource,
  query: ApprovalQuery,
  now: Instant,
): Promise<Page<ApprovalEntity>> {
  const { book, state, after, limit } = query;
  const select = dataSource.manager.createQueryBuilder(ApprovalEntity, 'approval');
  if (book !== undefined) select.andWhere('approval.portfolio_id = :book', { book });
  if (state !== undefined) {
    select.andWhere('approval.state = :stored', { stored: state === 'expired' ? 'pending' : state });
    if (state === 'pending') select.andWhere('approval.expires_at > :now', { now });
    if (state === 'expired') select.andWhere('approval.expires_at <= :now', { now });
  }
  if (after !== undefined) {
    select.andWhere(
      '(approval.requested_at, approval.cycle_id) < (select requested_at, cycle_id from approval where cycle_id = :after)',
      { after },
    );
  }
  const rows = await select
    .orderBy('approval.requestedAt', 'DESC')
    .addOrderBy('approval.cycleId', 'DESC')
    .limit(limit + 1)
    .getMany();
  return pageOf(rows, limit, ({ cycleId }) => cycleId);
}
