import { hashOf } from '@ballast/contracts';
import { CLOCK, CONFIG, Door, type Clock, type Listener } from '@ballast/platform';
import { Inject, Injectable } from '@nestjs/common';
import type { FeedsConfig } from '../config.js';
import { RightsRegistry } from '../domain/rights.js';
import { RightsLoaded } from '../messages-reference.js';

/** Says once a start by which rules of their own an operator goes, so that the audit tells since when. */
@Injectable()
export class RightsStarter implements Listener {
  constructor(
    @Inject(CONFIG) private readonly config: FeedsConfig,
    @Inject(RightsRegistry) private readonly rights: RightsRegistry,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(Door) private readonly door: Door,
  ) {}

  async start(): Promise<void> {
    const file = this.config.FEEDS_RIGHTS_FILE;
    if (file === undefined) return;
    const rulesHash = hashOf(this.rights.own);
    const sources = this.rights.own.map(({ source }) => source);
    await this.door.command(RightsLoaded, file, { file, rulesHash, sources }, `${rulesHash}/${this.clock.now()}`);
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }
}
