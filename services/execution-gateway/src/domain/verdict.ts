import {
  approvedHashOf,
  type DataOf,
  type Instant,
  type Permit,
  type PlanApproved,
  type PlanRefused,
  type Trade,
} from '@ballast/contracts';

/** A verdict of risk that lets something be executed, as it travels. */
export type Verdict = DataOf<typeof PlanApproved>;

export type RefusalCode = DataOf<typeof PlanRefused>['code'];

/** What execution knows when a verdict comes in. */
export interface Circumstances {
  readonly now: Instant;
  /** Whether the signature over {@link permitOf} holds under the key that the verdict names. */
  readonly signatureHolds: boolean;
  /** The account's halt epoch; null where the account is not known yet. */
  readonly haltEpoch: number | null;
  /** The approved hash that this cycle was executed with before; null where it was not. */
  readonly executedHash: string | null;
}

/** What becomes of a verdict. */
export type Judgement =
  | { readonly kind: 'execute' }
  /** Came before and was taken in: nothing happens twice. */
  | { readonly kind: 'seen' }
  /** It knows more than we do; it is kept until we have heard of that too. */
  | { readonly kind: 'wait'; readonly reason: string }
  | { readonly kind: 'refuse'; readonly code: RefusalCode; readonly reason: string };

/** What a verdict's signature stands for. */
export const permitOf = ({
  planHash,
  approvedHash,
  account,
  limitsVersion,
  expiresAt,
  haltEpoch,
}: Verdict): Permit => ({
  planHash,
  approvedHash,
  account,
  limitsVersion,
  expiresAt,
  haltEpoch,
});

/**
 * Decides whether a verdict is believed: its signature, that the trades are those that were signed, that it has not
 * expired, that the cycle was not executed before, and that risk knew of every halt that we know of (design.md section 8).
 */
export function judgeVerdict(verdict: Verdict, trades: readonly Trade[], known: Circumstances): Judgement {
  const { cycleId, account, approvedHash, expiresAt, haltEpoch } = verdict;
  const refuse = (code: RefusalCode, reason: string): Judgement => ({ kind: 'refuse', code, reason });
  if (!known.signatureHolds) {
    return refuse('SIGNATURE_INVALID', `the signature does not hold under key "${verdict.keyId}"`);
  }
  const computed = approvedHashOf({ cycleId, account, trades });
  if (computed !== approvedHash) {
    return refuse('HASH_MISMATCH', `the trades hash to ${computed}, but ${approvedHash} was signed`);
  }
  if (known.executedHash === approvedHash) return { kind: 'seen' };
  if (known.executedHash !== null) {
    return refuse('VERDICT_REPLAYED', `cycle ${cycleId} was executed as ${known.executedHash} before`);
  }
  if (expiresAt <= known.now) return refuse('VERDICT_EXPIRED', `it expired at ${expiresAt}; now it is ${known.now}`);
  if (known.haltEpoch === null) return { kind: 'wait', reason: `account "${account}" has not been opened here yet` };
  if (haltEpoch < known.haltEpoch) {
    return refuse('HALT_EPOCH_OLD', `it was given at halt epoch ${haltEpoch}; the account is at ${known.haltEpoch}`);
  }
  if (haltEpoch > known.haltEpoch) {
    return { kind: 'wait', reason: `it was given at halt epoch ${haltEpoch}; we are at ${known.haltEpoch}` };
  }
  return { kind: 'execute' };
}
