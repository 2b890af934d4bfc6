import { isAbsolute } from 'node:path';
import { SessionDate, Slug } from '@ballast/contracts';
import { CLOCK, Door, IdempotencyKey, zodPipe, type Clock } from '@ballast/platform';
import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { z } from 'zod';
import { lastCompletedSession } from '../domain/sessions.js';
import { sourceNameOf } from '../domain/source-name.js';
import { StartImport } from '../messages.js';

const AbsolutePath = z.string().max(4_096).refine(isAbsolute, 'the full path of a file on the machine that runs feeds');

const FileImport = z.object({
  path: AbsolutePath,
  sectorsPath: AbsolutePath.optional(),
  /** The source that the bars belong to; made from the name of the file where it is left out. */
  name: Slug.optional(),
  /** Whether bars that are known may be given other values. */
  replace: z.boolean().default(false),
});

/** As many bars as fit the memory of a small machine while they are sorted. */
const SYNTHETIC_BARS_MAX = 6_000_000;

const SyntheticImport = z
  .object({
    seed: z.int().min(0).default(1),
    symbols: z.int().min(1).max(10_000),
    sessions: z.int().min(1).max(5_000),
    /** The last session that has closed, where it is left out. */
    until: SessionDate.optional(),
    name: Slug.optional(),
  })
  .refine(({ symbols, sessions }) => symbols * sessions <= SYNTHETIC_BARS_MAX, {
    path: ['sessions'],
    message: `symbols × sessions of at most ${SYNTHETIC_BARS_MAX}`,
  });

/** Takes orders for imports; each is read in the background, see `GET /api/v1/feeds/imports/{id}`. */
@Controller('/api/v1/feeds')
export class PostImport {
  constructor(
    @Inject(Door) private readonly door: Door,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Imports a file of this machine. */
  @Post('/imports')
  @HttpCode(202)
  async importFile(
    @Body(zodPipe(FileImport)) body: z.infer<typeof FileImport>,
    @IdempotencyKey() key: string,
  ): Promise<unknown> {
    const { path, sectorsPath = null, name, replace } = body;
    const source = name ?? sourceNameOf(path);
    return this.door.command(StartImport, source, { source, replace, input: { kind: 'file', path, sectorsPath } }, key);
  }

  /** Makes a synthetic market; its source is called synthetic wherever it shows. */
  @Post('/synthetic')
  @HttpCode(202)
  async importSynthetic(
    @Body(zodPipe(SyntheticImport)) body: z.infer<typeof SyntheticImport>,
    @IdempotencyKey() key: string,
  ): Promise<unknown> {
    const { seed, symbols, sessions } = body;
    const until = body.until ?? lastCompletedSession(this.clock.now());
    const source = body.name ?? `synthetic-${seed}-${symbols}x${sessions}-${until}`;
    const input = { kind: 'synthetic', seed, symbols, sessions, until } as const;
    return this.door.command(StartImport, source, { source, replace: false, input }, key);
  }
}
