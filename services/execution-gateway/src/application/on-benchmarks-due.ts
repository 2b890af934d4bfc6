import { perform, wake, type Envelope } from '@ballast/contracts';
import { On } from '@ballast/platform';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { z } from 'zod';
import { AskBenchmarks, BenchmarksDue } from '../messages.js';
import { takeWanted } from '../persistence/benchmarks.js';
import type { ExecutionContext } from './take-news.js';

/** Parents that are asked about at once; venues list minutes of so many names a page. */
const BATCH = 100;

/** Parents have ended: it is asked what the market did while they were worked. */
@Controller()
export class OnBenchmarksDue {
  @On(BenchmarksDue)
  async handle(
    @Payload() { data: { account } }: Envelope<z.infer<typeof BenchmarksDue.schema>>,
    @Ctx() ctx: ExecutionContext,
  ): Promise<void> {
    const parents = await takeWanted(ctx.tx, account, BATCH);
    if (parents.length === 0) return;
    ctx.later([perform(AskBenchmarks, account, { account, parents })]);
    if (parents.length === BATCH) ctx.later([wake(BenchmarksDue, account, { account }, ctx.now)]);
  }
}
