import {
  approvedHashOf,
  ApprovalRequested,
  fact,
  permitText,
  PlanApproved,
  PlanTrimmed,
  PlanVetoed,
  Trade,
  type Check,
  type DataOf,
  type Permit,
  type Trim,
} from '@ballast/contracts';
import { decimal, formatDecimal } from '@ballast/kernel/money';
import { CONFIG, packRows, PACKS, unpackRows, type InboxContext, type PackStore } from '@ballast/platform';
import { Inject, Injectable } from '@nestjs/common';
import { SIGNER, type Signer } from '../adapters/ports.js';
import type { RiskConfig } from '../config.js';
import { judge, notionalOf, type Judgement } from '../domain/judgement.js';
import type { ReviewEntity } from '../persistence/entities/review.entity.js';
import { findReview, haltOf, rememberPart, saveVerdict } from '../persistence/queries.js';
import { loadView } from './load-book.js';
import { ruleBookOf } from './rule-book-of.js';

type Context = InboxContext<'risk'>;
type Signed = DataOf<typeof PlanApproved>;

/** Judges reviews and says verdicts; shared by everything that can complete a review. */
@Injectable()
export class VerdictMaker {
  constructor(
    @Inject(CONFIG) private readonly config: RiskConfig,
    @Inject(PACKS) private readonly packs: PackStore,
    @Inject(SIGNER) private readonly signer: Signer,
  ) {}

