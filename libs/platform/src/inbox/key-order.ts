/** Where a (noun, key) stands: the last sequence handled, and whether a parked or waiting message blocks it. */
export interface KeyState {
  readonly handled: number;
  readonly held: boolean;
}

/**
 * What to do with the message `seq` of a key: handle the next one, drop what was
 * seen, and let everything behind a gap or a parked message wait.
 */
export function placeInOrder(state: KeyState, seq: number): 'handle' | 'drop' | 'wait' {
  if (seq <= state.handled) return 'drop';
  if (seq === state.handled + 1 && !state.held) return 'handle';
  return 'wait';
}
