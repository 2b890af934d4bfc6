import { ApprovalDeclined, ApprovalGranted, fact, type Fact, type Instant } from '@ballast/contracts';
import type { DecideApproval } from '../messages.js';
import type { Refused } from './refused.js';

export type ApprovalState = 'pending' | 'granted' | 'declined' | 'lapsed';

/** What risk asked a person, and what became of it. */
export interface Approval {
  readonly cycleId: string;
  readonly portfolioId: string;
  readonly approvedHash: string;
  readonly expiresAt: Instant;
  readonly state: ApprovalState;
}

export type Answer =
  | { readonly kind: 'refused'; readonly refusal: Refused }
  | { readonly kind: 'taken'; readonly state: 'granted' | 'declined'; readonly fact: Fact<'console'> };

/** Pending approvals that nobody may answer any more are shown for what they are. */
export const shownState = (
  { state, expiresAt }: Pick<Approval, 'state' | 'expiresAt'>,
  now: Instant,
): ApprovalState | 'expired' => (state === 'pending' && expiresAt <= now ? 'expired' : state);

/** Judges a person's answer: it counts once, in time, while the cycle is open, and for the list that was asked about. */
export function answer(approval: Approval | null, command: DecideApproval, now: Instant): Answer {
  const { cycleId, decision, approvedHash, by, reason } = command;
  if (!approval) {
    return refused('APPROVAL_NOT_REQUESTED', `No approval was asked for in cycle ${cycleId}.`);
  }
  if (approval.state === 'lapsed') return refused('APPROVAL_LAPSED', `Cycle ${cycleId} has ended.`);
  if (approval.state !== 'pending') {
    return refused('APPROVAL_DECIDED', `The approval of cycle ${cycleId} is ${approval.state} already.`);
  }
  if (approval.expiresAt <= now) {
    return refused('APPROVAL_EXPIRED', `The approval of cycle ${cycleId} had to be given by ${approval.expiresAt}.`);
  }
  if (approval.approvedHash !== approvedHash) {
    return refused(
      'APPROVAL_HASH_MISMATCH',
      `Asked about is ${approval.approvedHash}, and the answer is about ${approvedHash}.`,
    );
  }
  const said = { cycleId, portfolioId: approval.portfolioId, approvedHash, by, reason };
  return {
    kind: 'taken',
    state: decision,
    fact: decision === 'granted' ? fact(ApprovalGranted, said) : fact(ApprovalDeclined, said),
  };
}

const refused = (code: string, detail: string): Answer => ({
  kind: 'refused',
  refusal: {
    status: 409,
    code,
    title: 'The answer does not count',
    detail,
    nextStep: 'Read what is asked for now at GET /api/v1/approvals, and answer with a new Idempotency-Key.',
  },
});
