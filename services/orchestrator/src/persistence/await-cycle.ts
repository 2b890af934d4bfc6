import { setInterval } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { isEnded } from '../domain/cycle.js';
import { CycleMetaEntity } from './entities/cycle-meta.entity.js';

const POLL_MS = 50;

/**
 * Reads a cycle again and again until its prices are sealed, it has ended, or the patience is used up. The
 * patience is counted in polls of the machine's time: a simulated clock may stand still while somebody waits.
 * @returns the cycle as it was read last.
 */
export async function awaitSealed(
  dataSource: DataSource,
  cycleId: string,
  patienceSeconds: number,
): Promise<CycleMetaEntity> {
  const read = () => dataSource.manager.findOneByOrFail(CycleMetaEntity, { cycleId });
  let cycle = await read();
  let polls = (patienceSeconds * 1_000) / POLL_MS;
  if (isWaitOver(cycle)) return cycle;
  for await (const _ of setInterval(POLL_MS)) {
    cycle = await read();
    polls -= 1;
    if (isWaitOver(cycle) || polls <= 0) break;
  }
  return cycle;
}

const isWaitOver = (cycle: CycleMetaEntity): boolean => cycle.pricingPackId !== null || isEnded(cycle);
