import type { Envelope } from '@ballast/contracts';
import { CONFIG, On, PACKS, type PackStore } from '@ballast/platform';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { VENUE, VERDICT_KEYS, type Venue, type VerdictKeys } from '../adapters/ports.js';
import type { ExecutionConfig } from '../config.js';
import { switchHalt } from '../domain/halt.js';
import { HaltSwitch } from '../messages.js';
import { readHalt, saveHalt } from '../persistence/accounts.js';
import { accountUnknown } from './refusals.js';
import type { ExecutionContext } from './take-news.js';
import { takeWaitingVerdicts } from './take-verdict.js';

/** The halt of an account is raised or lifted, whatever the door. */
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
    const { account, on, by, reason, door, confirm } = data;
    const halt = await readHalt(ctx.tx, account, 'update');
    if (!halt) return ctx.refuse(accountUnknown(account));
    if (!on && confirm !== account) {
      return ctx.refuse({
        status: 422,
        code: 'CONFIRMATION_REQUIRED',
        title: 'Lifting a halt wants a confirmation',
        detail: `"confirm" must be the account's name, "${account}".`,
        nextStep: `Send {"confirm": "${account}"} with the request, or run "ballast halt off" and type the name.`,
      });
    }
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
      const { config, keys, packs, venue } = this;
      await takeWaitingVerdicts(ctx, { desk: { config, venue }, keys, packs }, account);
    }
    ctx.reply(state);
  }
}
