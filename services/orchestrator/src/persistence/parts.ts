import {
  Mark,
  Position,
  Target,
  Trade,
  Trim,
  type DataOf,
  type PlanApproved,
  type PlanProposed,
  type PositionValued,
  type SnapshotSealed,
} from '@ballast/contracts';
import { unpackRows, type PackStore } from '@ballast/platform';
import type { EntityManager } from 'typeorm';
import type { DecisionInputs } from '../domain/decisions.js';
import { CyclePartEntity } from './entities/cycle-part.entity.js';

/** What is kept of each fact until the decisions are written; lists stay packed. */
export interface Parts {
  readonly snapshot: Pick<DataOf<typeof SnapshotSealed>, 'marks'>;
  readonly valuation: Pick<DataOf<typeof PositionValued>, 'positions' | 'unpriced'>;
  readonly plan: Pick<DataOf<typeof PlanProposed>, 'targets' | 'trades'>;
  readonly declined: { readonly code: string };
  readonly approved: Pick<DataOf<typeof PlanApproved>, 'trades' | 'trims'>;
  readonly vetoed: { readonly codes: readonly string[] };
}

export type PartName = keyof Parts;

/** Keeps a part of a cycle. */
export async function rememberPart<N extends PartName>(
  tx: EntityManager,
  cycleId: string,
  part: N,
  data: Parts[N],
): Promise<void> {
  await tx.insert(CyclePartEntity, { cycleId, part, data } as never);
}

/** The parts of a cycle, their lists unpacked. Marks, positions and either plan and verdict or a decline must be there. */
export async function loadDecisionInputs(
  tx: EntityManager,
  packs: PackStore,
  cycleId: string,
): Promise<DecisionInputs> {
  const rows = await tx.findBy(CyclePartEntity, { cycleId });
  const parts = Object.fromEntries(rows.map(({ part, data }) => [part, data])) as Partial<Parts>;
  const { snapshot, valuation, plan, declined, approved, vetoed } = parts;
  return {
    marks: await unpackRows(packs, snapshot!.marks, Mark),
    positions: await unpackRows(packs, valuation!.positions, Position),
    unpriced: valuation!.unpriced,
    plan: plan
      ? {
          targets: await unpackRows(packs, plan.targets, Target),
          trades: await unpackRows(packs, plan.trades, Trade),
        }
      : null,
    verdict: vetoed
      ? { kind: 'vetoed', codes: vetoed.codes }
      : approved
        ? {
            kind: 'approved',
            trades: await unpackRows(packs, approved.trades, Trade),
            trims: await unpackRows(packs, approved.trims, Trim),
          }
        : null,
    declinedCode: declined?.code ?? null,
  };
}

/** Lets go of what a cycle's decisions were made from; its facts stay in the inbox. */
export async function forgetParts(tx: EntityManager, cycleId: string): Promise<void> {
  await tx.delete(CyclePartEntity, { cycleId });
}
