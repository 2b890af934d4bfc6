import type { InboxContext, PackStore } from '@ballast/platform';
import { commitFills } from '../domain/ledger.js';
import type { AccountEntity } from '../persistence/entities/account.entity.js';
import { heldNames, pendingFills, postedHoldings, saveCommit } from '../persistence/queries.js';
import { ledgerPosted } from './ledger-posted.js';

/** Commits all fills that the ledger does not have yet, in the venue's order, for a cycle whose orders are settled. */
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
  const commit = commitFills(head, portfolioId, posted, fills);
  await saveCommit(ctx.tx, portfolioId, commit);
  const held = await heldNames(ctx.tx, portfolioId);
  ctx.emit([await ledgerPosted(packs, settled.cycleId, account, head, commit.head, held)]);
  ctx.audit({
    ...{ act: 'ledger.posted', subject: commit.head.hash, cycleId: settled.cycleId, portfolioId },
    detail: { entries: commit.entries.length, sequence: commit.head.sequence, reconciliation: settled.status },
  });
}
