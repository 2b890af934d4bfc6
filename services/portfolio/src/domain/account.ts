import { AccountOpened, fact, type Fact, type Mode } from '@ballast/contracts';
import { decimal, formatDecimal } from '@ballast/kernel/money';
import { chain, depositEntry, genesisHash, type ChainedEntry, type LedgerHead } from './ledger.js';

/** A book as it was opened. */
export interface OpenedBook {
  readonly book: string;
  readonly account: string;
  readonly mode: Mode;
  readonly currency: 'USD';
  readonly cash: string;
  readonly openedAt: string;
}

export interface Opening {
  readonly opened: OpenedBook;
  readonly entries: readonly ChainedEntry[];
  readonly head: LedgerHead;
  readonly fact: Fact<'portfolio'>;
}

/** Opens a book with its first cash; the deposit is the first entry of its ledger. A book is its own account. */
export function openBook(book: string, cash: string, mode: Mode, now: string): Opening {
  const opened: OpenedBook = {
    ...{ book, account: book, mode, currency: 'USD', openedAt: now },
    cash: formatDecimal(decimal(cash)),
  };
  const chained = chain({ sequence: 0, hash: genesisHash(book) }, [depositEntry(book, cash, now)]);
  const { account, currency } = opened;
  return {
    ...chained,
    opened,
    fact: fact(AccountOpened, { portfolioId: book, account, mode, currency, cash: opened.cash, openedAt: now }),
  };
}

/** Tells whether opening again asks for what is there already. */
export const sameOpening = (opened: OpenedBook, cash: string, mode: Mode): boolean =>
  opened.mode === mode && decimal(opened.cash).equals(decimal(cash));
