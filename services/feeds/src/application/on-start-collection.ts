import { perform, uuid5, type Envelope } from '@ballast/contracts';
import { On, type InboxContext } from '@ballast/platform';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { IsNull } from 'typeorm';
import { dateInIndia } from '../domain/facts/fields.js';
import { CollectFacts, StartCollection } from '../messages-facts.js';
import { CollectionEntity } from '../persistence/entities/collection.entity.js';

/** Begins a collection: notes it down and asks for the reading. One of a kind at a time, so that nobody is asked twice. */
@Controller()
export class OnStartCollection {
  @On(StartCollection)
  async handle(@Payload() message: Envelope<StartCollection>, @Ctx() ctx: InboxContext<'feeds'>): Promise<void> {
    const { what, source, date, subject, synthetic, path } = message.data;
    const running = await ctx.tx.findOneBy(CollectionEntity, { what, subject: subject ?? IsNull(), status: 'running' });
    if (running) {
      return ctx.refuse({
        status: 409,
        code: 'COLLECTION_RUNNING',
        title: 'The same is being collected',
        detail: `Collection ${running.collectionId} of ${what} was asked for at ${running.requestedAt}.`,
        nextStep: `Wait until GET /api/v1/feeds/collections/${running.collectionId} says that it has ended.`,
      });
    }
    const collectionId = uuid5(message.id, 'collection');
    await ctx.tx.insert(CollectionEntity, {
      ...{ collectionId, what, source, subject, date, synthetic, path, status: 'running', requestedAt: ctx.now },
      ...{ code: null, reason: null, nextStep: null, report: null, finishedAt: null },
    });
    const request = { ...message.data, collectionId, today: dateInIndia(ctx.now) };
    ctx.later([perform(CollectFacts, collectionId, request)]);
    ctx.audit({ act: 'collection.requested', subject: collectionId, detail: message.data });
    ctx.reply({ collectionId, what, source, status: 'running' }, 202);
  }
}
