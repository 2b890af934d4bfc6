import type { Envelope, Outcome } from '@ballast/contracts';
import { CONFIG, On, type InboxContext } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { FeedsConfig } from '../config.js';
import { CollectFacts, type CollectionAnswer, type CollectionRequest } from '../messages-facts.js';
import { CollectionEntity } from '../persistence/entities/collection.entity.js';
import { noteEnd } from '../persistence/watch-queries.js';
import { takeFacts, type Taken } from './take-facts.js';

/** The words of a source came: what is new in them is kept and said, or it is said why nothing of them is. */
@Controller()
export class OnFactsCollected {
  constructor(@Inject(CONFIG) private readonly config: FeedsConfig) {}

  @On(CollectFacts.answered)
  async handle(
    @Payload() message: Envelope<{ request: CollectionRequest; outcome: Outcome<CollectionAnswer> }>,
    @Ctx() ctx: InboxContext<'feeds'>,
  ): Promise<void> {
    const { request, outcome } = message.data;
    const { collectionId, what, source, subject } = request;
    const taken = await this.#take(ctx, request, outcome);
    // A file that somebody brings says nothing of whether the source is reached.
    if (request.path === null) await noteEnd(ctx, what, subject, taken);
    if (taken.kind === 'taken') {
      const { report } = taken;
      await ctx.tx.update(CollectionEntity, { collectionId }, { status: 'collected', report, finishedAt: ctx.now });
      ctx.audit({ act: 'facts.collected', subject: collectionId, detail: { what, source, subject, ...report } });
      return;
    }
    const { code, reason, nextStep } = taken;
    const end = { status: 'refused', code, reason, nextStep, finishedAt: ctx.now } as const;
    await ctx.tx.update(CollectionEntity, { collectionId }, end);
    ctx.audit({ act: 'collection.refused', subject: collectionId, detail: { what, source, subject, code, reason } });
    ctx.alert({
      code: 'COLLECTION_REFUSED',
      severity: 'warning',
      message: `${what} was not collected: ${code}, ${reason}`.slice(0, 1_000),
      numbers: { collectionId, what, ...(subject === null ? {} : { subject }) },
      nextStep,
    });
  }

  async #take(
    ctx: InboxContext<'feeds'>,
    { what, source, subject, synthetic }: CollectionRequest,
    outcome: Outcome<CollectionAnswer>,
  ): Promise<Taken> {
    if (outcome.status !== 'done') return gaveUp(outcome.reason);
    if (outcome.answer.kind === 'refused') return outcome.answer;
    const { body } = outcome.answer;
    const told = { what, source, subject, synthetic, body, fetchedAt: ctx.now };
    return takeFacts(ctx, told, Number(this.config.FEEDS_REFUSED_FRACTION_MAX));
  }
}

const gaveUp = (reason: string): Taken => ({
  kind: 'refused',
  code: 'COLLECTION_FAILED',
  reason,
  nextStep: 'Ask for it again later, or bring the file by hand with "ballast data load"; nothing was taken.',
});
