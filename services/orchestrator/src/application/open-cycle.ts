import { activeTraceId, type InboxContext } from '@ballast/platform';
import type { OrchestratorConfig } from '../config.js';
import { open, type Opening, type OpeningRules } from '../domain/opening.js';
import type { ExecuteRequest } from '../messages.js';
import { insertCycle, loadGround } from '../persistence/queries.js';

/** What of the configuration the opening of a cycle looks at. */
export const rulesOf = (config: OrchestratorConfig): OpeningRules => ({
  decideSecondsMax: config.ORCHESTRATOR_DECIDE_SECONDS_MAX,
  config,
});

/** Opens a cycle within a handler, or tells why not; whoever asked is answered by the caller. */
export async function openCycle(
  ctx: InboxContext<'orchestrator'>,
  config: OrchestratorConfig,
  cycleId: string,
  portfolioId: string,
  request: ExecuteRequest,
): Promise<Opening> {
  const ground = await loadGround(ctx.tx, portfolioId);
  const opening = open(cycleId, portfolioId, request, ground, ctx.now, rulesOf(config));
  if (opening.kind === 'refused') return opening;
  const { cycle, universe, facts, tasks } = opening;
  await insertCycle(ctx.tx, cycle, { universe, traceId: activeTraceId() });
  ctx.emit(facts);
  ctx.later(tasks);
  if (request.override) {
    ctx.audit({ act: 'pack.overridden', subject: cycleId, cycleId, portfolioId, detail: { ...request.override } });
    ctx.alert(overrideAlert(cycleId, request.override));
  }
  const { asOf, trigger, patternId, strategies, configHash, tradeSession, decideBy, completeBy } = cycle;
  ctx.audit({
    act: 'cycle.opened',
    subject: cycleId,
    cycleId,
    portfolioId,
    detail: {
      asOf,
      trigger,
      patternId,
      strategies,
      universe: universe.universeId,
      configHash,
      tradeSession,
      decideBy,
      completeBy,
    },
  });
  return opening;
}

const overrideAlert = (cycleId: string, { by, reason }: NonNullable<ExecuteRequest['override']>) =>
  ({
    code: 'PACK_OVERRIDDEN',
    severity: 'warning',
    message: `${by} opened cycle ${cycleId} although the prices are not to be relied on by the rules: ${reason}`.slice(
      0,
      1_000,
    ),
    numbers: { cycleId },
    nextStep: `"ballast cycle get ${cycleId}" shows how old its prices are; GET /health/pack says what is wrong with them.`,
  }) as const;
