import { isAbsolute } from 'node:path';
import { SessionDate, Slug } from '@ballast/contracts';
import { Door, IdempotencyKey, zodPipe } from '@ballast/platform';
import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { z } from 'zod';
import { KIND_RULES, KnownOn } from '../domain/reference/columns.js';
import { MARKETS, REFERENCE_KINDS } from '../domain/reference/fact.js';
import { StartReferenceImport } from '../messages-reference.js';

const ReferenceBody = z
  .object({
    kind: z.enum(REFERENCE_KINDS),
    path: z
      .string()
      .max(4_096)
      .refine(isAbsolute, 'the full path of a file on the machine that runs feeds, or of a folder of map files'),
    /** Who says so; it decides what may be done with the facts, see `GET /api/v1/feeds/rights`. */
    source: Slug,
    market: z.enum(MARKETS).default('US'),
    format: z.enum(['csv', 'lean-map']).default('csv'),
    /** From when rows are known that do not say it: a date, or `as-it-happened`. Today where it is left out. */
    knownOn: KnownOn.optional(),
    /** From when rows hold that do not say it; the day from which they are known where it is left out. */
    validFrom: SessionDate.optional(),
    /** The scheme of sectors, or the name of the index, of a file without such a column. */
    scope: z.string().min(1).max(48).optional(),
  })
  .refine(({ kind, format }) => format === 'csv' || kind === 'listing', {
    path: ['format'],
    message: 'map files hold listings: kind "listing"',
  })
  .refine(({ kind, scope }) => scope === undefined || (KIND_RULES[kind].scope?.parse?.(scope) ?? null) !== null, {
    path: ['scope'],
    message: 'gics or nse-industry for sectors, the name of an index for index members, nothing for other kinds',
  });

/** Takes orders for imports of reference facts; see `GET /api/v1/feeds/reference/imports/{id}`. */
@Controller('/api/v1/feeds/reference')
export class PostReference {
  constructor(@Inject(Door) private readonly door: Door) {}

  @Post()
  @HttpCode(202)
  async importFile(
    @Body(zodPipe(ReferenceBody)) body: z.infer<typeof ReferenceBody>,
    @IdempotencyKey() key: string,
  ): Promise<unknown> {
    const { scope = null, knownOn = null, validFrom = null } = body;
    const order: StartReferenceImport = { ...body, vendor: null, scope, knownOn, validFrom };
    return this.door.command(StartReferenceImport, body.source, order, key);
  }
}
