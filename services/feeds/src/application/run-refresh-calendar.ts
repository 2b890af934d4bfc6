import { Retryable, type Runner, type Work } from '@ballast/platform';
import { Inject, Injectable } from '@nestjs/common';
import { CALENDAR_SOURCES, type CalendarSource } from '../adapters/ports.js';
import { ImportRefused } from '../domain/import-refused.js';
import { RefreshCalendar, type CalendarAnswer, type CalendarRequest } from '../messages-reference.js';

/** How long one try may take, waits for turns and retries included; it is tried again by itself. */
const DEADLINE_MS = 45_000;

/** Asks a vendor for the sessions of a market; what it says is compared with ours by who hears the answer. */
@Injectable()
export class RunRefreshCalendar implements Runner<CalendarRequest, CalendarAnswer> {
  readonly work = RefreshCalendar;

  constructor(@Inject(CALENDAR_SOURCES) private readonly sources: readonly CalendarSource[]) {}

  async run({ request: { market, from, until } }: Work<CalendarRequest>): Promise<CalendarAnswer> {
    const source = this.sources.find((each) => each.market === market);
    if (!source) {
      // The configuration has changed since it was asked for.
      const reason = `nobody is configured who could be asked for the sessions of ${market}`;
      return { kind: 'refused', code: 'CALENDAR_SOURCE_NOT_CONFIGURED', reason, nextStep: 'Configure one again.' };
    }
    const deadline = AbortSignal.timeout(DEADLINE_MS);
    try {
      return { kind: 'read', source: source.name, days: [...(await source.days(from, until, deadline))] };
    } catch (error) {
      if (deadline.aborted) throw new Retryable('VENDOR_AWAY', `${source.name} took longer than ${DEADLINE_MS} ms`);
      if (!(error instanceof ImportRefused)) throw error;
      return { kind: 'refused', code: error.code, reason: error.message, nextStep: error.nextStep };
    }
  }
}
