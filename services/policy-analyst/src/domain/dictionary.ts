/**
 * The word lists of Gorodnichenko, Pham and Talavera as "Trillion Dollar Words" uses them,
 * spelling included. They are looked for as parts of the lower-case sentence, so "low" is found in "slow" too.
 */
export const NOUNS_A = [
  'inflation expectation',
  'interest rate',
  'bank rate',
  'fund rate',
  'price',
  'economic activity',
  'inflation',
  'employment',
] as const;

export const MODIFIERS_A = [
  'anchor',
  'cut',
  'subdue',
  'decline',
  'decrease',
  'reduce',
  'low',
  'drop',
  'fall',
  'fell',
  'decelarate',
  'slow',
  'pause',
  'pausing',
  'stable',
  'non-accelerating',
  'downward',
  'tighten',
] as const;

export const NOUNS_B = [
  'unemployment',
  'growth',
  'exchange rate',
  'productivity',
  'deficit',
  'demand',
  'job market',
  'monetary policy',
] as const;

export const MODIFIERS_B = [
  'ease',
  'easing',
  'rise',
  'rising',
  'increase',
  'expand',
  'improve',
  'strong',
  'upward',
  'raise',
  'high',
  'rapid',
] as const;

export const NEGATIONS = [
  "weren't",
  'were not',
  "wasn't",
  'was not',
  'did not',
  "didn't",
  'do not',
  "don't",
  'will not',
  "won't",
] as const;
