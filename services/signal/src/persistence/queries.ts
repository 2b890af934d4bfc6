import type { EntityManager } from 'typeorm';
import { ScoringEntity } from './entities/scoring.entity.js';

type Part = Partial<Pick<ScoringEntity, 'strategies' | 'packId' | 'pricingPackId'>>;

/** Adds a part to what is known of a cycle, and returns all of it; the parts may come in any order. */
export async function rememberPart(
  tx: EntityManager,
  cycle: { cycleId: string; portfolioId: string },
  part: Part,
): Promise<ScoringEntity> {
  const { cycleId, portfolioId } = cycle;
  const known = await tx.findOneBy(ScoringEntity, { cycleId });
  const nothing = { cycleId, portfolioId, strategies: null, packId: null, pricingPackId: null };
  const scoring = Object.assign(known ?? tx.create(ScoringEntity, nothing), part);
  if (known) await tx.update(ScoringEntity, { cycleId }, part as never);
  else await tx.insert(ScoringEntity, scoring as never);
  return scoring;
}
