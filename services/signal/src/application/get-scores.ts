import { Score, TickerSymbol } from '@ballast/contracts';
import { PACKS, Problem, unpackRows, zodPipe, type PackStore } from '@ballast/platform';
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { StrategyScoreEntity } from '../persistence/entities/strategy-score.entity.js';

/** Answers what the strategies of a cycle thought: a summary of each, or of one symbol its scores. */
@Controller('/api/v1/signals')
export class GetScores {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(PACKS) private readonly packs: PackStore,
  ) {}

  @Get('/:cycleId')
  async get(
    @Param('cycleId', zodPipe(z.uuid())) cycleId: string,
    @Query(zodPipe(z.object({ symbol: TickerSymbol.optional() }))) { symbol }: { symbol?: string | undefined },
  ): Promise<unknown> {
    const { manager } = this.dataSource;
    const found = await manager.find(StrategyScoreEntity, { where: { cycleId }, order: { strategyId: 'ASC' } });
    if (found.length === 0) throw noScores(cycleId);
    const strategies = await Promise.all(
      found.map(async ({ strategyId, scored, volatility, scoresHash, scores, computedAt }) => ({
        strategyId,
        symbols: scores.count,
        scored,
        volatility,
        scoresHash,
        computedAt,
        ...(symbol === undefined ? {} : { score: await this.#scoreOf(symbol, scores) }),
      })),
    );
    const { packId, pricingPackId } = found[0]!;
    return { cycleId, packId, pricingPackId, ...(symbol === undefined ? {} : { symbol }), strategies };
  }

  /** The score of a symbol with its rank, 1 for the best; null where the pack does not have the symbol. */
  async #scoreOf(
    symbol: string,
    rows: StrategyScoreEntity['scores'],
  ): Promise<(Score & { rank: number | null }) | null> {
    const scores = await unpackRows(this.packs, rows, Score);
    const own = scores.find((each) => each.symbol === symbol);
    if (!own) return null;
    const value = own.score;
    const rank = value === null ? null : 1 + scores.filter(({ score }) => score !== null && score > value).length;
    return { ...own, rank };
  }
}

const noScores = (cycleId: string): Problem =>
  new Problem({
    status: 404,
    code: 'SCORES_NOT_FOUND',
    title: 'The cycle has no scores',
    detail: `No strategy has scored for cycle ${cycleId}.`,
    nextStep: `See how far the cycle came with "ballast cycle get ${cycleId}".`,
  });
