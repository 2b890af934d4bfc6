import { D } from '@ballast/kernel/money';
import { z } from 'zod';
import { isStreamFault, parseFault } from './application/faults.js';
import type { FaultRate, FaultRules } from './application/faults.js';
import type { ImpactRules } from './domain/impact.js';
import { isRefusal } from './domain/refusal.js';
import type { Rules } from './domain/rules.js';

const flag = z
  .enum(['0', '1'])
  .default('0')
  .transform((value) => value === '1');

const onOff = z.enum(['on', 'off']).default('off');
const number = (text: string, most: number) =>
  z
    .string()
    .regex(/^\d{1,12}(\.\d{1,9})?$/, 'a number of plain digits')
    .refine((given) => Number(given) <= most, `at most ${most}`)
    .default(text);

/** A statistic, which is a number and no amount. */
const above0 = (text: string, most: number) =>
  number(text, most)
    .refine((given) => Number(given) > 0, 'a number above zero')
    .transform(Number);

/** `0`, `25` or `20-80`: ms, fixed or drawn between two. */
const LATENCY_MS_MAX = 60_000;
const latency = z
  .string()
  .regex(/^\d{1,5}(-\d{1,5})?$/, 'ms as "25", or a range as "20-80"')
  .default('0')
  .transform((text) => {
    const [minMs = 0, maxMs = minMs] = text.split('-').map(Number);
    return { minMs, maxMs };
  })
  .refine(({ minMs, maxMs }) => minMs <= maxMs && maxMs <= LATENCY_MS_MAX, `a range up to ${LATENCY_MS_MAX}`);

/** `lose-answer:0.01,answer-after-ms=30000:0.002,stream-drop:0.05`. */
const RATES_MAX = 20;
const rates = z
  .string()
  .default('')
  .transform((text, context): FaultRate[] =>
    text
      .split(',')
      .filter((each) => each !== '')
      .slice(0, RATES_MAX)
      .flatMap((each) => {
        const [name = '', share = ''] = each.split(':');
        const fault = parseFault(name);
        const probability = /^(0(\.\d{1,9})?|1)$/.test(share) ? Number(share) : Number.NaN;
        if (!isRefusal(fault) && probability >= 0 && fault.name !== 'accept-after-ms') return { fault, probability };
        context.addIssue(isRefusal(fault) ? fault.body.message : `"${each}": a fault, a colon and a share from 0 to 1`);
        return [];
      }),
  )
  .refine((each) => sumOf(each, true) <= 1 && sumOf(each, false) <= 1, 'shares that add up to more than 1');

const FILES_MAX = 50;
const files = z
  .string()
  .default('')
  .transform((text) => text.split(',').filter((file) => file !== ''))
  .refine((list) => list.length <= FILES_MAX, `at most ${FILES_MAX} files`);

