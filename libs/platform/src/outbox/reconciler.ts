import type { Instant } from '@ballast/contracts';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import type { Bus, Subscription } from '../bus/bus.js';
import type { Clock } from '../clock/clock.js';
import type { Relay } from './relay.js';

/** Keys told of in one signal. */
const HEADS_MAX = 1_000;
/** Keys told of at once. */
const ROUND_MAX = 5_000;

const Heads = z.object({ family: z.string(), heads: z.array(z.tuple([z.string(), z.string(), z.number()])) });
const Wanted = z.object({ noun: z.string(), key: z.string(), from: z.number(), to: z.number() });

export interface ReconcilerOptions {
  readonly family: string | null;
  /** The nouns this service hears, `<family>.<noun>`. */
  readonly hears: readonly string[];
  readonly dataSource: DataSource;
  readonly clock: Clock;
  readonly bus: Bus;
  readonly relay: Relay;
  /** How long a gap may stand before it is asked for, in ms of the clock. */
  readonly patienceMs: number;
  readonly onGap: (gap: Gap) => void;
}

/** Facts of a key that are missing; `from` is the first of them, `to` the last that was told of. */
export interface Gap {
  readonly noun: string;
  readonly key: string;
  readonly from: number;
  readonly to: number;
}

interface Told {
  readonly noun: string;
  readonly key: string;
  readonly seq: number;
}

/** Before every key. */
const NOBODY: Told = { noun: '', key: '', seq: 0 };

/** Noun, key, and the number of the last fact. */
type Head = readonly [string, string, number];

const idOf = ({ noun, key, from }: Gap): string => `${noun}\n${key}\n${from}`;

/** A gap that is being watched. */
interface Open {
  readonly gap: Gap;
  readonly since: Instant;
  /** When it was first asked for; null while it may still close by itself. */
  readonly askedAt: Instant | null;
}

/**
 * Finds facts that a subscriber should have and has not, and has them published
 * again: each service tells the last number of every key that it spoke of, and each
 * subscriber compares. Catches damage in the middle of a stream and at its end.
 */
