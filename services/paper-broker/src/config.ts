import { z } from 'zod';

const flag = z
  .enum(['0', '1'])
  .default('0')
  .transform((value) => value === '1');

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
  PAPER_BROKER_FAULTS: z.enum(['on', 'off']).default('off'),
  PAPER_BROKER_EXIT_WITH_PARENT: flag,
  PAPER_BROKER_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
});

export interface PaperBrokerConfig {
  readonly databaseUrl: string;
  /** The secret key of every account. */
  readonly secret: string;
  readonly host: string;
  /** 0 takes a free port. */
  readonly port: number;
  readonly clock: 'real' | 'simulated';
  readonly spreadBp: number;
  readonly partialFills: boolean;
  /** Whether the request header `x-sim-fault` is obeyed. */
  readonly faults: boolean;
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
  return {
    databaseUrl: values.DATABASE_URL,
    secret: values.PAPER_BROKER_SECRET,
    host: values.PAPER_BROKER_HOST,
    port: values.PAPER_BROKER_PORT,
    clock: values.PAPER_BROKER_CLOCK,
    spreadBp: values.PAPER_BROKER_SPREAD_BP,
    partialFills: values.PAPER_BROKER_PARTIAL_FILLS,
    faults: values.PAPER_BROKER_FAULTS === 'on',
    exitWithParent: values.PAPER_BROKER_EXIT_WITH_PARENT,
    logLevel: values.PAPER_BROKER_LOG_LEVEL,
  };
}
