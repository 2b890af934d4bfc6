import type { Envelope, Outcome } from '@ballast/contracts';
import { On, type InboxContext } from '@ballast/platform';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { compareCalendar, type ComparedCalendar, type Disagreement } from '../domain/calendar/compare.js';
import type { CalendarMarket } from '../domain/calendar/day.js';
import { RefreshCalendar, type CalendarAnswer, type CalendarRequest } from '../messages-reference.js';
import { loadToldDays, saveToldDays, wordsOf } from '../persistence/calendar-queries.js';
import { checkCoverage } from './check-coverage.js';

type Answer<K extends CalendarAnswer['kind']> = Extract<CalendarAnswer, { kind: K }>;

/** Days that an alert names. */
const NAMED_MAX = 10;

/** A vendor told its calendar: days beyond our own table are kept, and what it says otherwise of the others is told. */
@Controller()
export class OnRefreshCalendarAnswered {
  @On(RefreshCalendar.answered)
  async handle(
    @Payload() message: Envelope<{ request: CalendarRequest; outcome: Outcome<CalendarAnswer> }>,
    @Ctx() ctx: InboxContext<'feeds'>,
  ): Promise<void> {
    const { request, outcome } = message.data;
    const answer = outcome.status === 'done' ? outcome.answer : failed(outcome.reason);
    if (answer.kind === 'read') await take(ctx, request, answer);
    else refuse(ctx, request, answer);
    await checkCoverage(ctx, request.market);
  }
}

const failed = (reason: string): Answer<'refused'> => ({
  ...{ kind: 'refused', code: 'CALENDAR_REFRESH_FAILED', reason },
  nextStep: 'It is asked for again tomorrow; look at the log of feeds where that goes on.',
});

async function take(ctx: InboxContext<'feeds'>, request: CalendarRequest, answer: Answer<'read'>): Promise<void> {
  const { market, from, until } = request;
  const { source, days } = answer;
  const told = await loadToldDays(ctx.tx, market, from, until);
  const compared = compareCalendar(market, days, wordsOf(told));
  const restated = compared.restated.map(({ date, vendor }) => ({ date, word: vendor }));
  await saveToldDays(ctx.tx, market, source, [...compared.fresh, ...restated], ctx.now);
  const { disagreements, fresh, agreed } = compared;
  const counts = { agreed, fresh: fresh.length, restated: restated.length, disagreements: disagreements.length };
  ctx.audit({ act: 'calendar.compared', subject: market, detail: { source, from, until, ...counts } });
  tell(ctx, market, source, compared);
}

function tell(
  ctx: InboxContext<'feeds'>,
  market: CalendarMarket,
  source: string,
  { disagreements, restated }: ComparedCalendar,
): void {
  const all = [...disagreements, ...restated];
  if (all.length === 0) return;
  const named = all.slice(0, NAMED_MAX).map(shown);
  const more = all.length > NAMED_MAX ? ` and ${all.length - NAMED_MAX} more` : '';
  ctx.alert({
    code: 'CALENDAR_DISAGREES',
    severity: disagreements.length > 0 ? 'critical' : 'warning',
    message: `${source} says otherwise of ${all.length} days of ${market}: ${named.join(', ')}${more}`.slice(0, 1_000),
    numbers: {
      ...{ market, source, disagreements: `${disagreements.length}`, restated: `${restated.length}` },
      first_date: all.map(({ date }) => date).sort()[0]!,
    },
    nextStep:
      disagreements.length > 0
        ? 'Look at the notice of the exchange. Our table stays in force: halt trading over these days where the vendor is right, and run a newer version of Ballast.'
        : `${source} told these days itself before, and its newer word counts from now on; look whether a schedule relied on the older one.`,
  });
}

const shown = ({ date, known, vendor }: Disagreement): string => `${date} (known ${known}, told ${vendor})`;

function refuse(ctx: InboxContext<'feeds'>, { market }: CalendarRequest, answer: Answer<'refused'>): void {
  const { code, reason, nextStep } = answer;
  ctx.audit({ act: 'calendar.refused', subject: market, detail: { code, reason } });
  ctx.alert({
    code: 'CALENDAR_REFRESH_REFUSED',
    severity: 'warning',
    message: `the calendar of ${market} could not be compared: ${reason}`.slice(0, 1_000),
    numbers: { market, code },
    nextStep,
  });
}
