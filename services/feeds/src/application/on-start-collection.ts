import type { Envelope } from '@ballast/contracts';
import { On, type InboxContext } from '@ballast/platform';
import { Controller } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { StartCollection } from '../messages-facts.js';
import { beginCollection, runningCollection } from './begin-collection.js';

/** Begins a collection. One of a kind at a time, so that nobody is asked twice. */
@Controller()
export class OnStartCollection {
  @On(StartCollection)
  async handle(@Payload() message: Envelope<StartCollection>, @Ctx() ctx: InboxContext<'feeds'>): Promise<void> {
    const running = await runningCollection(ctx, message.data);
    const { what, source } = message.data;
    if (running) {
      return ctx.refuse({
        status: 409,
        code: 'COLLECTION_RUNNING',
        title: 'The same is being collected',
        detail: `Collection ${running.collectionId} of ${what} was asked for at ${running.requestedAt}.`,
        nextStep: `Wait until GET /api/v1/feeds/collections/${running.collectionId} says that it has ended.`,
      });
    }
    const { collectionId } = await beginCollection(ctx, message.id, message.data);
    ctx.reply({ collectionId, what, source, status: 'running' }, 202);
  }
}