const Environment = z.object({
  DATABASE_URL: z.url({
    protocol: /^postgres(ql)?$/,
    error: 'a Postgres URL, such as postgres://user:password@host:5432/db',
  }),
  PAPER_BROKER_SECRET: z.string().min(8, 'a secret of at least 8 characters'),
  PAPER_BROKER_HOST: z.string().min(1).default('127.0.0.1'),
  PAPER_BROKER_PORT: z.coerce.number().int().min(0).max(65_535).default(0),
  PAPER_BROKER_CLOCK: z.enum(['real', 'simulated']).default('real'),
  PAPER_BROKER_SPREAD_BP: z.coerce.number().min(0).max(1_000).default(2),
  PAPER_BROKER_PARTIAL_FILLS: flag,
  PAPER_BROKER_RECORDINGS: files,
  PAPER_BROKER_BOOK: z.enum(['unlimited', 'depth']).default('unlimited'),
  PAPER_BROKER_DEPTH_SHARES: number('500', 1e9),
  PAPER_BROKER_DEPTH_VOLUME_SHARE: number('0.1', 1),
  PAPER_BROKER_DEPTH_SHARES_PER_MINUTE: number('5000', 1e9),
  PAPER_BROKER_DEPTH_REFRESH_MS: z.coerce.number().int().min(1).max(3_600_000).default(60_000),
  PAPER_BROKER_DEPTH_PARTICIPATION_MAX: number('1', 1),
  PAPER_BROKER_LATENCY_MS: latency,
  PAPER_BROKER_LULD: z.enum(['off', 'tier1', 'tier2']).default('off'),
  PAPER_BROKER_AUCTIONS: onOff,
  PAPER_BROKER_AUCTION_SHARES: number('0', 1e12),
  PAPER_BROKER_IMPACT: z.enum(['none', 'almgren2005', 'propagator']).default('none'),
  PAPER_BROKER_IMPACT_OUTSTANDING_OVER_VOLUME: above0('200', 1e6),
  PAPER_BROKER_IMPACT_MINUTES: above0('1', 390),
  PAPER_BROKER_IMPACT_PREFACTOR: above0('1', 100),
  PAPER_BROKER_IMPACT_DECAY_EXPONENT: number('0.5', 10).transform(Number),
  PAPER_BROKER_IMPACT_DECAY_MINUTES: above0('1', 1e6),
  PAPER_BROKER_FEES: z.enum(['none', 'us', 'nse']).default('none'),
  PAPER_BROKER_COMMISSION_PER_SHARE: number('0', 100),
  PAPER_BROKER_COMMISSION_BP: number('0', 1_000),
  PAPER_BROKER_SHORTS: onOff,
  PAPER_BROKER_BORROW_SHARES: number('0', 1e12),
  PAPER_BROKER_BORROW_FEE_BP: number('30', 100_000),
  PAPER_BROKER_FAULTS: onOff,
  PAPER_BROKER_FAULT_RATES: rates,
  PAPER_BROKER_FAULT_SEED: z.string().min(1).max(200).default('1'),
  PAPER_BROKER_EXIT_WITH_PARENT: flag,
  PAPER_BROKER_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
});

/** Every variable that the paper broker reads. */
export const SETTINGS: readonly string[] = Object.keys(Environment.shape);

export interface PaperBrokerConfig {
  readonly databaseUrl: string;
  /** The secret key of every account. */
  readonly secret: string;
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  readonly clock: 'real' | 'simulated';
  /** How the venue trades. */
  readonly rules: Rules;
  /** Files with recorded quotes and trades. */
  readonly recordings: readonly string[];
  readonly faults: FaultRules;
  readonly exitWithParent: boolean;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
}

/** Everything that is wrong with the environment, said at once. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly code = 'PAPER_BROKER_CONFIG';

  constructor(readonly faults: readonly string[]) {
    super(`the environment has ${faults.length} fault(s):\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
  }
}

/**
 * Reads the configuration from environment variables (README has the table). An empty variable counts as not set.
 * Throws {@link ConfigError} with every variable at fault and what it should hold.
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): PaperBrokerConfig {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = Environment.safeParse(given);
  if (!parsed.success) {
    throw new ConfigError(
      parsed.error.issues.map((issue) => {
        const name = String(issue.path[0]);
        return given[name] === undefined ? `${name} is required: ${issue.message}` : `${name}: ${issue.message}`;
      }),
    );
  }
  const values = parsed.data;
  const faults = contradictionsOf(values);
  if (faults.length > 0) throw new ConfigError(faults);
  return {
    databaseUrl: values.DATABASE_URL,
    secret: values.PAPER_BROKER_SECRET,
    host: values.PAPER_BROKER_HOST,
    port: values.PAPER_BROKER_PORT,
    clock: values.PAPER_BROKER_CLOCK,
    rules: rulesOf(values),
    recordings: values.PAPER_BROKER_RECORDINGS,
    faults: {
      enabled: values.PAPER_BROKER_FAULTS === 'on',
      rates: values.PAPER_BROKER_FAULT_RATES,
      seed: values.PAPER_BROKER_FAULT_SEED,
    },
    exitWithParent: values.PAPER_BROKER_EXIT_WITH_PARENT,
    logLevel: values.PAPER_BROKER_LOG_LEVEL,
  };
}

type Values = z.output<typeof Environment>;

const LOOPBACK = /^(127(\.\d{1,3}){3}|::1|localhost)$/;
const LULD_TIERS = { off: null, tier1: 1, tier2: 2 } as const;

/** Settings that are right alone and wrong together. */
function contradictionsOf(values: Values): string[] {
  const { PAPER_BROKER_FAULTS: faults, PAPER_BROKER_HOST: host } = values;
  const isPartial = values.PAPER_BROKER_PARTIAL_FILLS && values.PAPER_BROKER_BOOK === 'depth';
  return [
    ...(faults === 'on' && !LOOPBACK.test(host)
      ? [
          `PAPER_BROKER_FAULTS: faults are for tests on this machine; on needs a loopback PAPER_BROKER_HOST, not ${host}`,
        ]
      : []),
    ...(faults === 'off' && values.PAPER_BROKER_FAULT_RATES.length > 0
      ? ['PAPER_BROKER_FAULT_RATES: needs PAPER_BROKER_FAULTS=on']
      : []),
    ...(isPartial ? ['PAPER_BROKER_PARTIAL_FILLS: a book with depth fills in pieces by itself; leave it at 0'] : []),
  ];
}

