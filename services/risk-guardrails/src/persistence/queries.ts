import type { Trade } from '@ballast/contracts';
import { LedgerPosted, type DataOf, type Rows } from '@ballast/contracts';
import type { EntityManager } from 'typeorm';
import { HaltEntity } from './entities/halt.entity.js';
import { PostedLedgerEntity } from './entities/posted-ledger.entity.js';
import { ReviewEntity } from './entities/review.entity.js';
import { VerdictEntity } from './entities/verdict.entity.js';

type Part = Partial<Omit<ReviewEntity, 'cycleId' | 'portfolioId' | 'origin' | 'basisCycleId'>>;

const EMPTY = {
  ...{ mode: null, expiresAt: null, snapshot: null, valuation: null, valuedAt: null, plan: null, proposal: null },
  status: 'gathering',
} as const;

/** Adds a part to what is known of a cycle, and returns all of it; parts may come in any order. */
export async function rememberPart(
  tx: EntityManager,
  { cycleId, portfolioId }: { cycleId: string; portfolioId: string },
  part: Part,
): Promise<ReviewEntity> {
  const known = await tx.findOneBy(ReviewEntity, { cycleId });
  const fresh = { ...EMPTY, cycleId, portfolioId, origin: 'plan', basisCycleId: cycleId } as const;
  const review = Object.assign(known ?? tx.create(ReviewEntity, fresh), part);
  if (!known) await tx.insert(ReviewEntity, review as never);
  else if (Object.keys(part).length > 0) await tx.update(ReviewEntity, { cycleId }, part as never);
  return review;
}

/** Begins the review of what a person asked for. */
export async function beginRequestReview(
  tx: EntityManager,
  asked: Pick<ReviewEntity, 'cycleId' | 'portfolioId' | 'origin' | 'basisCycleId' | 'mode' | 'expiresAt' | 'plan'>,
): Promise<ReviewEntity> {
  const review = tx.create(ReviewEntity, { ...EMPTY, ...asked });
  await tx.insert(ReviewEntity, review as never);
  return review;
}

export const findReview = (tx: EntityManager, cycleId: string): Promise<ReviewEntity | null> =>
  tx.findOneBy(ReviewEntity, { cycleId });

/** The cycle whose marks and valuation of a book were heard last. */
export const lastValued = (tx: EntityManager, portfolioId: string): Promise<ReviewEntity | null> =>
  tx
    .createQueryBuilder(ReviewEntity, 'review')
    .where('review.portfolioId = :portfolioId and review.valuedAt is not null', { portfolioId })
    .andWhere('review.snapshot is not null')
    .orderBy('review.valuedAt', 'DESC')
    .addOrderBy('review.cycleId', 'ASC')
    .limit(1)
    .getOne();

/** Where an account stands: epoch 0 and not halted where no halt was ever heard of. */
export async function haltOf(tx: EntityManager, account: string): Promise<Pick<HaltEntity, 'epoch' | 'halted'>> {
  return (await tx.findOneBy(HaltEntity, { account })) ?? { epoch: 0, halted: false };
}

/** Keeps a halt unless a newer one is known. */
export async function rememberHalt(tx: EntityManager, { account, epoch, halted, at }: HaltEntity): Promise<void> {
  await tx.query(
    `insert into halt (account, epoch, halted, at) values ($1, $2, $3, $4)
     on conflict (account) do update set epoch = excluded.epoch, halted = excluded.halted, at = excluded.at
      where halt.epoch <= excluded.epoch`,
    [account, epoch, halted, at],
  );
}

/** Keeps a verdict, and ends its review. */
export async function saveVerdict(tx: EntityManager, verdict: VerdictEntity): Promise<void> {
  await tx.insert(VerdictEntity, verdict as never);
  await tx.update(ReviewEntity, { cycleId: verdict.cycleId }, { status: 'judged' });
}

/** The trades of a book that were let through and are in no valuation and no ledger yet, but those of one cycle. */
export async function outstandingTrades(tx: EntityManager, portfolioId: string, but: string): Promise<Rows<Trade>[]> {
  const rows = await tx.query<{ trades: Rows<Trade> }[]>(
    `select verdict -> 'trades' as trades from verdict
      where portfolio_id = $1 and outstanding and cycle_id <> $2 order by cycle_id`,
    [portfolioId, but],
  );
  return rows.map((row) => row.trades);
}

/**
 * A valuation knows of what was let through before it was made: every plan, for a book
 * has one open cycle, and the orders of persons that were judged before its time.
 */
export async function settleBefore(tx: EntityManager, portfolioId: string, valuedAt: string): Promise<void> {
  await tx.query(
    `update verdict set outstanding = false
      where portfolio_id = $1 and outstanding and (judged_at < $2 or verdict ->> 'origin' = 'plan')`,
    [portfolioId, valuedAt],
  );
}

/** The ledger has what a cycle let through. */
export const settleCycle = async (tx: EntityManager, cycleId: string): Promise<void> => {
  await tx.query(`update verdict set outstanding = false where cycle_id = $1`, [cycleId]);
};

/** Execution does nothing of a verdict: it does not count as working. */
export const settleRefused = async (tx: EntityManager, cycleId: string, approvedHash: string): Promise<void> => {
  await tx.query(`update verdict set outstanding = false where cycle_id = $1 and verdict ->> 'approvedHash' = $2`, [
    cycleId,
    approvedHash,
  ]);
};

/** Keeps the newest ledger of a book. */
export async function rememberLedger(tx: EntityManager, data: DataOf<typeof LedgerPosted>): Promise<void> {
  await tx.query(
    `insert into posted_ledger (portfolio_id, sequence, cash, positions) values ($1, $2, $3, $4)
     on conflict (portfolio_id) do update
        set sequence = excluded.sequence, cash = excluded.cash, positions = excluded.positions
      where posted_ledger.sequence <= excluded.sequence`,
    [data.portfolioId, data.toSequence, data.cash, JSON.stringify(data.positions)],
  );
}

export const findLedger = (tx: EntityManager, portfolioId: string): Promise<PostedLedgerEntity | null> =>
  tx.findOneBy(PostedLedgerEntity, { portfolioId });
