import { defineService } from '@ballast/platform';
import { GetImpact } from './application/get-impact.js';
import { GetLots } from './application/get-lots.js';
import { OnCycleOpened } from './application/on-cycle-opened.js';
import { OnOrderFilled } from './application/on-order-filled.js';
import { OnPlanProposed } from './application/on-plan-proposed.js';
import { OnReconciliationCompleted } from './application/on-reconciliation-completed.js';
import { TaxConfig } from './config.js';
import { DisposalEntity } from './persistence/entities/disposal.entity.js';
import { FillEntity } from './persistence/entities/fill.entity.js';
import { ImpactEntity } from './persistence/entities/impact.entity.js';
import { LotEntity } from './persistence/entities/lot.entity.js';
import { Initial1763600100000 } from './persistence/migrations/initial-1763600100000.js';

/** The tax service's wiring: all there is of it, by hand. */
export const tax = defineService({
  name: 'tax',
  config: TaxConfig,
  entities: [FillEntity, LotEntity, DisposalEntity, ImpactEntity],
  migrations: [Initial1763600100000],
  controllers: [OnCycleOpened, OnPlanProposed, OnOrderFilled, OnReconciliationCompleted, GetLots, GetImpact],
  paths: ['/api/v1/lots', '/api/v1/tax'],
});
