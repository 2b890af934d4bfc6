import { Body, Controller, Get, HttpCode, Inject, Post, UseGuards } from '@nestjs/common';
import { addMilliseconds } from '@ballast/kernel/calendar';
import { decimal, D } from '@ballast/kernel/money';
import { z } from 'zod';
import { SESSION_MINUTES_MIN } from '../domain/market.js';
import type { Bar, MarketSession } from '../domain/market.js';
import { invalid, isRefusal, refuse } from '../domain/refusal.js';
import type { Refusal } from '../domain/refusal.js';
import { toldOf } from '../domain/told.js';
import { advance, nextDueOf, openAccountOnce, setHalt, setMarket } from './desk.js';
import { ARMED_MAX, FaultMenu, parseFault } from './faults.js';
import { orRefuse, SecretGuard } from './http.js';
import { read } from './query.js';
import type { Recordings } from './state.js';
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

const shares = z.string().regex(/^(0|[1-9]\d{0,14})(\.\d{1,9})?$/, 'shares as text, such as "1200"');

const OpenAccount = z.object({
  account: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/, 'letters, digits, "-", "_" and "."'),
  cash: z.string().regex(/^(0|[1-9]\d{0,14})(\.\d{1,2})?$/, 'US dollars as text, such as "100000.00"'),
});

const Advance = z.object({ to: instant });

/** The day of a symbol; what it trades and moves on average is asked for where fills have an impact. */
const Day = z.object({
  ...{ symbol, open: price, high: price, low: price, close: price, volume: shares.nullish() },
  average_volume: shares.refine((text) => !new D(text).isZero(), 'shares above zero').nullish(),
  volatility: z.number().positive().max(10, 'the standard deviation of a day as a fraction, such as 0.02').nullish(),
});

const SetMarket = z.object({
  session: z.object({ date: z.iso.date(), open: instant, close: instant }),
  source: z.string().min(1).max(200),
  synthetic: z.literal(true, 'must be true: prices inside the day are always synthetic here'),
  seed: z.union([z.string().min(1).max(200), z.int().transform(String)]),
  bars: z.array(Day).min(1).max(SYMBOLS_MAX),
});

const SetHalt = z.object({ symbol, on: z.boolean() });

const Lend = z.object({
  symbols: z
    .array(
      z.object({ symbol, shares, fee_bp: z.string().regex(/^\d{1,6}(\.\d{1,4})?$/, 'basis points a year as text') }),
    )
    .min(1)
    .max(SYMBOLS_MAX),
});

const ArmFault = z.object({ fault: z.string().max(64), count: z.int().min(1).max(ARMED_MAX).default(1) });

/** What moves the simulated world; Alpaca has nothing like it. */
@Controller('sim')
@UseGuards(SecretGuard)
export class SimController {
  constructor(
    @Inject(Venue) private readonly venue: Venue,
    @Inject(FaultMenu) private readonly menu: FaultMenu,
  ) {}

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
    const market = orRefuse(marketOf(orRefuse(read(SetMarket, body)), this.venue.recordings));
    const session = orRefuse(await this.venue.run((uow) => setMarket(uow, market, this.venue.rules)));
    return {
      session: { date: session.date, open: session.open, close: session.close },
      source: session.source,
      synthetic: true,
      seed: session.seed,
      symbols: session.bars.size,
      ...(session.recordings.size > 0 ? { recorded: [...session.recordings.keys()].sort() } : {}),
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
      return { now: result.now, lastFrame, nextDue: nextDueOf(uow) };
    });
    return orRefuse(moved);
  }

  /** Halts a symbol or lets it trade again; the same again changes nothing. */
  @Post('halt')
  @HttpCode(200)
  async halt(@Body() body: unknown): Promise<object> {
    const { symbol: halted, on } = orRefuse(read(SetHalt, body));
    const book = orRefuse(await this.venue.run((uow) => setHalt(uow, halted, on, this.venue.rules)));
    return { symbol: book.symbol, halted_at: book.haltedAt };
  }

  /** Says how many shares can be borrowed of symbols, and what that costs. */
  @Post('borrow')
  @HttpCode(200)
  async borrow(@Body() body: unknown): Promise<object> {
    const { symbols } = orRefuse(read(Lend, body));
    if (!this.venue.rules.shorts) {
      orRefuse(refuse(409, 'SIM_SHORTS_OFF', 'short sales are refused; start with PAPER_BROKER_SHORTS=on'));
    }
    await this.venue.run((uow) => {
      for (const each of symbols) {
        uow.setLendable({ symbol: each.symbol, shares: decimal(each.shares), feeBp: new D(each.fee_bp) });
      }
    });
    return { symbols: symbols.length };
  }

  /** How the venue trades: its settings, and the sentences that are to stand wherever figures of it are shown. */
  @Get('settings')
  settings(): object {
    return { told: toldOf(this.venue.rules, [...(this.venue.session?.recordings.keys() ?? [])]) };
  }

  @Get('faults')
  faults(): object {
    return this.menu.report();
  }

  /** Lets the next requests or frames go wrong. */
  @Post('faults')
  @HttpCode(200)
  arm(@Body() body: unknown): object {
    const { fault, count } = orRefuse(read(ArmFault, body));
    if (!this.menu.enabled) {
      orRefuse(refuse(409, 'SIM_FAULTS_OFF', 'faults are off; start with PAPER_BROKER_FAULTS=on'));
    }
    this.menu.arm(orRefuse(parseFault(fault)), count);
    return this.menu.report();
  }
}

function marketOf(body: z.output<typeof SetMarket>, recordings: Recordings): MarketSession | Refusal {
  const { date, open, close } = body.session;
  if (close < addMilliseconds(open, SESSION_MINUTES_MIN * 60_000)) {
    return invalid(`session.close must be at least ${SESSION_MINUTES_MIN} minutes after session.open`);
  }
  if (!open.startsWith(date)) return invalid(`session.open must be on session.date, ${date} in UTC`);
  const bars = new Map<string, Bar>();
  for (const bar of body.bars) {
    const read = barOf(bar);
    if (bars.has(bar.symbol)) return invalid(`bars: ${bar.symbol} is there twice`);
    if (read.low.greaterThan(D.min(read.open, read.close)) || read.high.lessThan(D.max(read.open, read.close))) {
      return invalid(`bars: the open and the close of ${bar.symbol} must lie between its low and its high`);
    }
    bars.set(bar.symbol, read);
  }
  return {
    ...{ date, open, close, source: body.source, seed: body.seed, bars },
    recordings: recordings(date, [...bars.keys()]),
    previousCloses: new Map(),
    paths: new Map(),
    bands: new Map(),
  };
}

function barOf(day: z.output<typeof Day>): Bar {
  return {
    ...{ symbol: day.symbol, open: decimal(day.open), high: decimal(day.high) },
    ...{ low: decimal(day.low), close: decimal(day.close) },
    volume: day.volume ? decimal(day.volume) : null,
    averageVolume: day.average_volume ? decimal(day.average_volume) : null,
    volatility: day.volatility ?? null,
  };
}
