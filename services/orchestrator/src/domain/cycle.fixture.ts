import type { Instant } from '@ballast/contracts';
import type { ExecuteRequest } from '../messages.js';
import type { Cycle } from './cycle.js';
import { open, type Ground } from './opening.js';

/** Monday, an hour after the close of the session that is decided about. */
export const NOW: Instant = '2026-11-16T22:00:00.000Z';
export const CYCLE_ID = '11111111-1111-5111-8111-111111111111';
export const HASH = 'a'.repeat(64);

export const GROUND: Ground = {
  book: {
    account: 'main',
    mode: 'paper',
    ledgerCommitHash: HASH,
    ledgerSequence: 1,
    reconciliation: null,
  },
  open: null,
  lastClosedAsOf: null,
  historyKnown: true,
  pack: null,
};

export const REQUEST: ExecuteRequest = { patternId: 'daily-rebalance', asOf: '2026-11-16', trigger: 'operator' };

export const RULES = { decideSecondsMax: 600, config: {} };

/** A cycle that has just been opened. */
export function openedCycle(): Cycle {
  const opening = open(CYCLE_ID, 'main', REQUEST, GROUND, NOW, RULES);
  if (opening.kind === 'refused') throw new Error(opening.refusal.detail);
  return opening.cycle;
}
