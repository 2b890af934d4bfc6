import { sha256 } from '@ballast/contracts';

/** A stable 63-bit key of an advisory lock, as text, because it does not fit a number. */
export function lockKey(...parts: readonly string[]): string {
  return (BigInt(`0x${sha256(parts.join('\n')).slice(0, 16)}`) >> 1n).toString();
}
