/** A kind of cycle: what it is called, and whose scores its plan can be made from. */
export interface Pattern {
  readonly patternId: string;
  readonly title: string;
  /** All of them are asked unless a request names some. */
  readonly strategies: readonly string[];
}

/** The patterns that can be executed, by id. */
export const PATTERNS: ReadonlyMap<string, Pattern> = new Map(
  [
    {
      patternId: 'daily-rebalance',
      title: 'Decide on the close of a session, trade in the next',
      strategies: ['low-volatility', 'mean-reversion', 'momentum'],
    },
  ].map((pattern) => [pattern.patternId, pattern]),
);
