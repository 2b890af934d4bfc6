/** One field of a request that was refused. */
export interface FieldError {
  /** The field as people write it: `orders[0].quantity`; `body`, `query` or `path` for the whole. */
  readonly field: string;
  /** The same as a JSON pointer (RFC 6901): `/orders/0/quantity`. */
  readonly pointer?: string;
  readonly message: string;
  readonly code: string;
}

/** What a refusal over HTTP says. */
export interface ProblemOptions {
  readonly status: number;
  /** Stable, in capitals: `CYCLE_NOT_FOUND`. Becomes the type `urn:ballast:problem:<code>`. */
  readonly code: string;
  /** The same short sentence for every problem of this code. */
  readonly title: string;
  /** What was wrong this time. */
  readonly detail: string;
  /** What the caller can do now. */
  readonly nextStep: string;
  readonly errors?: readonly FieldError[];
  readonly headers?: Readonly<Record<string, string>>;
  /** More members of the answer's body, such as `estimated_ready`. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** The body of an `application/problem+json` answer (RFC 9457). */
export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  readonly code: string;
  readonly nextStep: string;
  readonly errors?: readonly FieldError[];
  readonly [extra: string]: unknown;
}

/** A refusal that a caller over HTTP is told about in full. Thrown by controllers; {@link ProblemFilter} answers with it. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly nextStep: string;
  readonly errors: readonly FieldError[] | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly extra: Readonly<Record<string, unknown>>;

  constructor(options: ProblemOptions, cause?: ErrorOptions) {
    super(`${options.code}: ${options.detail}`, cause);
    this.status = options.status;
    this.code = options.code;
    this.title = options.title;
    this.detail = options.detail;
    this.nextStep = options.nextStep;
    this.errors = options.errors;
    this.headers = options.headers ?? {};
    this.extra = options.extra ?? {};
  }

  /** The body of the answer; `instance` is the request's id, which the log has too. */
  toBody(instance: string): ProblemBody {
    return {
      ...this.extra,
      type: `urn:ballast:problem:${this.code}`,
      title: this.title,
      status: this.status,
      detail: this.detail,
      instance,
      code: this.code,
      nextStep: this.nextStep,
      ...(this.errors === undefined ? {} : { errors: this.errors }),
    };
  }
}
