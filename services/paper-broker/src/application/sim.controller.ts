import { Body, Controller, HttpCode, Inject, Post, UseGuards } from '@nestjs/common';
import { addMilliseconds } from '@ballast/kernel/calendar';
import { decimal, D } from '@ballast/kernel/money';
import { z } from 'zod';
import { SESSION_MINUTES_MIN } from '../domain/market.js';
import type { Bar, MarketSession } from '../domain/market.js';
import { invalid, isRefusal, refuse } from '../domain/refusal.js';
import type { Refusal } from '../domain/refusal.js';
import { advance, openAccountOnce, setMarket } from './desk.js';
import { orRefuse, SecretGuard } from './http.js';
import { read } from './query.js';
import { Venue } from './venue.js';

const SYMBOLS_MAX = 10_000;

const instant = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/, 'an instant such as "2026-11-20T14:30:00.000Z"')
  .refine((text) => !Number.isNaN(Date.parse(text)), 'an instant that exists');
const price = z
  .string()
  .regex(/^(0|[1-9]\d{0,11})(\.\d{1,12})?$/, 'a price as text, such as "12.50"')
  .refine((text) => new D(text).greaterThanOrEqualTo('0.0001'), 'a price of at least 0.0001');
const symbol = z.string().regex(/^[A-Z0-9][A-Z0-9.:/-]{0,23}$/, 'a ticker in capitals, such as "BRK.B"');

const OpenAccount = z.object({
  account: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/, 'letters, digits, "-", "_" and "."'),
  cash: z.string().regex(/^(0|[1-9]\d{0,14})(\.\d{1,2})?$/, 'US dollars as text, such as "100000.00"'),
});

const Advance = z.object({ to: instant });

const SetMarket = z.object({
  session: z.object({ date: z.iso.date(), open: instant, close: instant }),
  source: z.string().min(1).max(200),
  synthetic: z.literal(true, 'must be true: prices inside the day are always synthetic here'),
  seed: z.union([z.string().min(1).max(200), z.int().transform(String)]),
  bars: z
    .array(z.object({ symbol, open: price, high: price, low: price, close: price }))
    .min(1)
    .max(SYMBOLS_MAX),
});

/** What moves the simulated world; Alpaca has nothing like it. */
@Controller('sim')
@UseGuards(SecretGuard)
export class SimController {
  constructor(@Inject(Venue) private readonly venue: Venue) {}

  @Post('accounts')
  @HttpCode(200)
  async open(@Body() body: unknown): Promise<object> {
    const { account, cash } = orRefuse(read(OpenAccount, body));
    const opened = orRefuse(await this.venue.run((uow) => openAccountOnce(uow, account, decimal(cash))));
    return { account: opened.name, cash: opened.openingCash.toFixed(), opened_at: opened.openedAt, simulated: true };
  }

  @Post('market')
  @HttpCode(200)
  async market(@Body() body: unknown): Promise<object> {
    const market = orRefuse(marketOf(orRefuse(read(SetMarket, body))));
    const session = orRefuse(await this.venue.run((uow) => setMarket(uow, market, this.venue.rules)));
    return {
      session: { date: session.date, open: session.open, close: session.close },
      source: session.source,
      synthetic: true,
      seed: session.seed,
      symbols: session.bars.size,
    };
  }

  @Post('advance')
  @HttpCode(200)
  async advance(@Body() body: unknown): Promise<object> {
    const { to } = orRefuse(read(Advance, body));
    if (this.venue.clock !== 'simulated') {
      orRefuse(
        refuse(409, 'SIM_CLOCK_IS_REAL', 'the clock is real; start with PAPER_BROKER_CLOCK=simulated to move it'),
      );
    }
    const moved = await this.venue.run((uow) => {
      const result = advance(uow, to, this.venue.rules);
      if (isRefusal(result)) return result;
      const lastFrame = Object.fromEntries(uow.everyAccount().map(({ name, lastFrame: last }) => [name, last]));
      return { now: result.now, lastFrame };
    });
    return orRefuse(moved);
  }
}

function marketOf(body: z.output<typeof SetMarket>): MarketSession | Refusal {
  const { date, open, close } = body.session;
  if (close < addMilliseconds(open, SESSION_MINUTES_MIN * 60_000)) {
    return invalid(`session.close must be at least ${SESSION_MINUTES_MIN} minutes after session.open`);
  }
  if (!open.startsWith(date)) return invalid(`session.open must be on session.date, ${date} in UTC`);
  const bars = new Map<string, Bar>();
  for (const bar of body.bars) {
    const read = { symbol: bar.symbol, ...pricesOf(bar) };
    if (bars.has(bar.symbol)) return invalid(`bars: ${bar.symbol} is there twice`);
    if (read.low.greaterThan(D.min(read.open, read.close)) || read.high.lessThan(D.max(read.open, read.close))) {
      return invalid(`bars: the open and the close of ${bar.symbol} must lie between its low and its high`);
    }
    bars.set(bar.symbol, read);
  }
  return { date, open, close, source: body.source, seed: body.seed, bars, paths: new Map() };
}

function pricesOf(bar: Record<'open' | 'high' | 'low' | 'close', string>): Omit<Bar, 'symbol'> {
  return { open: decimal(bar.open), high: decimal(bar.high), low: decimal(bar.low), close: decimal(bar.close) };
}
