import type { Break } from '@ballast/contracts';
import { switchSymbolHalt } from '../domain/halt.js';
import { readHalt } from '../persistence/accounts.js';
import { saveSymbolHalt, symbolHaltBy } from '../persistence/watch.js';
import { haltByRule, type ExecutionContext } from './take-news.js';

/** Orders of nobody here that one look names in alerts of their own. */
const EXTERNAL_SHOWN_MAX = 20;

/** Breaks that are new stop what they are about: a symbol, or the account where its cash is not what we believe. */
export async function haltForBreaks(ctx: ExecutionContext, account: string, fresh: readonly Break[]): Promise<void> {
  if (fresh.length === 0) return;
  // Symbols are halted under the lock of the account's halt row, so that no order slips by.
  await readHalt(ctx.tx, account, 'update');
  const bySymbol = new Map<string, Break>();
  for (const each of fresh) {
    if (each.symbol === undefined) await haltByRule(ctx, account, `a break of cash: ${describe(each)}`);
    else if (!bySymbol.has(each.symbol)) bySymbol.set(each.symbol, each);
  }
  for (const [symbol, each] of bySymbol) await haltSymbol(ctx, account, symbol, describe(each));
  for (const each of fresh.filter(isExternal).slice(0, EXTERNAL_SHOWN_MAX)) {
    ctx.alert({
      code: 'EXTERNAL_ORDER',
      severity: 'critical',
      message: `${account}: the venue works an order of ${each.symbol} that is none of ours: ${each.subject}; ${each.symbol} was halted`,
      numbers: { account, venueClientOrderId: each.subject, status: each.venue ?? 'none' },
      nextStep: 'find who trades in the account; what that order fills is not in our books',
    });
  }
}

const isExternal = ({ kind, ours }: Break): boolean => kind === 'order' && ours === null;

const describe = ({ kind, subject, ours, venue }: Break): string =>
  `${kind} ${subject} is ${ours ?? 'nothing'} here and ${venue ?? 'nothing'} at the venue`;

async function haltSymbol(ctx: ExecutionContext, account: string, symbol: string, why: string): Promise<void> {
  const before = await symbolHaltBy(ctx.tx, account, symbol);
  const wanted = { account, symbol, halted: true, by: 'execution-gateway', reason: why, door: 'rule' as const };
  const { state, facts } = switchSymbolHalt(before, wanted, ctx.now);
  if (facts.length === 0) return;
  await saveSymbolHalt(ctx.tx, state);
  ctx.emit(facts);
  ctx.audit({
    act: 'symbol.halted',
    subject: account,
    detail: { symbol, epoch: state.epoch, reason: why, door: 'rule' },
  });
}
