import { SessionDate, TickerSymbol } from '@ballast/contracts';
import { CLOCK, Door, IdempotencyKey, Problem, zodPipe, type Clock } from '@ballast/platform';
import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { z } from 'zod';
import { dateAt } from '../domain/reference/fact.js';
import { daysAsked, WINDOW_DAYS_MAX } from '../domain/reference/window.js';
import { REFERENCE_VENDOR_NAMES, StartReferenceImport, VENDOR_KINDS } from '../messages-reference.js';
import { vendorOrder } from './vendor-order.js';

/** Symbols of one request; a question each. All of the history are had by naming none. */
const SYMBOLS_MAX = 1_000;

const CollectionBody = z
  .strictObject({
    kind: z.enum(VENDOR_KINDS),
    vendor: z.enum(REFERENCE_VENDOR_NAMES).default('fmp'),
    /** Those of the history that cycles read, where they are left out. */
    symbols: z.array(TickerSymbol).min(1).max(SYMBOLS_MAX).optional(),
    /** The days of reports; the next thirty, where they are left out. */
    from: SessionDate.optional(),
    to: SessionDate.optional(),
  })
  .refine(({ kind, from, to }) => kind === 'earnings' || (from === undefined && to === undefined), {
    path: ['from'],
    message: 'nothing but for earnings: a vendor tells the sector of today',
  });

/** Takes orders to fetch reference facts from a vendor; see `GET /api/v1/feeds/reference/imports/{id}`. */
@Controller('/api/v1/feeds/reference/collections')
export class PostReferenceCollection {
  constructor(
    @Inject(Door) private readonly door: Door,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  @Post()
  @HttpCode(202)
  async collect(
    @Body(zodPipe(CollectionBody)) { kind, vendor, symbols, from, to }: z.infer<typeof CollectionBody>,
    @IdempotencyKey() key: string,
  ): Promise<unknown> {
    const days = daysAsked(dateAt('US', this.clock.now()), from, to);
    if (days === null) throw wrongDays();
    return this.door.command(StartReferenceImport, vendor, vendorOrder(kind, vendor, symbols ?? null, days), key);
  }
}

const wrongDays = (): Problem =>
  new Problem({
    status: 422,
    code: 'DAYS_INVALID',
    title: 'These are no days that can be asked for',
    detail: `"to" must not lie before "from", and not more than ${WINDOW_DAYS_MAX} days after it; "from" is today where it is left out.`,
    nextStep: 'Correct the days, or ask in several parts.',
  });
