import { Controller, Get, Inject, Param, Query, UseGuards } from '@nestjs/common';
import { addDays, dateInNewYork, nextSessionOpening, sessionsBetween, settlementDate } from '@ballast/kernel/calendar';
import type { Instant, Session } from '@ballast/kernel/calendar';
import { assetIdOf } from '../domain/identity.js';
import { phaseAt } from '../domain/market.js';
import { minuteBarsOf } from '../domain/minute-bars.js';
import { refuse } from '../domain/refusal.js';
import { seenTape } from '../domain/view.js';
import { AccountGuard, orRefuse } from './http.js';
import { readBarsQuery, readCalendarQuery, readSymbolsQuery } from './query.js';
import { Venue } from './venue.js';
import { assetJson, barJson, quoteJson } from './wire.js';

const CALENDAR_DAYS_DEFAULT = 30;
const MINUTE_MS = 60_000;

@Controller('v2')
@UseGuards(AccountGuard)
export class MarketController {
  constructor(@Inject(Venue) private readonly venue: Venue) {}

  /** The venue is open while the session that was set is; a day without simulated market is a day it stays shut. */
  @Get('clock')
  clock(): object {
    const now = this.venue.now();
    const { session } = this.venue;
    const phase = session ? phaseAt(session, now) : 'closed';
    const next = session && phase === 'before_open' ? session : nextSessionOpening(laterOf(now, session?.close ?? now));
    return {
      timestamp: now,
      is_open: phase === 'open',
      next_open: next.open,
      next_close: session && phase === 'open' ? session.close : next.close,
    };
  }

  @Get('calendar')
  calendar(@Query() query: unknown): object[] {
    const { start, end } = orRefuse(readCalendarQuery(query));
    const from = start ?? dateInNewYork(this.venue.now());
    return sessionsBetween(from, end ?? addDays(from, CALENDAR_DAYS_DEFAULT)).map(calendarDay);
  }

  /** What can be traded and borrowed of a symbol now. */
  @Get('assets/:symbol')
  asset(@Param('symbol') symbolOrAssetId: string): object {
    const symbols = [...(this.venue.session?.bars.keys() ?? [])];
    const symbol = symbols.find((each) => each === symbolOrAssetId || assetIdOf(each) === symbolOrAssetId);
    const found = orRefuse(symbol ?? refuse(404, 40410000, `asset not found for ${symbolOrAssetId}`));
    return assetJson(found, this.venue.lendable(found)?.greaterThan(0) ?? false);
  }

  @Get('stocks/quotes/latest')
  quotes(@Query() query: unknown): object {
    const { symbols } = orRefuse(readSymbolsQuery(query));
    const now = this.venue.now();
    const { session, rules } = this.venue;
    const quotes: Record<string, object> = {};
    for (const symbol of session ? symbols : []) {
      const quote = session ? seenTape(session, this.venue.book(symbol), rules).tape?.quoteAt(now) : null;
      // After the close the last quote keeps its time, so that its age can be seen.
      if (session && quote) {
        const at = now < session.close ? now : session.close;
        quotes[symbol] = quoteJson(quote, at, { hasDepth: rules.depth !== null, stands: this.venue.stands(symbol) });
      }
    }
    return { quotes };
  }

  /** Minutes of the session in force that are over. */
  @Get('stocks/bars')
  bars(@Query() query: unknown): object {
    const { symbols, start, end, limit, page_token: pageToken } = orRefuse(readBarsQuery(query));
    const { session, rules } = this.venue;
    const now = this.venue.now();
    const rows = [...new Set(symbols)].sort().flatMap((symbol) => {
      // Alpaca's end is included.
      const until = end === null || end >= now ? now : new Date(Date.parse(end) + MINUTE_MS).toISOString();
      const span = { from: start ?? session?.open ?? now, until: until < now ? until : now };
      return session ? minuteBarsOf(session, symbol, rules, span).map((bar) => ({ symbol, bar })) : [];
    });
    const from = pageToken ?? 0;
    const bars: Record<string, object[]> = {};
    for (const { symbol, bar } of rows.slice(from, from + limit)) (bars[symbol] ??= []).push(barJson(bar));
    return { bars, next_page_token: from + limit < rows.length ? String(from + limit) : null };
  }
}

function calendarDay(session: Session): object {
  return {
    date: session.date,
    open: '09:30',
    close: session.halfDay ? '13:00' : '16:00',
    session_open: '0400',
    session_close: session.halfDay ? '1700' : '2000',
    settlement_date: settlementDate(session.date),
  };
}

function laterOf(a: Instant, b: Instant): Instant {
  return a > b ? a : b;
}
