import { addMilliseconds } from '@ballast/kernel/calendar';
import type { Instant } from '@ballast/kernel/calendar';
import { D } from '@ballast/kernel/money';
import type { Decimal } from '@ballast/kernel/money';
import { bandsFor } from '@ballast/kernel/risk-measures';
import type { Bands } from '@ballast/kernel/risk-measures';
import type { MarketSession } from './market.js';
import type { Tape, TapeEvent } from './tape.js';

export { bandsFor, type Bands };

/** A trading pause; its end is no longer in it. */
export interface Pause {
  readonly from: Instant;
  readonly to: Instant;
}

/** The bands and pauses of one symbol over a session. */
export interface LuldDay {
  /** In order of time, each in force until the next. */
  readonly bands: readonly (Bands & { readonly from: Instant })[];
  readonly pauses: readonly Pause[];
}

/** The plan's numbers: National Market System Plan to Address Extraordinary Market Volatility, section VI. */
const LIMIT_STATE_MS = 15_000;
const PAUSE_MS = 5 * 60_000;
const REFERENCE_MS = 5 * 60_000;
const REFERENCE_HOLD_MS = 30_000;
const REFERENCE_MOVE = new D('0.01');
const LAST_MINUTES_MS = 25 * 60_000;

/**
 * Follows a symbol through a session. The first reference is the open; later ones are the mean of the prices of five
 * minutes, looked at every 30 seconds and taken where it moved by 1 % or more. A bid at the upper band or an ask at the
 * lower one for 15 seconds pauses trading for five minutes, after which the mid price is the reference.
 */
export function luldDayOf(
  session: MarketSession,
  tape: Tape,
  terms: { readonly tier: 1 | 2; readonly open: Decimal; readonly previousClose: Decimal },
): LuldDay {
  const walk = new Walk(session, terms);
  const justBefore = addMilliseconds(session.open, -1);
  for (const event of tape.events(justBefore, addMilliseconds(session.close, -1))) walk.follow(event);
  return walk.end();
}

/** The bands in force at an instant. */
export function bandsAt(day: LuldDay, at: Instant): Bands | null {
  return day.bands.findLast(({ from }) => from <= at) ?? null;
}

/** The pause that an instant lies in. */
export function pauseAt(day: LuldDay, at: Instant): Pause | null {
  return day.pauses.find(({ from, to }) => from <= at && at < to) ?? null;
}

/** The state of the walk in {@link luldDayOf}; lives within that one call. */
class Walk {
  private readonly bands: (Bands & { from: Instant })[] = [];
  private readonly pauses: Pause[] = [];
  private prices: { at: Instant; price: Decimal }[] = [];
  private reference: Decimal;
  private heldUntil: Instant;
  private limitSince: Instant | null = null;
  private reopensAt: Instant | null = null;
  private lastMid: Decimal;
  private doubled = false;

  constructor(
    private readonly session: MarketSession,
    private readonly terms: { readonly tier: 1 | 2; readonly open: Decimal; readonly previousClose: Decimal },
  ) {
    this.reference = terms.open;
    this.lastMid = terms.open;
    this.heldUntil = addMilliseconds(session.open, REFERENCE_HOLD_MS);
    this.setBands(session.open);
  }

  follow(event: TapeEvent): void {
    this.pauseWhereDue(event.at);
    this.reopenWhereDue(event.at);
    if (event.kind === 'quote') this.lastMid = event.quote.mid;
    if (this.reopensAt !== null) return;
    this.renewReference(event.at);
    const price = event.kind === 'trade' ? event.low.plus(event.high).div(2) : event.price;
    if (price) this.prices.push({ at: event.at, price });
    if (event.kind !== 'quote') return;
    const { lower, upper } = this.bands.at(-1)!;
    const atLimit = event.quote.bid.greaterThanOrEqualTo(upper) || event.quote.ask.lessThanOrEqualTo(lower);
    this.limitSince = atLimit ? (this.limitSince ?? event.at) : null;
  }

  end(): LuldDay {
    this.pauseWhereDue(this.session.close);
    this.reopenWhereDue(this.session.close);
    return { bands: this.bands, pauses: this.pauses };
  }

  private pauseWhereDue(now: Instant): void {
    if (this.limitSince === null) return;
    const from = addMilliseconds(this.limitSince, LIMIT_STATE_MS);
    if (now < from || from >= this.session.close) return;
    const to = addMilliseconds(from, PAUSE_MS);
    this.pauses.push({ from, to });
    this.limitSince = null;
    this.reopensAt = to;
  }

  /** Begins anew around the price at the end of a pause. */
  private reopenWhereDue(now: Instant): void {
    const at = this.reopensAt;
    if (at === null || now < at) return;
    this.reopensAt = null;
    this.prices = [{ at, price: this.lastMid }];
    this.takeReference(this.lastMid, at);
  }

  private renewReference(now: Instant): void {
    const last = addMilliseconds(this.session.close, -LAST_MINUTES_MS);
    if (!this.doubled && now >= last) {
      this.doubled = true;
      this.setBands(last);
    }
    if (now < this.heldUntil) return;
    const since = addMilliseconds(now, -REFERENCE_MS);
    this.prices = this.prices.filter(({ at }) => at > since);
    if (this.prices.length === 0) return;
    const mean = this.prices.reduce((sum, { price }) => sum.plus(price), new D(0)).div(this.prices.length);
    if (mean.minus(this.reference).abs().greaterThanOrEqualTo(this.reference.times(REFERENCE_MOVE))) {
      this.takeReference(mean, now);
    }
  }

  private takeReference(reference: Decimal, at: Instant): void {
    this.reference = reference;
    this.heldUntil = addMilliseconds(at, REFERENCE_HOLD_MS);
    this.setBands(at);
  }

  private setBands(from: Instant): void {
    const { tier, previousClose } = this.terms;
    const { reference } = this;
    this.bands.push({ from, ...bandsFor({ tier, reference, previousClose, lastMinutes: this.doubled }) });
  }
}
