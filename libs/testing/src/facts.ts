import { uuid5, type CycleOpened, type DataOf } from '@ballast/contracts';

/** A cycle as the orchestrator opens it on a day in March 2024, for specs of whoever hears it; `n` tells it from others. */
export const openedCycle = (n: number, more: Partial<DataOf<typeof CycleOpened>> = {}): DataOf<typeof CycleOpened> => ({
  cycleId: uuid5('cycle', more.portfolioId ?? 'main', n),
  portfolioId: 'main',
  patternId: 'fine',
  trigger: 'operator',
  asOf: '2024-03-01',
  mode: 'paper',
  seed: n,
  universe: { universeId: 'default' },
  strategies: ['momentum'],
  configHash: 'a'.repeat(64),
  tradeSession: { date: '2024-03-04', open: '2024-03-04T14:30:00.000Z', close: '2024-03-04T21:00:00.000Z' },
  deadlines: { decideBy: '2024-03-04T15:10:00.000Z', completeBy: '2024-03-04T21:30:00.000Z' },
  openedAt: '2024-03-04T15:00:00.000Z',
  ...more,
});
