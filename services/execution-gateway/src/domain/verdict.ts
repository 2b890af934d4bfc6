import {
  approvedHashOf,
  type DataOf,
  type Instant,
  type Mode,
  type Permit,
  type PlanApproved,
  type PlanRefused,
  type Trade,
} from '@ballast/contracts';
import { roomOf, takeRoom, type Holdings } from './closing.js';
import type { Halt } from './halt.js';

/** A verdict of risk that lets something be executed, as it travels. */
export type Verdict = DataOf<typeof PlanApproved>;

export type RefusalCode = DataOf<typeof PlanRefused>['code'];

/** What execution knows when a verdict comes in. */
export interface Circumstances {
  readonly now: Instant;
  /** Whether the signature over {@link permitOf} holds under the key that the verdict names. */
  readonly signatureHolds: boolean;
  /** The account's halt; null where the account is not known yet. */
  readonly halt: Pick<Halt, 'epoch' | 'halted'> | null;
  /** Why this gateway may not trade the account, by {@link modeFault}; null where it may. */
  readonly modeFault: string | null;
  /** Whether the account's books were compared with the venue's, so that it may be traded. */
  readonly ready: boolean;
  /** What the account holds; what a flatten is measured against. */
  readonly holdings: Holdings;
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
  purpose,
}: Verdict): Permit => ({
  planHash,
  approvedHash,
  account,
  limitsVersion,
  expiresAt,
  haltEpoch,
  purpose,
});

/** Why a gateway may not trade an account; null where it may. Real money takes the account's name beside the mode. */
export function modeFault(
  known: { readonly account: string; readonly mode: Mode } | null,
  gateway: { readonly EXECUTION_MODE: Mode; readonly EXECUTION_LIVE_CONFIRMED?: string | undefined },
): string | null {
  if (known === null) return 'the account was never opened here';
  const { account, mode } = known;
  const own = gateway.EXECUTION_MODE;
  if (mode !== own) return `account "${account}" is ${mode} and this gateway trades ${own}`;
  if (own === 'paper' || gateway.EXECUTION_LIVE_CONFIRMED === account) return null;
  return `account "${account}" is live, and EXECUTION_LIVE_CONFIRMED does not name it`;
}

/**
 * Decides whether a verdict is believed: its signature, that the trades are those that were signed, that it has not
 * expired, that the cycle was not executed before, that the account is one for this gateway, and that risk knew of every
 * halt that we know of. A flatten is executed only while the account is halted at exactly the epoch
 * that was signed, and only where every trade shrinks what we hold by our own fills.
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
  if (known.halt === null) return { kind: 'wait', reason: `account "${account}" has not been opened here yet` };
  if (known.modeFault !== null) return refuse('MODE_MISMATCH', known.modeFault);
  if (!known.ready) {
    return {
      kind: 'wait',
      reason: "the account's books have not been found to agree with the venue's since this gateway began",
    };
  }
  const { epoch, halted } = known.halt;
  if (haltEpoch < epoch) {
    return refuse('HALT_EPOCH_OLD', `it was given at halt epoch ${haltEpoch}; the account is at ${epoch}`);
  }
  if (haltEpoch > epoch) {
    return { kind: 'wait', reason: `it was given at halt epoch ${haltEpoch}; we are at ${epoch}` };
  }
  if (verdict.purpose === 'trade') return { kind: 'execute' };
  if (!halted) return refuse('ACCOUNT_NOT_HALTED', `it closes positions of a halt, and "${account}" is not halted`);
  const taken = takeRoom(roomOf(known.holdings), trades);
  return 'grows' in taken ? refuse('NOT_REDUCING', taken.grows) : { kind: 'execute' };
}
