import { AccountOpened, perform } from '@ballast/contracts';
import { CONFIG, On, PACKS, type PackStore } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { VENUE, VERDICT_KEYS, type Venue, type VerdictKeys } from '../adapters/ports.js';
import type { ExecutionConfig } from '../config.js';
import { OpenStream } from '../messages.js';
import { openAccount } from '../persistence/accounts.js';
import { beginLook } from './look.js';
import type { ExecutionContext } from './take-news.js';
import { takeWaitingVerdicts } from './take-verdict.js';

/** An account was opened: from now on its stream is heard, and its orders may leave once its books were compared. */
@Controller()
export class OnAccountOpened {
  constructor(
    @Inject(CONFIG) private readonly config: ExecutionConfig,
    @Inject(PACKS) private readonly packs: PackStore,
    @Inject(VERDICT_KEYS) private readonly keys: VerdictKeys,
    @Inject(VENUE) private readonly venue: Venue,
  ) {}

  @On(AccountOpened)
  async handle(@Payload() { data }: AccountOpened, @Ctx() ctx: ExecutionContext): Promise<void> {
    const { account, portfolioId, mode, cash, openedAt } = data;
    if (!(await openAccount(ctx.tx, { account, portfolioId, mode, openingCash: cash, openedAt }, ctx.now))) return;
    ctx.later([perform(OpenStream, account, { account })]);
    await beginLook(ctx, account);
    ctx.audit({ act: 'account.known', subject: account, portfolioId, detail: { mode, cash } });
    const { config, keys, packs, venue } = this;
    await takeWaitingVerdicts(ctx, { desk: { config, venue }, keys, packs }, account);
  }
}
