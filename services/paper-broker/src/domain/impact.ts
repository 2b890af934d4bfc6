import type { SizedQuote } from './tape.js';
import type { SymbolBook } from './symbol-book.js';

/**
 * How the venue's own fills move the quotes that come after them. A pure function of the market's quote and of what was
 * taken of the symbol ({@link SymbolBook}); it may move prices and shrink sizes, and must keep the bid below the ask.
 */
export interface Impact {
  /** As it is stated wherever figures are shown. */
  readonly name: string;
  move(quote: SizedQuote, own: SymbolBook): SizedQuote;
}

/** The market does not notice. The only model there is so far: others are to be written against {@link Impact}. */
export const none: Impact = { name: 'none', move: (quote) => quote };
