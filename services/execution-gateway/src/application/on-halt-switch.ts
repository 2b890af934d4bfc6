import type { Envelope } from '@ballast/contracts';
import { CONFIG, On, PACKS, type PackStore } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { VENUE, VERDICT_KEYS, type Venue, type VerdictKeys } from '../adapters/ports.js';
import type { ExecutionConfig } from '../config.js';
import { switchHalt, switchSymbolHalt, type Halt } from '../domain/halt.js';
import { HaltSwitch } from '../messages.js';
import { readHalt, saveHalt } from '../persistence/accounts.js';
import { acceptBreaks, saveSymbolHalt, symbolHaltBy } from '../persistence/watch.js';
import { beginLook } from './look.js';
import { accountUnknown, confirmationRequired } from './refusals.js';
import type { ExecutionContext } from './take-news.js';
import { takeWaitingVerdicts } from './take-verdict.js';

/**
 * The halt of an account, or of one of its symbols, is raised or lifted, whatever the door. Who lifts one lets orders leave
 * though what stopped them may still be so: the breaks that are open are taken as seen, and halt no more.
 */
@Controller()
export class OnHaltSwitch {
  constructor(
    @Inject(CONFIG) private readonly config: ExecutionConfig,
    @Inject(PACKS) private readonly packs: PackStore,
    @Inject(VERDICT_KEYS) private readonly keys: VerdictKeys,
    @Inject(VENUE) private readonly venue: Venue,
  ) {}

  @On(HaltSwitch)
  async handle(@Payload() { data }: Envelope<HaltSwitch>, @Ctx() ctx: ExecutionContext): Promise<void> {
    const { account, symbol, on, confirm } = data;
    // The lock of the account's row guards its symbols too.
    const halt = await readHalt(ctx.tx, account, 'update');
    if (!halt) return ctx.refuse(accountUnknown(account));
    const name = symbol ?? account;
    if (!on && confirm !== name)
      return ctx.refuse(confirmationRequired(name, symbol === undefined ? 'account' : 'symbol'));
    if (symbol === undefined) await this.#switchAccount(ctx, halt, data);
    else await this.#switchSymbol(ctx, { ...data, symbol });
  }

  async #switchSymbol(ctx: ExecutionContext, request: HaltSwitch & { readonly symbol: string }): Promise<void> {
    const { account, symbol, on, by, reason } = request;
    const before = await symbolHaltBy(ctx.tx, account, symbol);
    const wanted = { account, symbol, halted: on, by, reason, door: 'http' as const };
    const { state, facts } = switchSymbolHalt(before, wanted, ctx.now);
    if (facts.length > 0) {
      await saveSymbolHalt(ctx.tx, state);
      ctx.emit(facts);
      const act = on ? 'symbol.halted' : 'symbol.released';
      ctx.audit({ act, actor: by, subject: account, detail: { symbol, epoch: state.epoch, reason, door: 'http' } });
      if (!on) await this.#accept(ctx, account, symbol, by);
    }
    ctx.reply(state);
  }

  async #accept(ctx: ExecutionContext, account: string, symbol: string | null, by: string): Promise<void> {
    await acceptBreaks(ctx.tx, account, symbol, by, ctx.now);
    await beginLook(ctx, account);
  }

  async #switchAccount(ctx: ExecutionContext, halt: Halt, request: HaltSwitch): Promise<void> {
    const { account, on, by, reason, door } = request;
    const { state, facts } = switchHalt(halt, { on, by, reason, door }, ctx.now);
    if (facts.length > 0) {
      await saveHalt(ctx.tx, state);
      ctx.emit(facts);
      ctx.audit({
        act: on ? 'halt.raised' : 'halt.lifted',
        actor: by,
        subject: account,
        detail: { epoch: state.epoch, reason, door },
      });
      if (!on) await this.#accept(ctx, account, null, by);
      const { config, keys, packs, venue } = this;
      await takeWaitingVerdicts(ctx, { desk: { config, venue }, keys, packs }, account);
    }
    ctx.reply(state);
  }
}
