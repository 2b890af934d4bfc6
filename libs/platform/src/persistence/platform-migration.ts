import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The machinery's own tables, the same in every service's schema.
 * Statement by statement in docs/adr/0003; what each column is for stands beside it.
 */
export class Platform1763600000000 implements MigrationInterface {
  readonly name = 'Platform1763600000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create sequence inbox_turn;

      -- Everything that can change the service came in here, once. The recording that replay reads.
      create table inbox (
        position       bigint generated always as identity,
        -- The order in which messages were handled; it differs from position where a message had to wait.
        turn           bigint unique,
        event_id       uuid primary key,
        source         text not null check (source in ('bus', 'command', 'timer', 'answer')),
        type           text not null,
        noun           text,
        key            text not null,
        key_seq        bigint,
        correlation_id text not null,
        body           json not null,
        headers        json not null,
        stream_seq     bigint,
        state          text not null check (state in ('handled', 'waiting', 'parked')),
        received_at    timestamptz(3) not null,
        handled_at     timestamptz(3),
        result_hash    text,
        reply          json
      );
      create index inbox_held on inbox (noun, key, key_seq) where state <> 'handled';

      -- Up to where each (noun, key) has been handled.
      create table key_cursor (
        noun text not null,
        key  text not null,
        seq  bigint not null,
        primary key (noun, key)
      );

      -- The last number given to each (noun, key) that the service speaks of.
      create table key_counter (
        noun text not null,
        key  text not null,
        seq  bigint not null,
        primary key (noun, key)
      );

      -- Everything the service says. (tx, seq) is the order of the relay: seq alone is handed out before the
      -- commit, so a reader of "seq > last" would step over a row that commits late and lose it for ever.
      create table outbox (
        tx       xid8 not null default pg_current_xact_id(),
        seq      bigint generated always as identity,
        event_id uuid not null unique,
        noun     text not null,
        key      text not null,
        key_seq  bigint not null,
        subject  text not null,
        body     text not null,
        headers  json not null,
        primary key (tx, seq)
      );
      create unique index outbox_key on outbox (noun, key, key_seq);

      create table relay_cursor (
        one               boolean primary key default true check (one),
        tx                xid8 not null,
        seq               bigint not null,
        stream_seq        bigint not null,
        stream_created_at text
      );
      insert into relay_cursor (tx, seq, stream_seq) values ('0', 0, 0);

      -- Where the cursor stood when the stream was at stream_seq: what to go back to when the stream went back.
      create table relay_mark (
        stream_seq bigint primary key,
        tx         xid8 not null,
        seq        bigint not null
      );

      -- What is to be done to the world, and timers.
      create table task (
        id             uuid primary key,
        kind           text not null,
        wakes          text,
        key            text not null,
        body           json not null,
        headers        json not null,
        correlation_id text not null,
        due_at         timestamptz(3) not null,
        attempts       integer not null default 0,
        locked_until   timestamptz(3),
        last_error     text,
        done_at        timestamptz(3)
      );
      create index task_due on task (due_at, id) where done_at is null;
      create index task_key on task (kind, key);

      -- Messages that could not be handled, and what a person did about them.
      create table dead_letter (
        event_id    uuid primary key references inbox (event_id),
        code        text not null,
        error       text not null,
        parked_at   timestamptz(3) not null,
        resolution  text check (resolution in ('replayed', 'skipped')),
        resolved_by text,
        resolved_at timestamptz(3)
      );

      create table audit (
        audit_id     uuid primary key,
        act          text not null,
        actor        text not null,
        cycle_id     uuid,
        portfolio_id text,
        subject      text not null,
        detail       json not null,
        at           timestamptz(3) not null
      );
      create index audit_cycle on audit (cycle_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table audit, dead_letter, task, relay_mark, relay_cursor, outbox, key_counter, key_cursor, inbox;
      drop sequence inbox_turn;
    `);
  }
}
