/** What the process says to its caller when it ends. */
export const EXIT = {
  ok: 0,
  /** It was tried and did not work, or the answer is "no" (a chain that does not verify, a cycle that aborted). */
  failure: 1,
  /** The command or its input was wrong; nothing was started. */
  usage: 2,
  /** A person said no, or did not confirm. */
  declined: 3,
  /** A rule forbids it: a halt, a veto, an open cycle. */
  blocked: 6,
  /** Something that is needed is not there: a host, a database, a Node version. */
  unavailable: 9,
  /** Ended by a signal, as shells count it. */
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** One option, argument or field that was wrong, and how. */
export interface Where {
  readonly field: string;
  readonly message: string;
}

/** What went wrong, in the four parts that every error of the command line has. */
export interface ErrorReport {
  readonly code: string;
  readonly what: string;
  readonly where: readonly Where[];
  /** Null only where the text above says it already. */
  readonly nextStep: string | null;
  readonly exit: ExitCode;
}

/** An error that is ready to be shown. */
export class CliError extends Error implements ErrorReport {
  override readonly name = 'CliError';
  readonly code: string;
  readonly what: string;
  readonly where: readonly Where[];
  readonly nextStep: string | null;
  readonly exit: ExitCode;

  constructor(report: Omit<ErrorReport, 'where'> & { readonly where?: readonly Where[] }, options?: ErrorOptions) {
    super(`${report.code}: ${report.what}`, options);
    this.code = report.code;
    this.what = report.what;
    this.where = report.where ?? [];
    this.nextStep = report.nextStep;
    this.exit = report.exit;
  }
}

/** Options or arguments that cannot be what was meant, all of them at once. */
export const usageError = (command: string, where: readonly Where[]): CliError =>
  new CliError({
    code: 'USAGE',
    what: where.length === 1 ? 'One option or argument is wrong.' : `${where.length} options or arguments are wrong.`,
    where,
    nextStep: `Correct ${where.length === 1 ? 'it' : 'them'} and run the command again; "ballast ${command} --help" shows examples.`,
    exit: EXIT.usage,
  });

/** Which exit code an HTTP status stands for. */
export function exitOfStatus(status: number): ExitCode {
  if (status === 400 || status === 413 || status === 415 || status === 422) return EXIT.usage;
  if (status === 403 || status === 409 || status === 423) return EXIT.blocked;
  if (status === 408 || status === 429 || status === 502 || status === 503 || status === 504) return EXIT.unavailable;
  return EXIT.failure;
}

/** Codes of the host's own errors that mean a dependency is away, or that a rule forbids the act. */
const UNAVAILABLE = /^(POSTGRES_|NATS_|BUS_|BROKER_|PORT_IN_USE|DATABASE_|HTTP_TOKEN_|HOME_NEWER)/;
/** Codes of an environment that cannot be meant; nothing was started. */
const SETTINGS = /^(CONFIG_INVALID|PAPER_BROKER_CONFIG)$/;
const BLOCKED = /^(HALTED|HALT_|ASOF_BEFORE_LEDGER|CYCLE_OPEN)/;

/**
 * Turns whatever was thrown into what is shown. Errors of the platform are told apart by
 * their name and members, not by their class, so that `calc` and `--help` need not load it.
 */
export function reportOf(error: unknown): ErrorReport {
  if (error instanceof CliError) return error;
  if (!(error instanceof Error)) return unexpected(String(error));
  const { code, nextStep } = membersOf(error);
  switch (error.name) {
    case 'Problem':
      return problemReport(error, code ?? 'UNEXPECTED', nextStep);
    case 'Fault':
    case 'Retryable':
      if ('status' in error && 'problem' in error) return answeredReport(error.problem, Number(error.status));
      return hostReport(error, code ?? 'UNEXPECTED');
    case 'KernelError':
      return {
        code: code ?? 'UNEXPECTED',
        what: error.message,
        where: [],
        nextStep: 'See "ballast calc --help" for the shape of the input.',
        exit: EXIT.usage,
      };
    default:
      return unexpected(error.stack ?? error.message);
  }
}

/** An error of the host itself; its message ends with what to do. */
function hostReport(error: Error, code: string): ErrorReport {
  const unavailable = error.name === 'Retryable' || UNAVAILABLE.test(code);
  const failed = unavailable ? EXIT.unavailable : SETTINGS.test(code) ? EXIT.usage : EXIT.failure;
  const exit = BLOCKED.test(code) ? EXIT.blocked : failed;
  return { code, what: error.message, where: [], nextStep: NEXT_STEP, exit };
}

const NEXT_STEP = 'Follow what the message says; "ballast doctor" checks what this machine lacks.';

const unexpected = (what: string): ErrorReport => ({
  code: 'UNEXPECTED',
  what,
  where: [],
  nextStep: 'This is a fault of the program: run "ballast doctor", and report it with the lines above.',
  exit: EXIT.failure,
});

function membersOf(error: Error): { code: string | null; nextStep: string | null } {
  return {
    code: 'code' in error && typeof error.code === 'string' ? error.code : null,
    nextStep: 'nextStep' in error && typeof error.nextStep === 'string' ? error.nextStep : null,
  };
}

/** A service's refusal that the host passes on whole. */
export function answeredReport(problem: unknown, status: number): ErrorReport {
  const body = typeof problem === 'object' && problem !== null ? problem : {};
  const text = (name: string): string | null => {
    const value = (body as Readonly<Record<string, unknown>>)[name];
    return typeof value === 'string' && value !== '' ? value : null;
  };
  return {
    code: text('code') ?? `HTTP_${status}`,
    what: text('detail') ?? text('title') ?? text('message') ?? `A service answered with status ${status}.`,
    where: 'errors' in body ? whereOf(body.errors) : [],
    nextStep: text('nextStep') ?? NEXT_STEP,
    exit: exitOfStatus(status),
  };
}

function problemReport(error: Error, code: string, nextStep: string | null): ErrorReport {
  const status = 'status' in error && typeof error.status === 'number' ? error.status : 500;
  const detail = 'detail' in error && typeof error.detail === 'string' ? error.detail : error.message;
  const where = 'errors' in error ? whereOf(error.errors) : [];
  return { code, what: detail, where, nextStep, exit: exitOfStatus(status) };
}

/** Reads the `errors` member of a problem: the fields that were refused. */
export function whereOf(errors: unknown): Where[] {
  if (!Array.isArray(errors)) return [];
  return errors.flatMap((each: unknown) => {
    if (typeof each !== 'object' || each === null || !('field' in each)) return [];
    return [{ field: String(each.field), message: 'message' in each ? String(each.message) : 'is wrong' }];
  });
}
