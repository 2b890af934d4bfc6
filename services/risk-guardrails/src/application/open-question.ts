import type { InboxContext } from '@ballast/platform';
import type { ReviewEntity } from '../persistence/entities/review.entity.js';
import { findReview } from '../persistence/queries.js';

/**
 * The review that a person's answer belongs to; null where nothing is asked (any more)
 * or the answer is about another list than the one that was asked about.
 */
export async function openQuestion(
  ctx: InboxContext<'risk'>,
  answer: { cycleId: string; portfolioId: string; approvedHash: string; by: string },
): Promise<ReviewEntity | null> {
  const { cycleId, portfolioId, approvedHash, by } = answer;
  const review = await findReview(ctx.tx, cycleId);
  const asked = review?.status === 'asked' ? review.proposal!.approvedHash : null;
  if (asked === approvedHash) return review;
  ctx.audit({
    act: 'approval.ignored',
    actor: by,
    subject: cycleId,
    cycleId,
    portfolioId,
    detail: { approvedHash, asked },
  });
  ctx.alert({
    code: 'APPROVAL_MISMATCH',
    severity: 'warning',
    message:
      asked === null
        ? `${by} answered for cycle ${cycleId}, about which nothing is asked`
        : `${by} answered about another list of trades than the one asked about in cycle ${cycleId}`,
    numbers: { cycleId, answered: approvedHash, asked: asked ?? 'nothing' },
    nextStep: `see what is asked, if anything: GET /api/v1/verdicts/${cycleId}; then answer about that hash`,
  });
  return null;
}
