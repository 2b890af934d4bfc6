/**
 * What to do with the message `seq` of a key of which `handled` was the last: handle the
 * next one, drop what was seen, and let everything behind a gap wait. A parked message
 * is a gap: the cursor stands before it until a person replays or skips it.
 */
export function placeInOrder(handled: number, seq: number): 'handle' | 'drop' | 'wait' {
  if (seq <= handled) return 'drop';
  return seq === handled + 1 ? 'handle' : 'wait';
}
