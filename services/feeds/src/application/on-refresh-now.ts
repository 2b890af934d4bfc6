import { perform, type Envelope } from '@ballast/contracts';
import { addDays } from '@ballast/kernel/calendar';
import { On, type InboxContext } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { CALENDAR_SOURCES, type CalendarSource } from '../adapters/ports.js';
import { HORIZON_DAYS } from '../domain/calendar/day.js';
import { todayAt } from '../domain/calendar/today.js';
import { RefreshCalendar, RefreshNow } from '../messages-reference.js';

/** Somebody wants a vendor asked for its calendar now. */
@Controller()
export class OnRefreshNow {
  constructor(@Inject(CALENDAR_SOURCES) private readonly sources: readonly CalendarSource[]) {}

  @On(RefreshNow)
  handle(@Payload() message: Envelope<RefreshNow>, @Ctx() ctx: InboxContext<'feeds'>): void {
    const { market } = message.data;
    const source = this.sources.find((each) => each.market === market);
    if (!source) {
      return ctx.refuse({
        status: 409,
        code: 'CALENDAR_SOURCE_NOT_CONFIGURED',
        title: 'No vendor is configured for this calendar',
        detail: `Nobody is known who could be asked for the sessions of ${market}.`,
        nextStep:
          market === 'NSE'
            ? 'Set FEEDS_CALENDAR_NSE_URL.'
            : 'Set FEEDS_CALENDAR_ALPACA_URL with FEEDS_ALPACA_KEY_ID and FEEDS_ALPACA_SECRET.',
      });
    }
    const from = todayAt(market, ctx.now);
    const until = addDays(from, HORIZON_DAYS);
    ctx.later([perform(RefreshCalendar, market, { market, from, until })]);
    ctx.audit({ act: 'calendar.requested', subject: market, detail: { source: source.name, from, until } });
    ctx.reply({ market, source: source.name, from, until }, 202);
  }
}
