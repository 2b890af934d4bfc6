import type { Instant } from '@ballast/contracts';
import type { RawBar } from '@ballast/kernel/data-quality';
import { lastCompletedSession } from '../../domain/sessions.js';

/**
 * The bars of sessions that have closed. It is the vendor's clock that counts and not the one of a simulated book, so that
 * the machine's own is asked.
 */
export function completedOnly(bars: readonly RawBar[], now: Instant = new Date().toISOString()): readonly RawBar[] {
  const last = lastCompletedSession(now);
  return bars.filter(({ date }) => date === undefined || date <= last);
}
