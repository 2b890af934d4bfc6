import { D } from '../money/index.js';
import type { Decimal } from '../money/index.js';
import { nextSession } from '../calendar/index.js';
import type { SessionDate } from '../calendar/index.js';

/** How far the equity of an account is below what its largest intraday exposure asks for, US dollars. */
export interface IntradayMarginDeficit {
  /** Zero where there is none. */
  readonly deficit: Decimal;
  /** Whether it is too small to be called in: up to 1,000 or 5 % of equity, whichever is less. */
  readonly deMinimis: boolean;
}

const DE_MINIMIS_USD = new D(1_000);
const DE_MINIMIS_SHARE = new D('0.05');
/** Sessions after the deficit; whoever makes a pattern of not meeting it by then may open nothing new for 90 days. */
const CURE_SESSIONS = 5;

/**
 * The intraday margin deficit (FINRA Rule 4210(d)(2), from 2026-06-04). In: equity and the maintenance requirement at the highest
 * exposure of the day. Of the exact text on small deficits only quotations were seen: the lesser of the two amounts is the careful reading.
 */
export function intradayMarginDeficit(equity: Decimal, maintenance: Decimal): IntradayMarginDeficit {
  const deficit = D.max(0, maintenance.minus(equity));
  const small = D.min(DE_MINIMIS_USD, D.max(0, equity.times(DE_MINIMIS_SHARE)));
  return { deficit, deMinimis: deficit.lessThanOrEqualTo(small) };
}

/** The last session on which a deficit of a date can be met. @throws KernelError INVALID_DATE, CALENDAR_OUT_OF_RANGE. */
export function cureBy(date: SessionDate): SessionDate {
  let day = date;
  for (let i = 0; i < CURE_SESSIONS; i += 1) day = nextSession(day).date;
  return day;
}
