import { setTimeout as pause } from 'node:timers/promises';
import type { Instant } from '@ballast/contracts';
import { isTransient, schemaOf } from '@ballast/platform';
import type { HeardFact, SentFact } from '@ballast/testing';
import pg from 'pg';
import type { OwnFill } from '../sim/checkers/books.js';
import { WITNESS } from './company.js';
import type { Aftermath, Child, Completion, Halt, Parent } from './rules.js';

const GATEWAY = 'execution-gateway';
const RETRY_MS = 100;

/** Instants as text, counters as numbers. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    if (oid === 1184) return (text: string) => new Date(text).toISOString();
    if (oid === 20) return Number;
    return pg.types.getTypeParser(oid, format as 'text');
  }) as typeof pg.types.getTypeParser,
};

/** A resting order that a person might take back. */
export interface Resting {
  readonly account: string;
  readonly clientOrderId: string;
}

/** Looks into the schemas of a world, also while its Postgres is being restarted. */
export class Books {
  readonly #pool: pg.Pool;

  constructor(url: string) {
    this.#pool = new pg.Pool({ connectionString: url, max: 2, types });
    // A connection that is cut while nobody uses it is made anew for the next question.
    this.#pool.on('error', () => undefined);
  }

  close(): Promise<void> {
    return this.#pool.end();
  }

  /** Rows of one service's schema; `$schema` in the text is its name. */
  async rows<T extends object>(service: string, sql: string, values: readonly unknown[] = []): Promise<T[]> {
    for (;;) {
      try {
        return (await this.#pool.query<T>(sql.replaceAll('$schema', schemaOf(service)), [...values])).rows;
      } catch (error) {
        if (!isTransient(error)) throw error;
        await pause(RETRY_MS);
      }
    }
  }

  /** Resolves once the gateway has made its schema. */
  async gatewayKnown(): Promise<void> {
    for (;;) {
      const [row] = await this.rows<{ known: boolean }>(
        GATEWAY,
        `select to_regclass('$schema.child_order') is not null and to_regclass('$schema.task') is not null as known`,
      );
      if (row!.known) return;
      await pause(RETRY_MS);
    }
  }

  /** Limit orders that may be working at the venue. */
  resting(): Promise<Resting[]> {
    return this.rows<Resting>(
      GATEWAY,
      `select account, client_order_id as "clientOrderId" from $schema.child_order
        where state in ('sending', 'unknown', 'acknowledged', 'partially_filled')
          and not cancel_requested and terms ->> 'type' = 'limit' order by client_order_id`,
    );
  }

  /** How many orders are still to leave. */
  async planned(): Promise<number> {
    const [row] = await this.rows<{ n: number }>(
      GATEWAY,
      `select count(*) as n from $schema.child_order where state = 'planned'`,
    );
    return row!.n;
  }

  /** How many pieces of work are due and not done. */
  async openWork(): Promise<number> {
    const [row] = await this.rows<{ n: number }>(
      GATEWAY,
      `select count(*) as n from $schema.task where done_at is null and kind <> 'timer'`,
    );
    return row!.n;
  }

  /** What is still to be done now or said, in words; none where all has come to rest. A timer that is not due is none. */
  async unrest(now: Instant): Promise<string[]> {
    const rows = await this.rows<{ what: string }>(
      GATEWAY,
      `select count(*) || ' parent orders are open' as what from $schema.parent_order
        where completed_at is null having count(*) > 0
       union all
       select count(*) || ' orders are ' || state from $schema.child_order
        where state not in ('filled', 'cancelled', 'replaced', 'rejected', 'expired') group by state
       union all
       select count(*) || ' pieces of work are open: ' || coalesce(wakes, kind) from $schema.task
        where done_at is null and (kind <> 'timer' or due_at <= $1) group by coalesce(wakes, kind)
       union all
       select count(*) || ' facts are not published' from $schema.outbox, $schema.relay_cursor c
        where (outbox.tx, outbox.seq) > (c.tx, c.seq) having count(*) > 0`,
      [now],
    );
    const said = await this.rows<{ n: number }>(GATEWAY, `select count(*) as n from $schema.outbox`);
    const heard = await this.rows<{ n: number }>(
      WITNESS,
      `select count(*) as n from $schema.inbox where source = 'bus' and state = 'handled'`,
    );
    const missing = said[0]!.n - heard[0]!.n;
    return [...rows.map(({ what }) => what), ...(missing === 0 ? [] : [`${missing} facts were not heard`])];
  }

  /** How many orders ended how, and why where they were not filled. */
  async fates(): Promise<Map<string, number>> {
    const rows = await this.rows<{ fate: string; n: number }>(
      GATEWAY,
      `select state || coalesce(': ' || code, '') || case when code = 'DEFERRED' then ', ' || reason else '' end as fate, count(*) as n from $schema.child_order group by 1 order by 1`,
    );
    return new Map(rows.map(({ fate, n }) => [fate, n]));
  }

  /** All that the rules look at, but what the venue says. */
  async aftermath(now: Instant): Promise<Omit<Aftermath, 'venue' | 'openingCash'>> {
    const own = <T extends object>(sql: string): Promise<T[]> => this.rows<T>(GATEWAY, sql);
    return {
      children: await own<Child>(
        `select client_order_id, parent_order_id, cycle_id, account, symbol, side, slice, quantity, filled_quantity,
                approved_hash, state, venue_order_id from $schema.child_order where state <> 'planned' order by client_order_id`,
      ),
      parents: await own<Parent>(
        `select parent_order_id, account, symbol, side, quantity, completed_at from $schema.parent_order order by parent_order_id`,
      ),
      fills: await own<OwnFill & { account: string }>(
        `select execution_id, account, symbol, side, quantity, price, fees from $schema.fill order by execution_id`,
      ),
      completions: await own<Completion>(
        `select body::json -> 'data' ->> 'parentOrderId' as "parentOrderId",
                body::json -> 'data' ->> 'filledQuantity' as "filledQuantity"
           from $schema.outbox where body::json ->> 'type' = 'execution.schedule.completed.v1' order by tx, seq`,
      ),
      halts: await own<Halt>(
        `select account, halted, reason from $schema.halt
         union all select account || ', ' || symbol, halted, reason from $schema.symbol_halt order by account`,
      ),
      reconciliations: await own(`select account, status, breaks from $schema.reconciliation order by at desc`),
      sent: await own<SentFact>(
        `select '${GATEWAY}' as service, event_id, noun, key, key_seq, subject from $schema.outbox order by tx, seq`,
      ),
      heard: await this.rows<HeardFact>(
        WITNESS,
        `select event_id, noun, key, key_seq, turn from $schema.inbox where source = 'bus'`,
      ),
      held: await this.#held(),
      unrest: await this.unrest(now),
    };
  }

  async #held(): Promise<string[]> {
    const held: string[] = [];
    for (const service of [GATEWAY, WITNESS]) {
      const rows = await this.rows<{ what: string }>(
        service,
        `select type || ' ' || key || ' is ' || state || coalesce(': ' || error, '') as what
           from $schema.inbox left join $schema.dead_letter using (event_id)
          where state <> 'handled' or code is not null order by position limit 5`,
      );
      held.push(...rows.map(({ what }) => `${service}: ${what}`));
    }
    return held;
  }
}
