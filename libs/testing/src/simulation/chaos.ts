import type { Rng } from '@ballast/kernel/random';

/** How often each thing goes wrong in one run, as probabilities; 0 is never. */
export interface Chaos {
  /** A publication is refused, or only its beginning is stored. */
  readonly publishRefused: number;
  /** A publication is stored, and its acknowledgement is lost. */
  readonly publishAckLost: number;
  /** A delivery is acknowledged, and the bus does not hear of it. */
  readonly deliveryAckLost: number;
  /** A message that was acknowledged comes once more. */
  readonly duplicate: number;
  /** A message overtakes an earlier one of its key, as after a nak. */
  readonly overtake: number;
  /** A fleeting signal is lost. */
  readonly signalLost: number;
  /** A service ends at a checkpoint that it passes. */
  readonly crash: number;
  /** By how much steps that break something are preferred: set-backs, crashes between steps. */
  readonly breakage: number;
  /** Whether the stream drops a message id that it has stored within the last two minutes. */
  readonly deduplicates: boolean;
}

/** A world in which everything works. */
export const CALM: Chaos = {
  publishRefused: 0,
  publishAckLost: 0,
  deliveryAckLost: 0,
  duplicate: 0,
  overtake: 0,
  signalLost: 0,
  crash: 0,
  breakage: 0,
  deduplicates: true,
};

/** What goes wrong in the run of a seed: from hardly anything to a lot, each kind by itself, so that no kind hides another. */
export function chaosOf(random: Rng): Chaos {
  const intensity = random.pick([0, 0.3, 1, 1, 2]);
  const rate = (most: number): number => (random.uniform() < 0.3 ? 0 : random.uniform() * most * intensity);
  return {
    publishRefused: rate(0.1),
    publishAckLost: rate(0.1),
    deliveryAckLost: rate(0.06),
    duplicate: rate(0.06),
    overtake: rate(0.1),
    signalLost: rate(0.3),
    crash: rate(0.006),
    breakage: rate(1),
    deduplicates: random.uniform() < 0.7,
  };
}
