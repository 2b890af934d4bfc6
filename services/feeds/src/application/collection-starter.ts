import { CLOCK, Door, SystemClock, type Clock, type Listener } from '@ballast/platform';
import { Inject, Injectable } from '@nestjs/common';
import { ArmCollections } from '../messages-facts.js';

/**
 * Says once a start that feeds is up, so that what the configuration of today says is collected every day. Sources say what is
 * so today: a book in simulated time, whose days pass in seconds, asks none of them.
 */
@Injectable()
export class CollectionStarter implements Listener {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(Door) private readonly door: Door,
  ) {}

  async start(): Promise<void> {
    if (!(this.clock instanceof SystemClock)) return;
    await this.door.command(ArmCollections, 'collections', {}, `collections/${this.clock.now()}`);
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }
}