function rulesOf(values: Values): Rules {
  const participation = new D(values.PAPER_BROKER_DEPTH_PARTICIPATION_MAX);
  const auctionShares = new D(values.PAPER_BROKER_AUCTION_SHARES);
  const depth = {
    shares: new D(values.PAPER_BROKER_DEPTH_SHARES),
    volumeShare: new D(values.PAPER_BROKER_DEPTH_VOLUME_SHARE),
    sharesPerMinute: new D(values.PAPER_BROKER_DEPTH_SHARES_PER_MINUTE),
    refreshMs: values.PAPER_BROKER_DEPTH_REFRESH_MS,
    participation: participation.isZero() ? null : participation,
  };
  const shorts = {
    shares: new D(values.PAPER_BROKER_BORROW_SHARES),
    feeBp: new D(values.PAPER_BROKER_BORROW_FEE_BP),
  };
  return {
    spreadBp: values.PAPER_BROKER_SPREAD_BP,
    partialFills: values.PAPER_BROKER_PARTIAL_FILLS,
    depth: values.PAPER_BROKER_BOOK === 'depth' ? depth : null,
    latency: values.PAPER_BROKER_LATENCY_MS,
    luldTier: LULD_TIERS[values.PAPER_BROKER_LULD],
    auctions: values.PAPER_BROKER_AUCTIONS === 'on' ? { shares: auctionShares.isZero() ? null : auctionShares } : null,
    fees: {
      schedule: values.PAPER_BROKER_FEES,
      commissionPerShare: new D(values.PAPER_BROKER_COMMISSION_PER_SHARE),
      commissionBp: new D(values.PAPER_BROKER_COMMISSION_BP),
    },
    shorts: values.PAPER_BROKER_SHORTS === 'on' ? shorts : null,
    impact: impactOf(values),
  };
}

function impactOf(values: Values): ImpactRules | null {
  const { PAPER_BROKER_IMPACT: model } = values;
  if (model === 'none') return null;
  if (model === 'almgren2005') {
    const outstandingOverVolume = values.PAPER_BROKER_IMPACT_OUTSTANDING_OVER_VOLUME;
    return { model, outstandingOverVolume, minutes: values.PAPER_BROKER_IMPACT_MINUTES };
  }
  return {
    model,
    prefactor: values.PAPER_BROKER_IMPACT_PREFACTOR,
    decayExponent: values.PAPER_BROKER_IMPACT_DECAY_EXPONENT,
    decayMinutes: values.PAPER_BROKER_IMPACT_DECAY_MINUTES,
  };
}

function sumOf(list: readonly FaultRate[], ofStream: boolean): number {
  return list
    .filter(({ fault }) => isStreamFault(fault) === ofStream)
    .reduce((sum, { probability }) => sum + probability, 0);
}
