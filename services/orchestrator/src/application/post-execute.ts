import { uuid5 } from '@ballast/contracts';
import {
  AcceptsBody,
  Answers,
  CLOCK,
  CONFIG,
  Door,
  IdempotencyKey,
  Problem,
  zodPipe,
  type Clock,
} from '@ballast/platform';
import { Body, Controller, HttpCode, Inject, Post, UseInterceptors } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import type { OrchestratorConfig } from '../config.js';
import { open } from '../domain/opening.js';
import { ExecuteRequest, OpenCycle } from '../messages.js';
import { awaitSealed } from '../persistence/await-cycle.js';
import { loadGround } from '../persistence/queries.js';
import { CarriesHashes } from './carries-hashes.js';
import { rulesOf } from './open-cycle.js';

const Executed = z.object({
  cycleId: z.uuid(),
  status: z.string(),
  pricing_pack_id: z.string().nullable(),
  ledger_commit_hash: z.string().nullable(),
  trace_id: z.string().nullable(),
});

/** Opens a cycle, and answers when its prices are fixed, it has ended, or the wait is over. */
@Controller('/v1/execute')
@UseInterceptors(CarriesHashes)
export class PostExecute {
  constructor(
    @Inject(CONFIG) private readonly config: OrchestratorConfig,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(Door) private readonly door: Door,
    @Inject(DataSource) private readonly dataSource: DataSource,
  ) {}

  @Post()
  @HttpCode(200)
  @AcceptsBody(ExecuteRequest, 'what to decide about, and why now')
  @Answers(200, Executed, 'the cycle, and the hashes that are known of it')
  async execute(
    @Body(zodPipe(ExecuteRequest)) request: z.infer<typeof ExecuteRequest>,
    @IdempotencyKey() idempotencyKey: string,
  ): Promise<z.infer<typeof Executed>> {
    const portfolioId = request.portfolioId ?? this.config.ORCHESTRATOR_PORTFOLIO;
    const command = { idempotencyKey, portfolioId, request };
    await this.#refuseWhileWarming(command);
    const { cycleId } = (await this.door.command(OpenCycle, portfolioId, command, idempotencyKey)) as {
      cycleId: string;
    };
    const patience = this.config.ORCHESTRATOR_EXECUTE_WAIT_SECONDS_MAX;
    const cycle = await awaitSealed(this.dataSource, cycleId, patience);
    return {
      cycleId,
      status: cycle.status,
      pricing_pack_id: cycle.pricingPackId,
      ledger_commit_hash: cycle.ledgerCommitHash,
      trace_id: cycle.traceId,
    };
  }

  /**
   * Prices that are on their way come by themselves. That there are none yet is answered without the inbox, which
   * would give the same key the same answer for ever.
   */
  async #refuseWhileWarming(command: OpenCycle): Promise<void> {
    const { portfolioId, idempotencyKey, request } = command;
    const ground = await loadGround(this.dataSource.manager, portfolioId);
    const cycleId = uuid5(portfolioId, idempotencyKey);
    const opening = open(cycleId, portfolioId, request, ground, this.clock.now(), rulesOf(this.config));
    if (opening.kind === 'refused' && opening.refusal.status === 503) throw new Problem(opening.refusal);
  }
}
