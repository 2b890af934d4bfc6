import { createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import {
  approvedHashOf,
  permitText,
  sha256,
  uuid5,
  type DataOf,
  type OrderTerms,
  type Permit,
  type PlanApproved,
  type Rows,
  type Trade,
} from '@ballast/contracts';
import { addMilliseconds } from '@ballast/kernel/calendar';
import type { Rng } from '@ballast/kernel/random';
import { packRows, type Clock, type PackStore } from '@ballast/platform';

/** The market of a world: symbols and the price that each walks around, in US dollars. */
export const SYMBOLS: readonly { readonly symbol: string; readonly price: number }[] = [
  { symbol: 'AAPL', price: 180 },
  { symbol: 'KO', price: 60 },
  { symbol: 'MSFT', price: 400 },
  { symbol: 'XOM', price: 110 },
];

/** A list as events hold it, which may be written to. */
type Written<T = never> = Rows<T> & { inline?: T[] };

const PERMIT_MS = 10 * 60_000;
const LIMITS_VERSION = 'chaos-1';
const PLAN_HASH = sha256('a plan of chaos');

/** Draws verdicts as risk would give them, and signs them with a key of its own. */
export class Planner {
  #cycles = 0;

  constructor(
    private readonly seed: number,
    private readonly random: Rng,
    private readonly clock: Clock,
    private readonly packs: PackStore,
    private readonly privateKeyFile: string,
  ) {}

  /** A plan of several symbols, each worked by slices over the horizon; buys, as nothing is held yet. */
  sliced(account: string): Promise<DataOf<typeof PlanApproved>> {
    const chosen = this.random.shuffle(SYMBOLS).slice(0, 3);
    return this.#verdict(
      account,
      'plan',
      chosen.map(({ symbol, price }) => tradeOf(symbol, price, 'buy', 40 + this.random.int(160))),
    );
  }

  /** Up to three orders of a person that leave whole and at once: at the market, or at a limit that rests or ends at once. */
  whole(account: string): Promise<DataOf<typeof PlanApproved>> {
    const { random } = this;
    const chosen = random.shuffle(SYMBOLS).slice(0, 1 + random.int(3));
    const trades = chosen.map(({ symbol, price }) => {
      const side = random.uniform() < 0.3 ? 'sell' : 'buy';
      return { ...tradeOf(symbol, price, side, 1 + random.int(20)), terms: this.#terms(price, side) };
    });
    return this.#verdict(account, 'manual', trades);
  }

  #terms(price: number, side: 'buy' | 'sell'): OrderTerms {
    const away = side === 'buy' ? 0.5 : 2;
    switch (this.random.int(5)) {
      case 0:
      case 1:
        return { type: 'limit', timeInForce: 'day', limitPrice: (price * away).toFixed(2) };
      case 2:
        return { type: 'limit', timeInForce: 'ioc', limitPrice: (price * (side === 'buy' ? 1.2 : 0.8)).toFixed(2) };
      default:
        return { type: 'market', timeInForce: 'day' };
    }
  }

  async #verdict(account: string, origin: 'plan' | 'manual', trades: readonly Trade[]) {
    const { packs, clock } = this;
    const now = clock.now();
    const cycleId = uuid5('chaos-cycle', this.seed, account, ++this.#cycles);
    const permit: Permit = {
      planHash: PLAN_HASH,
      approvedHash: approvedHashOf({ cycleId, account, trades }),
      account,
      limitsVersion: LIMITS_VERSION,
      expiresAt: addMilliseconds(now, PERMIT_MS),
      haltEpoch: 0,
      purpose: 'trade',
    };
    const key = createPrivateKey(await readFile(this.privateKeyFile, 'utf8'));
    const data: DataOf<typeof PlanApproved> = {
      ...permit,
      cycleId,
      portfolioId: account,
      origin,
      checks: (await packRows(packs, [])) as Written,
      trims: (await packRows(packs, [])) as Written,
      trades: (await packRows(packs, trades)) as Written<Trade>,
      judgedAt: now,
      keyId: sha256(createPublicKey(key).export({ type: 'spki', format: 'der' })).slice(0, 16),
      signature: sign(null, Buffer.from(permitText(permit)), key).toString('base64'),
    };
    return data;
  }
}

const tradeOf = (symbol: string, price: number, side: 'buy' | 'sell', quantity: number): Trade => ({
  symbol,
  exchange: 'XNYS',
  side,
  quantity: String(quantity),
  referencePrice: price.toFixed(2),
  notional: (price * quantity).toFixed(2),
  contributors: [],
});
