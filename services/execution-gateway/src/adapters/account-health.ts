import { Readiness, type Listener } from '@ballast/platform';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AccountWatchEntity } from '../persistence/entities/account-watch.entity.js';

/**
 * Tells in the health of the service which accounts wait for their first comparison of books. The service can take work
 * meanwhile, which waits with them, so that this alone makes it unready for nobody.
 */
@Injectable()
export class AccountHealth implements Listener {
  constructor(
    @Inject(Readiness) private readonly readiness: Readiness,
    @Inject(DataSource) private readonly dataSource: DataSource,
  ) {}

  start(): Promise<void> {
    this.readiness.add({ name: 'accounts', check: () => this.#check() });
    return Promise.resolve();
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }

  async #check(): Promise<{ up: boolean; detail: string }> {
    const watches = await this.dataSource.manager.find(AccountWatchEntity, { order: { account: 'ASC' } });
    const waiting = watches.filter(({ readyAt }) => readyAt === null);
    const detail =
      waiting.length === 0
        ? `${watches.length} may trade as far as their books go`
        : waiting
            .map(({ account, status }) => `${account} waits: its books are ${status ?? 'not compared yet'}`)
            .join('; ');
    return { up: true, detail };
  }
}
