import type { Stage } from './options.js';

/** What is known of how far a cycle is. */
export interface CycleLook {
  readonly status: string;
  readonly stages: readonly { readonly stage: string }[];
  readonly parentsExpected: number | null;
  readonly parentsCompleted: number;
}

/** The stages of a cycle that people are shown, in their order. */
const WAY = ['pricing', 'scoring', 'planning', 'tax', 'risk', 'executing', 'settling', 'closed', 'aborted'] as const;

/**
 * What a cycle is at. In: the orchestrator's answer, and whether its scores were computed,
 * which the orchestrator does not hear of. Out: the stage that is under way now.
 */
export function stageOf({ status, stages, parentsExpected, parentsCompleted }: CycleLook, scored: boolean): Stage {
  const heard = (name: string): boolean => stages.some(({ stage }) => stage === name);
  if (status === 'closed' || status === 'aborted') return status;
  if (heard('judged')) {
    return parentsExpected !== null && parentsCompleted >= parentsExpected ? 'settling' : 'executing';
  }
  if (heard('planned')) return heard('assessed') ? 'risk' : 'tax';
  if (!heard('sealed')) return 'pricing';
  return scored ? 'planning' : 'scoring';
}

/** Whether a stage lies beyond another on the way of a cycle. */
export const isBeyond = (stage: Stage, other: Stage): boolean => rank(stage) > rank(other);

const rank = (stage: Stage): number => (WAY as readonly Stage[]).indexOf(stage);

/** The part of the measured time that a stage belongs to: pricing the tax is a part of judging the plan. */
export const partOf = (stage: Stage): Stage => (stage === 'tax' ? 'risk' : stage);
