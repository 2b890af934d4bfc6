import { tradeKey, type Trade, type VenueTime } from './tick.js';

/**
 * The trades of one symbol that were taken lately, by their names. It remembers a bounded number, and knows up to which
 * moment it may have forgotten some: what lies there cannot be told from a repetition.
 */
export class SeenTrades {
  readonly #times = new Map<string, VenueTime>();
  #horizon: VenueTime = '';

  /** @param max how many names are remembered. */
  constructor(private readonly max: number) {}

  has(trade: Pick<Trade, 'symbol' | 'exchange' | 'tape' | 'id' | 'at'>): boolean {
    return this.#times.has(tradeKey(trade));
  }

  /** The latest moment of which a trade was forgotten; empty while none was. */
  get horizon(): VenueTime {
    return this.#horizon;
  }

  get size(): number {
    return this.#times.size;
  }

  add(trade: Pick<Trade, 'symbol' | 'exchange' | 'tape' | 'id' | 'at'>): void {
    this.#times.set(tradeKey(trade), trade.at);
    if (this.#times.size <= this.max) return;
    const [oldest, at] = this.#times.entries().next().value!;
    this.#times.delete(oldest);
    if (at > this.#horizon) this.#horizon = at;
  }
}
