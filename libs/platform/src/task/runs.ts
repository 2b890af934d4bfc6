import type { WorkType } from '@ballast/contracts';

/** A request for work as its runner sees it. */
export interface Work<R = unknown> {
  readonly id: string;
  readonly key: string;
  readonly request: R;
  /** 1 on the first try. */
  readonly attempt: number;
  /**
   * Awaited right before a call that must not be repeated. @throws Superseded where another instance of the service has
   * become active: the runner lets it pass, and the other one answers. Retryable where that could not be learned.
   */
  readonly confirm: () => Promise<void>;
}

/**
 * Does one kind of work on the world, outside any transaction. What `run` returns
 * becomes the answer in the inbox. What it throws: for at-most-once work the outcome
 * is `unknown`; for other work a transient error is tried again with backoff.
 */
export interface Runner<R = unknown, A = unknown> {
  readonly work: WorkType<R, A>;
  run(work: Work<R>): Promise<A>;
}