export class Reconciler {
  readonly #subscriptions: Subscription[] = [];
  readonly #underWay = new Set<Promise<void>>();
  /** Gaps that were seen; one that has closed is forgotten. */
  readonly #open = new Map<string, Open>();
  /** Gaps that were asked for since {@link askAgain} was called last. */
  readonly #asked = new Set<string>();
  /** The last key that was told of; the next round begins behind it. */
  #told = NOBODY;
  /** Heads that come together are compared one after another. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: ReconcilerOptions) {}

  async start(): Promise<void> {
    const { bus, family, hears } = this.options;
    if (family) {
      this.#subscriptions.push(
        await bus.onSignal(`republish.${family}`, (body) => this.#tracked(this.#republish(body))),
      );
    }
    for (const heard of new Set(hears.map((noun) => noun.split('.')[0]!))) {
      this.#subscriptions.push(await bus.onSignal(`heads.${heard}`, (body) => this.#tracked(this.#inTurn(body))));
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.#subscriptions.splice(0).map((subscription) => subscription.stop()));
    await Promise.allSettled(this.#underWay);
  }

  #inTurn(body: unknown): Promise<void> {
    const compared = this.#turn.then(() => this.compare(body));
    this.#turn = compared.catch(() => undefined);
    return compared;
  }

  /** Whoever stops waits for what is under way, so that nobody works on a database that has been let go. */
  async #tracked(work: Promise<void>): Promise<void> {
    this.#underWay.add(work);
    try {
      await work;
    } finally {
      this.#underWay.delete(work);
    }
  }

  /**
   * Tells the heads of the next keys, in chunks: of all of them where they are few, otherwise of a part each time, round
   * and round, so that what it costs does not grow with the years.
   */
  async tellHeads(): Promise<void> {
    const { family, dataSource, bus } = this.options;
    if (!family) return;
    const rows = await dataSource.query<Told[]>(
      `select noun, key, seq from key_counter where (noun, key) > ($1, $2) order by noun, key limit ${ROUND_MAX}`,
      [this.#told.noun, this.#told.key],
    );
    this.#told = rows.length < ROUND_MAX ? NOBODY : rows.at(-1)!;
    for (let from = 0; from < rows.length; from += HEADS_MAX) {
      const heads = rows.slice(from, from + HEADS_MAX).map((row) => [row.noun, row.key, Number(row.seq)]);
      await bus.signal(`heads.${family}`, { family, heads });
    }
  }

  /**
   * Asks for what has been missing for longer than the patience and was not asked for since the last call: the sender
   * may not come round to its key soon.
   */
  async askAgain(): Promise<void> {
    const { clock, patienceMs } = this.options;
    const now = clock.now();
    const due = [...this.#open.values()].filter(
      ({ gap, since }) => !this.#asked.has(idOf(gap)) && Date.parse(now) - Date.parse(since) >= patienceMs,
    );
    this.#asked.clear();
    if (due.length === 0) return;
    const missing = await this.#missing(due.map(({ gap }) => [gap.noun, gap.key, gap.to]));
    const ids = new Set(missing.map(idOf));
    for (const { gap } of due) if (!ids.has(idOf(gap))) this.#open.delete(idOf(gap));
    for (const gap of missing) {
      if (this.#open.has(idOf(gap))) await this.#ask(gap);
      else this.#open.set(idOf(gap), { gap, since: now, askedAt: null });
    }
  }

  /** Compares heads with what was handled, and asks for what has been missing for longer than the patience. */
  async compare(body: unknown): Promise<void> {
    const { hears, clock, patienceMs } = this.options;
    const { heads } = Heads.parse(body);
    const heard = heads.filter(([noun]) => hears.includes(noun));
    if (heard.length === 0) return;
    const behind = await this.#missing(heard);
    const now = clock.now();
    const seen = new Set<string>();
    for (const gap of behind) {
      const id = idOf(gap);
      seen.add(id);
      const { since, askedAt } = this.#open.get(id) ?? { since: now, askedAt: null };
      const due = Date.parse(now) - Date.parse(since) >= patienceMs;
      this.#open.set(id, { gap, since, askedAt });
      if (due) await this.#ask(gap);
    }
    const told = new Set(heard.map(([noun, key]) => `${noun}\n${key}`));
    for (const id of this.#open.keys()) {
      if (!seen.has(id) && told.has(id.split('\n').slice(0, 2).join('\n'))) this.#open.delete(id);
    }
  }

  async #ask(gap: Gap): Promise<void> {
    const { bus, clock, onGap } = this.options;
    const known = this.#open.get(idOf(gap));
    if (known && known.askedAt === null) this.#open.set(idOf(gap), { ...known, askedAt: clock.now() });
    this.#asked.add(idOf(gap));
    onGap(gap);
    await bus.signal(`republish.${gap.noun.split('.')[0]}`, gap);
  }

  /**
   * The gaps that stand although they were asked for that long ago, with the moment at which they first were.
   * Looks again at what was handled: a sender that has gone tells no heads by which a gap would be forgotten.
   */
  async unfilled(forMs: number): Promise<{ readonly gap: Gap; readonly askedAt: Instant }[]> {
    const now = Date.parse(this.options.clock.now());
    const late = [...this.#open.values()].flatMap(({ gap, askedAt }) =>
      askedAt !== null && now - Date.parse(askedAt) >= forMs ? [{ gap, askedAt }] : [],
    );
    if (late.length === 0) return [];
    const missing = new Set((await this.#missing(late.map(({ gap }) => [gap.noun, gap.key, gap.to]))).map(idOf));
    return late.filter(({ gap }) => missing.has(idOf(gap)));
  }

  /** Where keys are behind a head. */
  async #missing(heads: readonly Head[]): Promise<Gap[]> {
    const rows = await this.options.dataSource.query<Gap[]>(
      `select head.noun, head.key, coalesce(key_cursor.seq, 0) + 1 as "from", head.seq as "to"
         from unnest($1::text[], $2::text[], $3::bigint[]) as head (noun, key, seq)
         left join key_cursor using (noun, key)
        where head.seq > coalesce(key_cursor.seq, 0)
          -- What is here but parked is not missing: it waits for a person. (One that is handled is behind the cursor;
          -- to say so lets Postgres look among the few that are held, and not among all that ever came.)
          and not exists (select from inbox where inbox.noun = head.noun and inbox.key = head.key
                             and inbox.key_seq = coalesce(key_cursor.seq, 0) + 1 and inbox.state <> 'handled')`,
      [heads.map((head) => head[0]), heads.map((head) => head[1]), heads.map((head) => head[2])],
    );
    return rows.map(({ noun, key, from, to }) => ({ noun, key, from: Number(from), to: Number(to) }));
  }

  async #republish(body: unknown): Promise<void> {
    const wanted = Wanted.parse(body);
    await this.options.relay.republish(wanted.noun, wanted.key, wanted.from, wanted.to);
  }
}
