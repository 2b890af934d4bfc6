import type { Runner, Work } from '@ballast/platform';
import { Inject, Injectable } from '@nestjs/common';
import { CALENDAR_SOURCES, type CalendarSource } from '../adapters/ports.js';
import { ImportRefused } from '../domain/import-refused.js';
import { RefreshCalendar, type CalendarAnswer, type CalendarRequest } from '../messages-reference.js';

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
    try {
      return { kind: 'read', source: source.name, days: [...(await source.days(from, until))] };
    } catch (error) {
      if (!(error instanceof ImportRefused)) throw error;
      return { kind: 'refused', code: error.code, reason: error.message, nextStep: error.nextStep };
    }
  }
}
