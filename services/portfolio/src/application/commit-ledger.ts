import type { InboxContext, PackStore } from '@ballast/platform';
import { commitFills } from '../domain/ledger.js';
import type { AccountEntity } from '../persistence/entities/account.entity.js';
import { pendingFees } from '../persistence/fees.js';
import {
  countHeard,
  findAccount,
  heldNames,
  pendingFills,
  postedHoldings,
  saveCommit,
  takeAwaited,
} from '../persistence/queries.js';
import { ledgerPosted } from './ledger-posted.js';

/** Commits the cycles of a book that were reconciled and waited for what was heard just now. */
export async function commitAwaited(
  ctx: InboxContext<'portfolio'>,
  packs: PackStore,
  portfolioId: string,
): Promise<void> {
  for (const settled of await takeAwaited(ctx.tx, portfolioId, await countHeard(ctx.tx, portfolioId))) {
    await commitLedger(ctx, packs, (await findAccount(ctx.tx, portfolioId))!, settled);
  }
}

/** Commits all fills and fees that the ledger does not have yet, in the venue's order, for a cycle whose orders are settled. */
export async function commitLedger(
  ctx: InboxContext<'portfolio'>,
  packs: PackStore,
  account: AccountEntity,
  settled: { readonly cycleId: string; readonly status: string },
): Promise<void> {
  const { portfolioId } = account;
  const fills = await pendingFills(ctx.tx, portfolioId, null);
  const symbols = [...new Set(fills.map((fill) => fill.symbol))];
  const posted = await postedHoldings(ctx.tx, portfolioId, symbols);
  const head = { sequence: account.ledgerSequence, hash: account.ledgerHash };
  const commit = commitFills(head, portfolioId, posted, fills, await pendingFees(ctx.tx, portfolioId));
  await saveCommit(ctx.tx, portfolioId, commit);
  const held = await heldNames(ctx.tx, portfolioId);
  ctx.emit([await ledgerPosted(packs, settled.cycleId, account, head, commit.head, held)]);
  ctx.audit({
    ...{ act: 'ledger.posted', subject: commit.head.hash, cycleId: settled.cycleId, portfolioId },
    detail: { entries: commit.entries.length, sequence: commit.head.sequence, reconciliation: settled.status },
  });
}
