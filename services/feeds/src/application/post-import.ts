import { isAbsolute } from 'node:path';
import { SessionDate, Slug, TickerSymbol } from '@ballast/contracts';
import { CLOCK, Door, IdempotencyKey, zodPipe, type Clock } from '@ballast/platform';
import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { z } from 'zod';
import { lastCompletedSession } from '../domain/sessions.js';
import { sourceNameOf } from '../domain/source-name.js';
import { StartImport } from '../messages.js';

const AbsolutePath = z.string().max(4_096).refine(isAbsolute, 'the full path of a file on the machine that runs feeds');

/** Whether the prices jump at splits; most files have prices that were adjusted for them. */
const Basis = z.enum(['raw', 'split_adjusted']).default('split_adjusted');

const FileImport = z
  .object({
    /** Daily bars; left out where only sectors or actions are brought to a history that is there. */
    path: AbsolutePath.optional(),
    sectorsPath: AbsolutePath.optional(),
    /** Corporate actions: date, symbol, type, ratio, amount. */
    actionsPath: AbsolutePath.optional(),
    /** The source that the bars belong to; made from the name of the file where it is left out. */
    name: Slug.optional(),
    priceBasis: Basis,
    /** Whether bars that are known may be given other values; what they were is kept. */
    replace: z.boolean().default(false),
  })
  .refine(({ path, sectorsPath, actionsPath }) => path ?? sectorsPath ?? actionsPath, {
    path: ['path'],
    message: 'a file of bars, of sectors or of actions',
  })
  .refine(({ path, name }) => path ?? name, {
    path: ['name'],
    message: 'the history that sectors or actions belong to',
  });

/** What one order may fetch: all of a large universe, and no typing error in a list. */
const BACKFILL_SYMBOLS_MAX = 10_000;

const Backfill = z
  .object({
    /** Where to fetch from: alpaca, polygon. */
    vendor: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, 'the name of a vendor in small letters'),
    symbols: z.array(TickerSymbol).min(1).max(BACKFILL_SYMBOLS_MAX),
    from: SessionDate,
    to: SessionDate,
    /** The source that the bars belong to; the vendor's name where it is left out. */
    name: Slug.optional(),
  })
  .refine(({ from, to }) => from <= to, {
    path: ['to'],
    message: 'a date that is not before from',
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
    const { path = null, sectorsPath = null, actionsPath = null, name, priceBasis, replace } = body;
    const source = name ?? sourceNameOf(path!);
    const input = { kind: 'file', path, sectorsPath, actionsPath } as const;
    return this.door.command(StartImport, source, { source, replace, priceBasis, input }, key);
  }

  /**
   * Fetches daily bars and corporate actions from a vendor, as they were traded. What was fetched when it was interrupted is
   * not fetched again; what a vendor restates becomes a new vintage, and the one before it is kept.
   */
  @Post('/backfills')
  @HttpCode(202)
  async backfill(
    @Body(zodPipe(Backfill)) body: z.infer<typeof Backfill>,
    @IdempotencyKey() key: string,
  ): Promise<unknown> {
    const { vendor, from, to } = body;
    const source = body.name ?? vendor;
    const input = { kind: 'vendor', vendor, symbols: [...new Set(body.symbols)].sort(), from, to } as const;
    return this.door.command(StartImport, source, { source, replace: true, priceBasis: 'raw', input }, key);
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
    return this.door.command(StartImport, source, { source, replace: false, priceBasis: 'split_adjusted', input }, key);
  }
}
