import { describe, expect, it } from '@jest/globals';
import { isBeyond, partOf, stageOf, type CycleLook } from './stage.js';

const cycle = (status: string, stages: string[], parents: [number | null, number] = [null, 0]): CycleLook => ({
  status,
  stages: stages.map((stage) => ({ stage })),
  parentsExpected: parents[0],
  parentsCompleted: parents[1],
});

const PLANNED = ['opened', 'sealed', 'valued', 'planned'];
const JUDGED = [...PLANNED, 'assessed', 'judged'];

describe('the stage that a cycle is at', () => {
  it.each([
    ['pricing', cycle('opened', ['opened']), false],
    ['scoring', cycle('sealed', ['opened', 'sealed']), false],
    ['planning', cycle('sealed', ['opened', 'sealed', 'valued']), true],
    ['tax', cycle('planned', PLANNED), true],
    ['risk', cycle('planned', [...PLANNED, 'assessed']), true],
    ['executing', cycle('executing', [...JUDGED, 'executing'], [2, 1]), true],
    ['settling', cycle('executing', [...JUDGED, 'executing', 'executed'], [2, 2]), true],
    ['settling', cycle('judged', JUDGED, [0, 0]), true],
    ['closed', cycle('closed', JUDGED, [2, 2]), true],
    ['aborted', cycle('aborted', ['opened']), false],
  ])('is %s', (stage, look, scored) => {
    expect(stageOf(look, scored)).toBe(stage);
  });

  it('goes on and never back', () => {
    expect(isBeyond('risk', 'tax')).toBe(true);
    expect(isBeyond('pricing', 'scoring')).toBe(false);
    expect(isBeyond('tax', 'tax')).toBe(false);
  });

  it('counts pricing the tax to judging the plan', () => {
    expect(partOf('tax')).toBe('risk');
    expect(partOf('scoring')).toBe('scoring');
  });
});
