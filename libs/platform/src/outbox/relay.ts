import type { QueryRunner } from 'typeorm';
import type { Bus, BusMessage } from '../bus/bus.js';
import type { Checkpoint } from '../inbox/inbox.js';
import { prepared } from '../persistence/writes.js';

/** The most rows published at once. */
const BATCH = 500;
/** Marks kept for going back; older positions go back to the beginning of what is kept. */
const MARKS_KEPT = 10_000;

interface Cursor {
  readonly tx: string;
  readonly seq: number;
  readonly stream_seq: number;
  readonly stream_created_at: string | null;
}

interface OutboxRow {
  readonly tx: string;
  readonly seq: number;
  readonly event_id: string;
  readonly subject: string;
  readonly body: string;
  readonly headers: Record<string, string>;
}

export interface RelayOptions {
  /** The connection that holds the service's instance lock: with it goes the right to publish. */
  readonly session: () => QueryRunner;
  readonly bus: Bus;
  readonly checkpoint: (point: Checkpoint) => void | Promise<void>;
  /** Called with what was found when the stream had gone back. */
  readonly wentBack: (detail: { from: number; to: number }) => void;
}

/** The only path out: publishes committed outbox rows in order, and moves its cursor after all acknowledgements. */
export class Relay {
  /** The cursor as it stands in the database, which only this relay moves; unknown after whatever has failed. */
  #known: Cursor | undefined;

  constructor(private readonly options: RelayOptions) {}

  /**
   * Publishes the next rows. Returns how many, and whether rows are there that must
   * wait until an older transaction somewhere in the cluster has ended.
   * @throws Retryable where the bus did not acknowledge; the cursor has not moved.
   */
  async step(): Promise<{ published: number; blocked: boolean }> {
    try {
      return await this.#step();
    } catch (error) {
      this.#known = undefined;
      throw error;
    }
  }

  async #step(): Promise<{ published: number; blocked: boolean }> {
    const { bus, checkpoint } = this.options;
    const runner = this.options.session();
    const cursor = await this.#cursor();
    // Rows of a transaction that is still open may yet appear below ours: only what lies under xmin is final.
    const rows = await prepared<OutboxRow>(
      runner,
      `select tx::text, seq, event_id, subject, body, headers from outbox
        where (tx, seq) > ($1::xid8, $2) and tx < pg_snapshot_xmin(pg_current_snapshot())
        order by tx, seq limit ${BATCH}`,
      [cursor.tx, cursor.seq],
    );
    if (rows.length === 0) return { published: 0, blocked: await this.#rowsBeyond(cursor) };
    await checkpoint('before-publish');
    const sequences = await bus.publish(rows.map(messageOf));
    await checkpoint('after-publish');
    const last = rows.at(-1)!;
    const streamSequence = sequences.at(-1)!;
    if (
      Math.min(...sequences) <= cursor.stream_seq &&
      (await bus.streamState()) !== null &&
      (await this.checkStream())
    ) {
      return { published: rows.length, blocked: false };
    }
    await this.#moveTo({ tx: last.tx, seq: last.seq, streamSequence: Math.max(streamSequence, cursor.stream_seq) });
    return { published: rows.length, blocked: false };
  }

  /**
   * Compares the stream with where the cursor thinks it is. A stream that was
   * recreated or set back is filled again from the outbox: the cursor goes back to
   * the last mark that the stream still holds. Returns whether it went back.
   */
  async checkStream(): Promise<boolean> {
    const state = await this.options.bus.streamState();
    if (state === null) return false;
    this.#known = undefined;
    const cursor = await this.#cursor();
    this.#known = undefined;
    const recreated = cursor.stream_created_at !== null && cursor.stream_created_at !== state.createdAt;
    if (recreated || state.lastSequence < cursor.stream_seq) {
      const held = recreated ? 0 : state.lastSequence;
      const [mark]: { tx: string; seq: number; stream_seq: number }[] = await this.options
        .session()
        .query(
          `select tx::text, seq, stream_seq from relay_mark where stream_seq <= $1 order by stream_seq desc limit 1`,
          [held],
        );
      const to = mark ?? { tx: '0', seq: 0, stream_seq: 0 };
      await this.options.session().query(`delete from relay_mark where stream_seq > $1`, [to.stream_seq]);
      await this.options
        .session()
        .query(`update relay_cursor set tx = $1::xid8, seq = $2, stream_seq = $3, stream_created_at = $4`, [
          to.tx,
          to.seq,
          to.stream_seq,
          state.createdAt,
        ]);
      this.options.wentBack({ from: cursor.stream_seq, to: to.stream_seq });
      return true;
    }
    if (cursor.stream_created_at === null) {
      await this.options.session().query(`update relay_cursor set stream_created_at = $1`, [state.createdAt]);
    }
    return false;
  }

  /** Publishes rows of one (noun, key) again for a subscriber that misses them. Returns how many. */
  async republish(noun: string, key: string, fromKeySeq: number, toKeySeq: number): Promise<number> {
    const rows: OutboxRow[] = await this.options.session().query(
      `select tx::text, seq, event_id, subject, body, headers from outbox
        where noun = $1 and key = $2 and key_seq between $3 and $4 order by key_seq limit ${BATCH}`,
      [noun, key, fromKeySeq, toKeySeq],
    );
    if (rows.length > 0) await this.options.bus.publish(rows.map(messageOf), { again: true });
    return rows.length;
  }

  async #cursor(): Promise<Cursor> {
    if (this.#known) return this.#known;
    const [cursor] = await prepared<Cursor>(
      this.options.session(),
      `select tx::text, seq, stream_seq, stream_created_at from relay_cursor`,
    );
    return (this.#known = cursor!);
  }

  async #rowsBeyond(cursor: Cursor): Promise<boolean> {
    const [found] = await prepared<{ beyond: boolean }>(
      this.options.session(),
      `select exists (select from outbox where (tx, seq) > ($1::xid8, $2)) as beyond`,
      [cursor.tx, cursor.seq],
    );
    return found!.beyond;
  }

  /** Does not wait for the disk: a power loss takes the cursor back, rows are published again, and every inbox drops them. */
  async #moveTo(to: { tx: string; seq: number; streamSequence: number }): Promise<void> {
    await prepared(
      this.options.session(),
      `with moved as (update relay_cursor set tx = $1::xid8, seq = $2, stream_seq = $3),
            pruned as (delete from relay_mark where stream_seq < $3 - ${MARKS_KEPT})
       insert into relay_mark (stream_seq, tx, seq)
       select $3, $1::xid8, $2 from set_config('synchronous_commit', 'off', true)
       on conflict (stream_seq) do update set tx = excluded.tx, seq = excluded.seq`,
      [to.tx, to.seq, to.streamSequence],
    );
    if (this.#known) this.#known = { ...this.#known, tx: to.tx, seq: to.seq, stream_seq: to.streamSequence };
  }
}

const messageOf = (row: OutboxRow): BusMessage => ({
  id: row.event_id,
  subject: row.subject,
  body: row.body,
  headers: row.headers,
});
