import { SessionDate } from '@ballast/contracts';
import { addDays, nextSession, type Session } from '@ballast/kernel/calendar';
import { Problem, zodPipe } from '@ballast/platform';
import { Controller, Get, Query } from '@nestjs/common';
import { z } from 'zod';

const SessionsQuery = z.object({
  from: SessionDate,
  count: z.coerce.number().int().min(1).max(520).default(1),
});

/** Answers which sessions the exchange holds from a date on. */
@Controller('/api/v1/feeds/sessions')
export class GetSessions {
  @Get()
  get(@Query(zodPipe(SessionsQuery)) { from, count }: z.infer<typeof SessionsQuery>): { sessions: Session[] } {
    const [first, last] = [Number(from.slice(0, 4)), Number(from.slice(0, 4)) + Math.ceil(count / 250) + 1];
    if (first < 1999 || last > 2099) {
      throw new Problem({
        status: 400,
        code: 'CALENDAR_OUT_OF_RANGE',
        title: 'The calendar does not reach so far',
        detail: `It knows the sessions of 1999 to 2098, not all of ${count} from ${from}.`,
        nextStep: 'Ask for dates within.',
        errors: [{ field: 'from', message: 'a date from 1999 to 2097', code: 'OUT_OF_RANGE' }],
      });
    }
    const sessions: Session[] = [];
    for (let after = addDays(from, -1); sessions.length < count; after = sessions.at(-1)!.date) {
      sessions.push(nextSession(after));
    }
    return { sessions };
  }
}