  /** Judges a cycle's plan once its last part has come, whichever that is. */
  async judgeWhenReady(ctx: Context, review: ReviewEntity): Promise<void> {
    const { status, plan, mode, expiresAt, snapshot, valuation } = review;
    if (status !== 'gathering' || !plan || !mode || !expiresAt || !snapshot || !valuation) return;
    const trades = await unpackRows(this.packs, plan.trades, Trade);
    await this.conclude(ctx, review, await this.#judge(ctx, review, trades));
  }

  /** Says what a judgement comes to: a veto, a question to a person, or a signed permit. */
  async conclude(ctx: Context, review: ReviewEntity, judgement: Judgement): Promise<void> {
    if (judgement.verdict === 'vetoed') return this.veto(ctx, review, judgement);
    const threshold = this.config.RISK_APPROVAL_NOTIONAL_USD_MIN;
    if (threshold !== undefined && notionalOf(judgement.trades).greaterThan(decimal(threshold))) {
      return this.#ask(ctx, review, judgement, threshold);
    }
    return this.#sign(ctx, review, judgement, judgement.trims);
  }

  /** Says what closing a halted book comes to. Nobody is asked for a yes: a person asked for it. */
  async concludeFlatten(ctx: Context, review: ReviewEntity, judgement: Judgement, haltEpoch: number): Promise<void> {
    if (judgement.verdict === 'vetoed') return this.veto(ctx, review, judgement);
    return this.#sign(ctx, review, judgement, judgement.trims, { purpose: 'flatten', haltEpoch });
  }

  /** Judges again what a person approved: the same list is confirmed or vetoed, never trimmed. */
  async confirm(ctx: Context, review: ReviewEntity, trims: readonly Trim[]): Promise<void> {
    const approved = await unpackRows(this.packs, review.proposal!.trades, Trade);
    const judgement = await this.#judge(ctx, review, approved);
    if (judgement.verdict === 'approved') return this.#sign(ctx, review, judgement, trims);
    const codes = judgement.verdict === 'vetoed' ? judgement.codes : judgement.trims.map(({ code }) => code);
    return this.veto(ctx, review, { ...judgement, codes: [...new Set(codes)].sort() });
  }

  /** Says that nothing may be executed, and why. */
  async veto(
    ctx: Context,
    review: ReviewEntity,
    { checks, trims, codes }: Pick<Judgement, 'checks' | 'trims' | 'codes'>,
  ): Promise<void> {
    const verdict = { ...(await this.#judged(ctx, review, checks, trims)), codes: [...codes] };
    const { cycleId, portfolioId } = review;
    await saveVerdict(ctx.tx, {
      ...{ cycleId, portfolioId, outcome: 'vetoed', outstanding: false, verdict, judgedAt: ctx.now },
    });
    ctx.emit([fact(PlanVetoed, verdict)]);
    this.#audit(ctx, review, 'vetoed', codes, { trims: trims.length });
    const what = { plan: 'the plan of cycle', manual: 'order', flatten: 'flatten' }[review.origin];
    ctx.alert({
      code: 'PLAN_VETOED',
      severity: 'warning',
      message: `${what} ${cycleId} for ${portfolioId} was vetoed: ${codes.join(', ')}`,
      numbers: { cycleId, codes: codes.join(' '), refusedTrades: String(trims.length) },
      nextStep: `see every check with its numbers: GET /api/v1/verdicts/${cycleId}`,
    });
  }

  async #judge(ctx: Context, review: ReviewEntity, trades: readonly Trade[]): Promise<Judgement> {
    const { basisCycleId, cycleId } = review;
    const basis = basisCycleId === cycleId ? review : (await findReview(ctx.tx, basisCycleId))!;
    const view = await loadView(ctx.tx, this.packs, basis, cycleId);
    const { halted } = await haltOf(ctx.tx, accountOf(review));
    return judge(view, trades, { limits: ruleBookOf(this.config), mode: review.mode!, halted });
  }

  async #ask(ctx: Context, review: ReviewEntity, { trades, trims }: Judgement, threshold: string): Promise<void> {
    const { cycleId, portfolioId } = review;
    const account = accountOf(review);
    const approvedHash = approvedHashOf({ cycleId, account, trades });
    const proposal = {
      ...{ approvedHash, trades: await packRows<Trade>(this.packs, trades) },
      trims: await packRows<Trim>(this.packs, trims),
    };
    await rememberPart(ctx.tx, review, { status: 'asked', proposal });
    const notional = formatDecimal(notionalOf(trades));
    const reasons = [`trades worth ${notional} USD are more than ${threshold} USD, above which a person decides`];
    const expiresAt = review.expiresAt!;
    const planHash = review.plan!.planHash;
    ctx.emit([
      fact(ApprovalRequested, { cycleId, portfolioId, account, planHash, approvedHash, notional, reasons, expiresAt }),
    ]);
    this.#audit(ctx, review, 'approval_requested', [], { notional, threshold, approvedHash });
  }

  async #sign(
    ctx: Context,
    review: ReviewEntity,
    judgement: Judgement,
    trims: readonly Trim[],
    closing?: Pick<Permit, 'purpose' | 'haltEpoch'>,
  ): Promise<void> {
    const { cycleId, portfolioId, plan, expiresAt } = review;
    const { trades, checks } = judgement;
    const account = accountOf(review);
    const under = closing ?? { purpose: 'trade' as const, haltEpoch: (await haltOf(ctx.tx, account)).epoch };
    const judged = await this.#judged(ctx, review, checks, trims);
    const permit = {
      ...{ planHash: plan!.planHash, account, limitsVersion: judged.limitsVersion, expiresAt: expiresAt!, ...under },
      approvedHash: approvedHashOf({ cycleId, account, trades }),
    };
    const verdict: Signed = {
      ...judged,
      ...permit,
      trades: (await packRows<Trade>(this.packs, trades)) as never,
      keyId: this.signer.keyId,
      signature: this.signer.sign(permitText(permit)),
    };
    const outcome = trims.length > 0 ? 'trimmed' : 'approved';
    await saveVerdict(ctx.tx, {
      ...{ cycleId, portfolioId, outcome, outstanding: trades.length > 0, verdict, judgedAt: ctx.now },
    });
    ctx.emit([fact(outcome === 'trimmed' ? PlanTrimmed : PlanApproved, verdict)]);
    const codes = [...new Set(trims.map(({ code }) => code))].sort();
    this.#audit(ctx, review, outcome, codes, {
      approvedHash: permit.approvedHash,
      trades: trades.length,
      trims: trims.length,
    });
  }

  async #judged(ctx: Context, review: ReviewEntity, checks: readonly Check[], trims: readonly Trim[]) {
    const { cycleId, portfolioId, origin, plan } = review;
    return {
      ...{ cycleId, portfolioId, origin, account: accountOf(review), planHash: plan!.planHash, judgedAt: ctx.now },
      limitsVersion: ruleBookOf(this.config).version,
      checks: (await packRows<Check>(this.packs, checks)) as never,
      trims: (await packRows<Trim>(this.packs, trims)) as never,
    };
  }

  #audit(ctx: Context, review: ReviewEntity, verdict: string, codes: readonly string[], detail: object): void {
    const { cycleId, portfolioId, origin, plan } = review;
    const limitsVersion = ruleBookOf(this.config).version;
    ctx.audit({
      ...{ act: 'plan.judged', subject: plan!.planHash, cycleId, portfolioId },
      detail: { verdict, codes, origin, limitsVersion, ...detail },
    });
  }
}

/** A book is its own account. */
const accountOf = ({ valuation, portfolioId }: ReviewEntity): string => valuation?.account ?? portfolioId;
