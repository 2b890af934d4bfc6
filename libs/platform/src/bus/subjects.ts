/** Tells whether a NATS subject passes a filter with `*` (one token) and a last `>` (one token or more). */
export function subjectMatches(subject: string, filter: string): boolean {
  const tokens = subject.split('.');
  const pattern = filter.split('.');
  for (let i = 0; i < pattern.length; i++) {
    if (pattern[i] === '>') return tokens.length > i;
    if (i >= tokens.length || (pattern[i] !== '*' && pattern[i] !== tokens[i])) return false;
  }
  return tokens.length === pattern.length;
}
