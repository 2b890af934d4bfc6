import { isAbsolute } from 'node:path';
import { Slug } from '@ballast/contracts';
import { Door, IdempotencyKey, Problem, zodPipe } from '@ballast/platform';
import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { z } from 'zod';
import { entryOf, WHATS, type What } from '../domain/facts/catalog.js';
import { BringFacts, StartCollection } from '../messages-facts.js';

/** What something is about, as its kind writes it; see {@link checkSubject}. */
export const Subject = z.string().min(1).max(500);

/** Refuses a subject that its kind would not write so. */
export function checkSubject(
  { what, subject }: { readonly what: What; readonly subject?: string | undefined },
  { addIssue }: Pick<z.RefinementCtx, 'addIssue'>,
): void {
  const { pattern, examples } = entryOf(what).subject;
  if (subject === undefined || pattern.test(subject)) return;
  addIssue({ code: 'custom', path: ['subject'], message: examples });
}

const Brought = {
  what: z.enum(WHATS),
  /** Whose word it is; the usual source of its kind where it is left out. */
  source: Slug.optional(),
  /** The symbol or the series, where the text does not name it itself. */
  subject: Subject.optional(),
  /** Whether somebody made it up. */
  synthetic: z.boolean().default(false),
};

const FactsBody = z
  .object({
    ...Brought,
    /** The whole text of the file. */
    body: z.string().min(1),
  })
  .superRefine((body, issues) => checkSubject(body, issues));

const FactsFile = z
  .object({
    ...Brought,
    path: z.string().max(4_096).refine(isAbsolute, 'the full path of a file on the machine that runs feeds'),
  })
  .superRefine((body, issues) => checkSubject(body, issues));

/** Takes the words of a source that somebody brings by hand, for machines without a way out and for what nobody fetches. */
@Controller('/api/v1/feeds/facts')
export class PostFacts {
  constructor(@Inject(Door) private readonly door: Door) {}

  /** Takes a text at once. */
  @Post()
  @HttpCode(201)
  async bring(
    @Body(zodPipe(FactsBody)) { what, source, subject, synthetic, body }: z.infer<typeof FactsBody>,
    @IdempotencyKey() key: string,
  ): Promise<unknown> {
    const told = { what, source: whoseWord(what, source, synthetic), subject: subject ?? null, synthetic, body };
    return this.door.command(BringFacts, told.source, told, key);
  }

  /** Has a file of this machine read, plain or packed, which may be larger than a request. */
  @Post('/files')
  @HttpCode(202)
  async bringFile(
    @Body(zodPipe(FactsFile)) { what, source, subject, synthetic, path }: z.infer<typeof FactsFile>,
    @IdempotencyKey() key: string,
  ): Promise<unknown> {
    const whose = whoseWord(what, source, synthetic);
    const order = { what, source: whose, date: null, subject: subject ?? null, synthetic, path };
    return this.door.command(StartCollection, what, order, key);
  }
}

/**
 * Whose word something is that is brought by hand.
 * @throws Problem SOURCE_IS_LICENSED where it can only be that of a vendor, whose rights stay with it under any name.
 */
function whoseWord(what: What, given: string | undefined, synthetic: boolean): string {
  const { source, licensed } = entryOf(what);
  if (given === undefined || !licensed || synthetic) return given ?? source;
  if (given === source || given.startsWith(`${source}-`)) return given;
  throw new Problem({
    status: 422,
    code: 'SOURCE_IS_LICENSED',
    title: 'It is the word of one vendor',
    detail: `${what} is the word of ${source}, and its rights hold under any name; "${given}" is another.`,
    nextStep: `Leave "source" out, or give a name that begins with "${source}-".`,
  });
}
