import type { Envelope, Instant } from '@ballast/contracts';
import type { EntityManager } from 'typeorm';
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

/** The message of a row, to be handled late or again. */
export const messageOfRow = (row: InboxRow): Incoming => ({
  eventId: row.event_id,
  source: row.source,
  type: row.type,
  noun: row.noun,
  key: row.key,
  keySeq: row.key_seq,
  correlationId: row.correlation_id,
  body: row.body,
  headers: row.headers,
  streamSequence: row.stream_seq,
});

const keyId = (noun: string, key: string): string => `${noun}\n${key}`;

/** The rows that are in the inbox already, by event id. */
export async function findSeen(tx: EntityManager, messages: readonly Incoming[]): Promise<Map<string, InboxRow>> {
  const rows = await tx.query<InboxRow[]>(`select * from inbox where event_id = any($1)`, [
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
    const rows = await tx.query<{ noun: string; key: string; seq: number; held: boolean }[]>(
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
  async save(tx: EntityManager, messages: readonly Incoming[]): Promise<void> {
    const moved = new Map<string, [string, string, number]>();
    for (const { noun, key } of messages) {
      if (noun !== null) moved.set(keyId(noun, key), [noun, key, this.of(noun, key).handled]);
    }
    if (moved.size === 0) return;
    const rows = [...moved.values()];
    await tx.query(
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
export async function saveSettled(tx: EntityManager, settled: readonly Settled[], receivedAt: Instant): Promise<void> {
  if (settled.length === 0) return;
  const column = <T>(of: (each: Settled) => T): T[] => settled.map(of);
  await tx.query(
    `insert into inbox (turn, event_id, source, type, noun, key, key_seq, correlation_id, body, headers, stream_seq,
                        state, received_at, handled_at, result_hash, reply)
     select case when state = 'handled' then nextval('inbox_turn') end, event_id, source, type, noun, key, key_seq,
            correlation_id, body, headers, stream_seq, state, $1, handled_at, result_hash, reply
       from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::text[], $9::json[],
                   $10::json[], $11::bigint[], $12::text[], $13::timestamptz[], $14::text[], $15::json[])
            with ordinality as new (event_id, source, type, noun, key, key_seq, correlation_id, body, headers, stream_seq,
                                    state, handled_at, result_hash, reply, place)
      order by place
     on conflict (event_id) do update set
       turn = excluded.turn, state = excluded.state, handled_at = excluded.handled_at,
       result_hash = excluded.result_hash, reply = excluded.reply`,
    [
      receivedAt,
      column((each) => each.message.eventId),
      column((each) => each.message.source),
      column((each) => each.message.type),
      column((each) => each.message.noun),
      column((each) => each.message.key),
      column((each) => each.message.keySeq),
      column((each) => each.message.correlationId),
      column((each) => JSON.stringify(each.message.body)),
      column((each) => JSON.stringify(each.message.headers)),
      column((each) => each.message.streamSequence),
      column((each) => each.state),
      column((each) => each.handledAt),
      column((each) => each.resultHash),
      column((each) => (each.reply === undefined ? null : JSON.stringify(each.reply))),
    ],
  );
}

/** Writes a message as one that a person has skipped: its key goes on behind it, and nothing came of it. */
export async function saveSkipped(tx: EntityManager, message: Incoming, at: Instant): Promise<void> {
  const skipped = {
    message,
    state: 'handled',
    handledAt: at,
    resultHash: null,
    reply: undefined,
    known: false,
  } as const;
  await saveSettled(tx, [skipped], at);
  const { noun, key, keySeq } = message;
  if (noun === null || keySeq === null) return;
  const keys = await KeyStates.load(tx, [message]);
  keys.set(noun, key, { handled: keySeq, held: false });
  await keys.save(tx, [message]);
}
