-- The schema of feeds after its migrations, read back from Postgres. Made by "npm run gen"; do not edit.

create sequence inbox_turn as bigint start 1 increment 1;

create sequence migration_id_seq as integer start 1 increment 1;

create table audit (
  audit_id     uuid not null,
  act          text not null,
  actor        text not null,
  cycle_id     uuid,
  portfolio_id text,
  subject      text not null,
  detail       json not null,
  at           timestamp(3) with time zone not null,
  constraint audit_pkey PRIMARY KEY (audit_id)
);

create table bar_month (
  source text not null,
  month  date not null,
  symbol text not null,
  days   integer not null,
  bars   bytea not null,
  constraint bar_month_pkey PRIMARY KEY (source, month, symbol)
);

create table channel (
  symbol           text not null,
  channel          text not null,
  source           text not null,
  simulated        boolean not null,
  state            text not null,
  since_at         timestamp(3) with time zone not null,
  told             boolean not null,
  bound_ms         integer,
  received         integer not null,
  gaps             integer not null,
  last_received_at timestamp(3) with time zone,
  last_venue_at    text,
  last_tick        jsonb,
  observed_at      timestamp(3) with time zone not null,
  constraint channel_pkey PRIMARY KEY (symbol, channel)
);

create table dead_letter (
  event_id    uuid not null,
  code        text not null,
  error       text not null,
  parked_at   timestamp(3) with time zone not null,
  resolution  text,
  resolved_by text,
  resolved_at timestamp(3) with time zone,
  constraint dead_letter_resolution_check CHECK (resolution = ANY (ARRAY['replayed'::text, 'skipped'::text])),
  constraint dead_letter_event_id_fkey FOREIGN KEY (event_id) REFERENCES inbox(event_id),
  constraint dead_letter_pkey PRIMARY KEY (event_id)
);

create table history_import (
  import_id    uuid not null,
  source       text not null,
  synthetic    boolean not null,
  replaces     boolean not null,
  input        jsonb not null,
  status       text not null,
  content_hash text,
  code         text,
  reason       text,
  outcome      jsonb,
  turn         integer,
  requested_at timestamp(3) with time zone not null,
  finished_at  timestamp(3) with time zone,
  constraint history_import_pkey PRIMARY KEY (import_id),
  constraint history_import_turn_key UNIQUE (turn)
);

create table inbox (
  "position"     bigint not null generated always as identity,
  turn           bigint,
  event_id       uuid not null,
  source         text not null,
  type           text not null,
  noun           text,
  key            text not null,
  key_seq        bigint,
  correlation_id text not null,
  body           json not null,
  headers        json not null,
  stream_seq     bigint,
  state          text not null,
  received_at    timestamp(3) with time zone not null,
  handled_at     timestamp(3) with time zone,
  result_hash    text,
  reply          json,
  constraint inbox_source_check CHECK (source = ANY (ARRAY['bus'::text, 'command'::text, 'timer'::text, 'answer'::text])),
  constraint inbox_state_check CHECK (state = ANY (ARRAY['handled'::text, 'waiting'::text, 'parked'::text])),
  constraint inbox_pkey PRIMARY KEY (event_id),
  constraint inbox_turn_key UNIQUE (turn)
);

create table key_counter (
  noun text not null,
  key  text not null,
  seq  bigint not null,
  constraint key_counter_pkey PRIMARY KEY (noun, key)
);

create table key_cursor (
  noun text not null,
  key  text not null,
  seq  bigint not null,
  constraint key_cursor_pkey PRIMARY KEY (noun, key)
);

create table live_feed (
  source  text not null,
  judged  jsonb not null,
  told_at timestamp(3) with time zone not null,
  constraint live_feed_pkey PRIMARY KEY (source)
);

create table migration (
  id          integer not null default nextval('migration_id_seq'::regclass),
  "timestamp" bigint not null,
  name        character varying not null,
  constraint "PK_3043fc6b8af7c99b8b98830094f" PRIMARY KEY (id)
);

create table outbox (
  tx       xid8 not null default pg_current_xact_id(),
  seq      bigint not null generated always as identity,
  event_id uuid not null,
  noun     text not null,
  key      text not null,
  key_seq  bigint not null,
  subject  text not null,
  body     text not null,
  headers  json not null,
  constraint outbox_pkey PRIMARY KEY (tx, seq),
  constraint outbox_event_id_key UNIQUE (event_id)
);

create table policy_text (
  text_id      text not null,
  source_id    text not null,
  title        text not null,
  published_at timestamp(3) with time zone not null,
  received_at  timestamp(3) with time zone not null,
  constraint policy_text_pkey PRIMARY KEY (text_id)
);

create table relay_cursor (
  one               boolean not null default true,
  tx                xid8 not null,
  seq               bigint not null,
  stream_seq        bigint not null,
  stream_created_at text,
  constraint relay_cursor_one_check CHECK (one),
  constraint relay_cursor_pkey PRIMARY KEY (one)
);

create table relay_mark (
  stream_seq bigint not null,
  tx         xid8 not null,
  seq        bigint not null,
  constraint relay_mark_pkey PRIMARY KEY (stream_seq)
);

create table sector (
  source text not null,
  symbol text not null,
  sector text not null,
  constraint sector_pkey PRIMARY KEY (source, symbol)
);

create table snapshot (
  cycle_id        uuid not null,
  inputs_hash     text not null,
  as_of           date not null,
  pack_id         text not null,
  pricing_pack_id text not null,
  content         jsonb not null,
  sealed_at       timestamp(3) with time zone not null,
  constraint snapshot_pkey PRIMARY KEY (cycle_id)
);

create table source (
  source      text not null,
  synthetic   boolean not null,
  symbols     integer not null,
  rows        integer not null,
  from_date   date not null,
  to_date     date not null,
  import_id   uuid not null,
  turn        integer not null,
  selected_at timestamp(3) with time zone not null,
  constraint source_pkey PRIMARY KEY (source)
);

create table staged_month (
  import_id uuid not null,
  month     date not null,
  symbol    text not null,
  days      integer not null,
  bars      bytea not null,
  constraint staged_month_pkey PRIMARY KEY (import_id, month, symbol)
);

create table staged_sector (
  import_id uuid not null,
  symbol    text not null,
  sector    text not null,
  constraint staged_sector_pkey PRIMARY KEY (import_id, symbol)
);

create table task (
  id             uuid not null,
  kind           text not null,
  wakes          text,
  key            text not null,
  body           json not null,
  headers        json not null,
  correlation_id text not null,
  due_at         timestamp(3) with time zone not null,
  attempts       integer not null default 0,
  locked_until   timestamp(3) with time zone,
  last_error     text,
  done_at        timestamp(3) with time zone,
  constraint task_pkey PRIMARY KEY (id)
);

CREATE INDEX audit_cycle ON audit USING btree (cycle_id);

CREATE INDEX history_import_source ON history_import USING btree (source, turn);

CREATE INDEX inbox_held ON inbox USING btree (noun, key, key_seq) WHERE state <> 'handled'::text;

CREATE UNIQUE INDEX outbox_key ON outbox USING btree (noun, key, key_seq);

CREATE INDEX snapshot_inputs_hash ON snapshot USING btree (inputs_hash);

CREATE INDEX snapshot_sealed_at ON snapshot USING btree (sealed_at);

CREATE INDEX task_due ON task USING btree (due_at, id) WHERE done_at IS NULL;

CREATE INDEX task_key ON task USING btree (kind, key);
