/** What a run of simulated days is asked to do. Texts were checked by whoever asks. */
export interface RunOptions {
  readonly data?: string;
  readonly sectors?: string;
  readonly asOf?: string;
  readonly symbols?: readonly string[];
  readonly universe?: number;
  readonly strategies?: readonly string[];
  readonly cash?: string;
  /** Who answers for prices that are not to be relied on by the rules, and why. */
  readonly override?: { readonly by: string; readonly reason: string };
  readonly book: string;
  readonly fresh: boolean;
  readonly days: number;
}

export type Stage =
  | 'starting'
  | 'importing'
  | 'opening'
  | 'pricing'
  | 'scoring'
  | 'planning'
  | 'tax'
  | 'risk'
  | 'executing'
  | 'settling'
  | 'closed'
  | 'aborted';

/** How far a run has come. */
export interface Progress {
  readonly day: number;
  readonly days: number;
  readonly asOf: string;
  readonly stage: Stage;
  readonly detail: string;
}
