import { addMilliseconds, nextSession, type Instant, type Session } from '@ballast/kernel/calendar';
import { messageOf, type Clock } from '@ballast/platform';
import { AnsweredProblem, type Client } from '../run/client.js';
import { ensureHistory, reachTo } from '../run/history.js';
import { setMarket } from '../run/market.js';
import { all } from '../run/pages.js';
import { every, onChange, type Loop } from './loop.js';
import { sessionToTrade } from './market-session.js';

export interface PaperTradingOptions {
  /** The address of the whole system. */
  readonly client: Client;
  /** The paper broker. */
  readonly venue: Client;
  readonly clock: Clock;
  /** The book that is opened where it is not there yet, and its first cash in dollars. */
  readonly book: string;
  readonly cash: string;
  readonly log: (line: string) => void;
}

/** How often it is looked for books that were opened and for a session that begins or ends. */
const LOOK_MS = 1_000;
/** How long after a market that could not be set it is tried again. */
const RETRY_MS = 30_000;

interface Book {
  readonly book: string;
  readonly account: string;
  readonly mode: string;
  readonly openingCash: string;
}

/**
 * Keeps the simulated venue in step with the system by the machine's clock: the book that
 * the schedule trades is opened, every paper book has its account there, and the session
 * that is open or opens next has a market. Resolves when the first of all that was tried.
 */
export async function tradeOnPaper(options: PaperTradingOptions): Promise<Loop> {
  const accounts = new PaperAccounts(options);
  const market = new PaperMarket(options);
  await accounts.openFirst();
  await market.step();
  const tell = onChange(options.log);
  const step = async (): Promise<void> => {
    await accounts.step();
    await market.step();
  };
  return every(LOOK_MS, step, (line) => tell(`${line}; trying again`));
}

const booksOf = (client: Client): Promise<Book[]> => all<Book>(client, '/api/v1/books?limit=500');

/** Gives every paper book its account at the venue. */
class PaperAccounts {
  readonly #known = new Set<string>();

  constructor(private readonly options: PaperTradingOptions) {}

  /** Opens the book of the schedule. Its account comes first: what the book then asks the venue for is there. */
  async openFirst(): Promise<void> {
    const { client, book, cash, log } = this.options;
    if ((await booksOf(client)).some((each) => each.book === book)) return;
    await this.#open({ account: book, openingCash: cash });
    await client.post('/api/v1/books', { book, cash }, `open-${book}`);
    log(`opened the book "${book}" with ${cash} US dollars of paper cash`);
  }

  async step(): Promise<void> {
    for (const book of await booksOf(this.options.client)) if (book.mode === 'paper') await this.#open(book);
  }

  async #open({ account, openingCash: cash }: Pick<Book, 'account' | 'openingCash'>): Promise<void> {
    if (this.#known.has(account)) return;
    try {
      await this.options.venue.post('/sim/accounts', { account, cash });
    } catch (error) {
      if (!(error instanceof AnsweredProblem) || error.code !== 'SIM_ACCOUNT_EXISTS') throw error;
      this.options.log(`the paper broker has the account "${account}" with other cash than its book: ${error.message}`);
    }
    this.#known.add(account);
  }
}

/** Gives the venue one market a session. */
class PaperMarket {
  #set = '';
  #lookAgainAt: Instant = '';
  readonly #tell: (line: string) => void;

  constructor(private readonly options: PaperTradingOptions) {
    this.#tell = onChange(options.log);
  }

  async step(): Promise<void> {
    const now = this.options.clock.now();
    const session = sessionToTrade(now);
    if (session.date === this.#set || now < this.#lookAgainAt) return;
    try {
      this.#tell(await this.#give(session));
    } catch (error) {
      this.#tell(`the paper broker has no prices for ${session.date} yet: ${messageOf(error)}; trying again`);
    }
    if (this.#set !== session.date) this.#lookAgainAt = addMilliseconds(now, RETRY_MS);
  }

  /** Sets the market of a session, and says what was done about it. */
  async #give(session: Session): Promise<string> {
    const { client, venue, log } = this.options;
    const { date, open, close } = session;
    // A market that is made now reaches the session at once.
    let history = await ensureHistory(client, {}, nextSession(date).date, log);
    if (!history.synthetic && history.to < date) {
      return `the history "${history.source}" ends on ${history.to}: the paper broker has no prices for ${date} and refuses its orders, and cycles are refused as stale, until newer data is imported`;
    }
    history = await reachTo(client, history, date, log);
    const prices = history.synthetic ? 'a synthetic market' : `"${history.source}"`;
    try {
      const symbols = await setMarket(client, venue, session, history);
      this.#set = date;
      return `the paper broker trades ${symbols} symbols of ${prices} on ${date}, from ${open} to ${close}`;
    } catch (error) {
      if (!(error instanceof AnsweredProblem) || error.code !== 'SIM_MARKET_ALREADY_SET') throw error;
      this.#set = date;
      return `the paper broker keeps the prices that it has for ${date}: ${error.message}`;
    }
  }
}
