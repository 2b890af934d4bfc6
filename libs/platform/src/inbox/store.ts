import { upcast, type Envelope, type Instant } from '@ballast/contracts';
import type { EntityManager } from 'typeorm';
import { prepared, type Value, type Writes } from '../persistence/writes.js';
import type { Incoming, Reply, Source } from './message.js';

/** A row of the inbox as this module reads it back. */
export interface InboxRow {
  readonly event_id: string;
  readonly source: Source;
  readonly type: string;
  readonly noun: string | null;
  readonly key: string;
  readonly key_seq: number | null;
  readonly correlation_id: string;
  readonly body: Envelope;
  readonly headers: Record<string, string>;
  readonly stream_seq: number | null;
  readonly state: 'handled' | 'waiting' | 'parked';
  readonly reply: Reply | null;
}

/** A message with what became of it, ready to be written. */
export interface Settled {
  readonly message: Incoming;
  readonly state: 'handled' | 'waiting' | 'parked';
  readonly handledAt: Instant | null;
  readonly resultHash: string | null;
  readonly reply: Reply | undefined;
}

/** The message of a row, to be handled late or again; in its newest version, because the row may be older than this program. */
export function messageOfRow(row: InboxRow): Incoming {
  const body = upcast(row.body);
  return {
    eventId: row.event_id,
    source: row.source,
    type: body.type,
    noun: row.noun,
    key: row.key,
    keySeq: row.key_seq,
    correlationId: row.correlation_id,
    body,
    headers: row.headers,
    streamSequence: row.stream_seq,
  };
}

const keyId = (noun: string, key: string): string => `${noun}\n${key}`;

/** Reads within a transaction, or on any connection where there is none. */
const read = <Row>(tx: EntityManager, sql: string, values: readonly Value[]): Promise<Row[]> =>
  tx.queryRunner ? prepared<Row>(tx.queryRunner, sql, values) : tx.query<Row[]>(sql, [...values]);

/** The rows that are in the inbox already, by event id. */
export async function findSeen(tx: EntityManager, messages: readonly Incoming[]): Promise<Map<string, InboxRow>> {
  const rows = await read<InboxRow>(tx, `select * from inbox where event_id = any($1)`, [
    messages.map((message) => message.eventId),
  ]);
  return new Map(rows.map((row) => [row.event_id, row]));
}

/** Where a (noun, key) stands: the last sequence handled, and whether parked or waiting messages stand behind it. */
export interface KeyState {
  readonly handled: number;
  readonly held: boolean;
}

/** Where the keys of these messages stand. Keys are told apart by {@link KeyStates.of}. */
export class KeyStates {
  private constructor(private readonly states: Map<string, KeyState>) {}

  static async load(tx: EntityManager, messages: readonly Incoming[]): Promise<KeyStates> {
    const keyed = messages.filter((message) => message.noun !== null);
    const states = new Map<string, KeyState>();
    if (keyed.length === 0) return new KeyStates(states);
    const rows = await read<{ noun: string; key: string; seq: number; held: boolean }>(
      tx,
      `select wanted.noun, wanted.key, coalesce(key_cursor.seq, 0) as seq,
              exists (select from inbox where inbox.noun = wanted.noun and inbox.key = wanted.key and inbox.state <> 'handled') as held
         from (select distinct * from unnest($1::text[], $2::text[]) as w (noun, key)) as wanted
         left join key_cursor using (noun, key)`,
      [keyed.map((message) => message.noun), keyed.map((message) => message.key)],
    );
    for (const row of rows) states.set(keyId(row.noun, row.key), { handled: Number(row.seq), held: row.held });
    return new KeyStates(states);
  }

  of(noun: string, key: string): KeyState {
    return this.states.get(keyId(noun, key)) ?? { handled: 0, held: false };
  }

  set(noun: string, key: string, state: KeyState): void {
    this.states.set(keyId(noun, key), state);
  }

  /** Writes the cursors of the keys that these messages moved. */
  save(writes: Writes, messages: readonly Incoming[]): void {
    const moved = new Map<string, [string, string, number]>();
    for (const { noun, key } of messages) {
      if (noun !== null) moved.set(keyId(noun, key), [noun, key, this.of(noun, key).handled]);
    }
    if (moved.size === 0) return;
    const rows = [...moved.values()];
    writes.send(
      `insert into key_cursor (noun, key, seq) select * from unnest($1::text[], $2::text[], $3::bigint[])
       on conflict (noun, key) do update set seq = excluded.seq`,
      [rows.map((row) => row[0]), rows.map((row) => row[1]), rows.map((row) => row[2])],
    );
  }
}

/** The message of a key that waits and is next in its sequence, if there is one. */
export async function nextWaiting(tx: EntityManager, noun: string, key: string): Promise<InboxRow | undefined> {
  const rows = await tx.query<InboxRow[]>(
    `select inbox.* from inbox left join key_cursor using (noun, key)
      where noun = $1 and key = $2 and state = 'waiting' and key_seq = coalesce(key_cursor.seq, 0) + 1`,
    [noun, key],
  );
  return rows[0];
}

/** The keys whose next message is here and waits, as after a crash before it was handled. */
export const keysWaiting = (tx: EntityManager): Promise<{ noun: string; key: string }[]> =>
  tx.query<{ noun: string; key: string }[]>(
    `select noun, key from inbox left join key_cursor using (noun, key)
      where state = 'waiting' and key_seq = coalesce(key_cursor.seq, 0) + 1 order by noun, key`,
  );

/**
 * Writes what became of the messages, in the order in which they were handled.
 * A row that was known (waiting, parked) is brought up to date instead.
 */
export function saveSettled(writes: Writes, settled: readonly Settled[], receivedAt: Instant): void {
  if (settled.length > 0) writes.send(SAVE_SETTLED, [receivedAt, JSON.stringify(settled.map(rowOf))]);
}

const SETTLED_COLUMNS = `event_id, source, type, noun, key, key_seq, correlation_id, body, headers, stream_seq,
  state, handled_at, result_hash, reply`;

const SAVE_SETTLED = `
  insert into inbox (turn, received_at, ${SETTLED_COLUMNS})
  select case when state = 'handled' then nextval('inbox_turn') end, $1, ${SETTLED_COLUMNS}
    from json_populate_recordset(null::inbox, $2)
  on conflict (event_id) do update set
    turn = excluded.turn, state = excluded.state, handled_at = excluded.handled_at,
    result_hash = excluded.result_hash, reply = excluded.reply`;

const rowOf = ({ message, state, handledAt, resultHash, reply }: Settled): object => ({
  event_id: message.eventId,
  source: message.source,
  type: message.type,
  noun: message.noun,
  key: message.key,
  key_seq: message.keySeq,
  correlation_id: message.correlationId,
  body: message.body,
  headers: message.headers,
  stream_seq: message.streamSequence,
  state,
  handled_at: handledAt,
  result_hash: resultHash,
  reply,
});

/** Writes a message as one that a person has skipped: its key goes on behind it, and nothing came of it. */
export async function saveSkipped(tx: EntityManager, writes: Writes, message: Incoming, at: Instant): Promise<void> {
  saveSettled(writes, [{ message, state: 'handled', handledAt: at, resultHash: null, reply: undefined }], at);
  const { noun, key, keySeq } = message;
  if (noun !== null && keySeq !== null) {
    const keys = await KeyStates.load(tx, [message]);
    keys.set(noun, key, { handled: keySeq, held: false });
    keys.save(writes, [message]);
  }
}
