import { verifyChain } from '@ballast/kernel/ledger';
import { genesisHash, type ChainedEntry, type LedgerHead } from './ledger.js';

export type LedgerVerdict =
  | { readonly book: string; readonly ok: true; readonly entries: number; readonly commitHash: string }
  | {
      readonly book: string;
      readonly ok: false;
      /** Sequence of the first entry that is not as it was written, or that is missing. */
      readonly brokenAt: number;
      readonly expected: string;
      readonly found: string;
      readonly nextStep: string;
    };

type Entry = Pick<ChainedEntry, 'sequence' | 'previousHash' | 'entry' | 'hash'>;

/** Verifies a ledger in pieces, from its first entry to its head. */
export class LedgerCheck {
  #head: LedgerHead;
  #break: { brokenAt: number; expected: string; found: string } | undefined;

  constructor(private readonly book: string) {
    this.#head = { sequence: 0, hash: genesisHash(book) };
  }

  /** The sequence that comes next. */
  get next(): number {
    return this.#head.sequence + 1;
  }

  get broken(): boolean {
    return this.#break !== undefined;
  }

  /** Looks at the entries that follow, in order of their sequence. */
  add(entries: readonly Entry[]): void {
    const gap = entries.findIndex(({ sequence }, i) => sequence !== this.next + i);
    const whole = gap === -1 ? entries : entries.slice(0, gap);
    const verdict = verifyChain(whole, this.#head.hash);
    if (!verdict.ok) {
      const { expected, found } = verdict;
      this.#break = { brokenAt: whole[verdict.brokenAt]!.sequence, expected, found };
      return;
    }
    this.#head = { sequence: this.#head.sequence + whole.length, hash: verdict.head };
    if (gap === -1) return;
    const found = `entry ${entries[gap]!.sequence}`;
    this.#break = { brokenAt: this.next, expected: `entry ${this.next}`, found };
  }

  /** What is to be said, where the account believes its ledger ends at `head`. */
  verdict(head: LedgerHead): LedgerVerdict {
    const { sequence, hash } = this.#head;
    if (!this.#break && sequence === head.sequence && hash === head.hash) {
      return { book: this.book, ok: true, entries: sequence, commitHash: hash };
    }
    const ends = {
      brokenAt: Math.min(sequence, head.sequence) + (sequence === head.sequence ? 0 : 1),
      expected: `entry ${head.sequence} with hash ${head.hash} at the end`,
      found: `entry ${sequence} with hash ${hash}`,
    };
    const nextStep =
      'stop trading this book, restore its ledger from a backup, and compare it with the venue before it trades again';
    return { book: this.book, ok: false, ...(this.#break ?? ends), nextStep };
  }
}
