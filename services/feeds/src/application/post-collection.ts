import { SessionDate } from '@ballast/contracts';
import { Door, IdempotencyKey, Problem, zodPipe } from '@ballast/platform';
import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { z } from 'zod';
import { entryOf, WHATS, type What } from '../domain/facts/catalog.js';
import { StartCollection } from '../messages-facts.js';
import { checkSubject, Subject } from './post-facts.js';

const CollectionBody = z
  .object({
    what: z.enum(WHATS),
    /** The day; of a series the first one, of an option chain the expiry. */
    date: SessionDate.optional(),
    /** The symbol, the series or the search, where the kind needs one. */
    subject: Subject.optional(),
  })
  .superRefine((body, issues) => checkSubject(body, issues));

/** Takes orders to fetch what a source says; each is done in the background, see `GET /api/v1/feeds/collections/{id}`. */
@Controller('/api/v1/feeds/collections')
export class PostCollection {
  constructor(@Inject(Door) private readonly door: Door) {}

  @Post()
  @HttpCode(202)
  async collect(
    @Body(zodPipe(CollectionBody)) { what, date, subject }: z.infer<typeof CollectionBody>,
    @IdempotencyKey() key: string,
  ): Promise<unknown> {
    const { source, fetched, dated } = entryOf(what);
    if (fetched === 'never') throw notFetched(what);
    if ((fetched === 'by-subject') !== (subject !== undefined)) throw wrongSubject(what, fetched === 'by-subject');
    if (date !== undefined && !dated) throw latestOnly(what);
    const order = { what, source, date: date ?? null, subject: subject ?? null, synthetic: false, path: null };
    return this.door.command(StartCollection, what, order, key);
  }
}

const notFetched = (what: What): Problem =>
  new Problem({
    status: 422,
    code: 'NOT_FETCHED',
    title: 'This is only brought by hand',
    detail: `Nobody fetches ${what}.`,
    nextStep: 'Download the file and bring it with POST /api/v1/feeds/facts or "ballast data load".',
  });

const wrongSubject = (what: What, wanted: boolean): Problem =>
  new Problem({
    status: 422,
    code: wanted ? 'SUBJECT_REQUIRED' : 'SUBJECT_UNEXPECTED',
    title: wanted ? 'It does not say of what' : 'It is not of one name',
    detail: wanted ? `${what} needs a "subject".` : `${what} takes no "subject".`,
    nextStep: wanted ? `Add it: ${entryOf(what).subject.examples}.` : 'Leave "subject" out.',
  });

const latestOnly = (what: What): Problem =>
  new Problem({
    status: 422,
    code: 'DATE_UNEXPECTED',
    title: 'Its source gives only what is latest',
    detail: `${what} cannot be asked for a day.`,
    nextStep: 'Leave "date" out, or bring a file of that day with POST /api/v1/feeds/facts.',
  });
