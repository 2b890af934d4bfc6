import { isAbsolute } from 'node:path';
import { Slug } from '@ballast/contracts';
import { Door, IdempotencyKey, zodPipe } from '@ballast/platform';
import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { z } from 'zod';
import { entryOf, WHATS } from '../domain/facts/catalog.js';
import { BringFacts, StartCollection } from '../messages-facts.js';

/** A symbol or a series, as exchanges and statisticians write them. */
export const Subject = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9.&:_/-]{0,63}$/, 'a symbol or series such as "NIFTY", "M&M" or "DGS10"');

const Brought = {
  what: z.enum(WHATS),
  /** Whose word it is; the usual source of its kind where it is left out. */
  source: Slug.optional(),
  /** The symbol or the series, where the text does not name it itself. */
  subject: Subject.optional(),
  /** Whether somebody made it up. */
  synthetic: z.boolean().default(false),
};

const FactsBody = z.object({
  ...Brought,
  /** The whole text of the file. */
  body: z.string().min(1),
});

const FactsFile = z.object({
  ...Brought,
  path: z.string().max(4_096).refine(isAbsolute, 'the full path of a file on the machine that runs feeds'),
});

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
    const told = { what, source: source ?? entryOf(what).source, subject: subject ?? null, synthetic, body };
    return this.door.command(BringFacts, told.source, told, key);
  }

  /** Has a file of this machine read, plain or packed, which may be larger than a request. */
  @Post('/files')
  @HttpCode(202)
  async bringFile(
    @Body(zodPipe(FactsFile)) { what, source, subject, synthetic, path }: z.infer<typeof FactsFile>,
    @IdempotencyKey() key: string,
  ): Promise<unknown> {
    const whose = source ?? entryOf(what).source;
    const order = { what, source: whose, date: null, subject: subject ?? null, synthetic, path };
    return this.door.command(StartCollection, what, order, key);
  }
}
