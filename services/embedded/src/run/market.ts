import type { Session } from '@ballast/kernel/calendar';
import type { Client } from './client.js';
import type { History } from './history.js';

/** The seed of every simulated path inside a day, so that the same bars give the same prices. */
const SEED = 'ballast';

/** The whole part of a volume; what is not plain digits is no volume. */
const WHOLE_SHARES = /^\d{1,15}(?=\.|$)/;

interface BarsAnswer {
  readonly bars: readonly Readonly<Record<'symbol' | 'open' | 'high' | 'low' | 'close' | 'volume', string | null>>[];
}

/**
 * Gives the venue the session that will be traded in. It lies after what is decided about,
 * and no service may see it. Out: how many symbols have a price there.
 * @throws AnsweredProblem NO_BARS where the history has nothing on that day; what the venue refuses with.
 */
export async function setMarket(
  client: Client,
  venue: Client,
  { date, open, close }: Session,
  history: Pick<History, 'source'>,
): Promise<number> {
  const day = await client.get<BarsAnswer>(`/api/v1/feeds/bars?date=${date}`);
  const bars = day.bars
    .filter((bar) => [bar.open, bar.high, bar.low, bar.close].every((price) => price !== null && price !== 'NaN'))
    .map(({ symbol, open: first, high, low, close: last, volume }) => ({
      ...{ symbol, open: first, high, low, close: last },
      // An adjusted volume can have fractions of a share; sizes are made of whole ones.
      ...(volume === null ? {} : { volume: WHOLE_SHARES.exec(volume)?.[0] ?? null }),
    }));
  await venue.post('/sim/market', {
    session: { date, open, close },
    source: history.source,
    synthetic: true,
    seed: SEED,
    bars,
  });
  return bars.length;
}
