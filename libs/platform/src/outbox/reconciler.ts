import type { Instant } from '@ballast/contracts';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import type { Bus, Subscription } from '../bus/bus.js';
import type { Clock } from '../clock/clock.js';
import type { Relay } from './relay.js';

/** Keys told of in one signal. */
const HEADS_MAX = 1_000;

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
  readonly onGap: (gap: { noun: string; key: string; from: number; to: number }) => void;
}

/**
 * Finds facts that a subscriber should have and has not, and has them published
 * again: each service tells the last number of every key that it spoke of, and each
 * subscriber compares. Catches damage in the middle of a stream and at its end.
 */
export class Reconciler {
  readonly #subscriptions: Subscription[] = [];
  readonly #underWay = new Set<Promise<void>>();
  /** Gaps that were seen, and since when; one that closes by itself is forgotten. */
  readonly #since = new Map<string, Instant>();

  constructor(private readonly options: ReconcilerOptions) {}

  async start(): Promise<void> {
    const { bus, family, hears } = this.options;
    if (family) {
      this.#subscriptions.push(
        await bus.onSignal(`republish.${family}`, (body) => this.#tracked(this.#republish(body))),
      );
    }
    for (const heard of new Set(hears.map((noun) => noun.split('.')[0]!))) {
      this.#subscriptions.push(await bus.onSignal(`heads.${heard}`, (body) => this.#tracked(this.compare(body))));
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.#subscriptions.splice(0).map((subscription) => subscription.stop()));
    await Promise.allSettled(this.#underWay);
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

  /** Tells the heads of all keys, in chunks. */
  async tellHeads(): Promise<void> {
    const { family, dataSource, bus } = this.options;
    if (!family) return;
    const rows = await dataSource.query<{ noun: string; key: string; seq: number }[]>(
      `select noun, key, seq from key_counter order by noun, key`,
    );
    for (let from = 0; from < rows.length; from += HEADS_MAX) {
      const heads = rows.slice(from, from + HEADS_MAX).map((row) => [row.noun, row.key, Number(row.seq)]);
      await bus.signal(`heads.${family}`, { family, heads });
    }
  }

  /** Compares heads with what was handled, and asks for what has been missing for longer than the patience. */
  async compare(body: unknown): Promise<void> {
    const { hears, dataSource, clock, patienceMs, bus, onGap } = this.options;
    const { family, heads } = Heads.parse(body);
    const heard = heads.filter(([noun]) => hears.includes(noun));
    if (heard.length === 0) return;
    const behind = await dataSource.query<{ noun: string; key: string; from: number; to: number }[]>(
      `select head.noun, head.key, coalesce(key_cursor.seq, 0) + 1 as "from", head.seq as "to"
         from unnest($1::text[], $2::text[], $3::bigint[]) as head (noun, key, seq)
         left join key_cursor using (noun, key)
        where head.seq > coalesce(key_cursor.seq, 0)
          -- What is here but parked is not missing: it waits for a person.
          and not exists (select from inbox where inbox.noun = head.noun and inbox.key = head.key
                             and inbox.key_seq = coalesce(key_cursor.seq, 0) + 1)`,
      [heard.map((head) => head[0]), heard.map((head) => head[1]), heard.map((head) => head[2])],
    );
    const now = clock.now();
    const seen = new Set<string>();
    for (const gap of behind) {
      const id = `${gap.noun}\n${gap.key}\n${gap.from}`;
      seen.add(id);
      const since = this.#since.get(id) ?? now;
      this.#since.set(id, since);
      if (Date.parse(now) - Date.parse(since) < patienceMs) continue;
      onGap({ noun: gap.noun, key: gap.key, from: Number(gap.from), to: Number(gap.to) });
      await bus.signal(`republish.${family}`, {
        noun: gap.noun,
        key: gap.key,
        from: Number(gap.from),
        to: Number(gap.to),
      });
    }
    const told = new Set(heard.map(([noun, key]) => `${noun}\n${key}`));
    for (const id of this.#since.keys()) {
      if (!seen.has(id) && told.has(id.split('\n').slice(0, 2).join('\n'))) this.#since.delete(id);
    }
  }

  async #republish(body: unknown): Promise<void> {
    const wanted = Wanted.parse(body);
    await this.options.relay.republish(wanted.noun, wanted.key, wanted.from, wanted.to);
  }
}
