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

create table calendar_day (
  market   text not null,
  date     date not null,
  known_at timestamp(3) with time zone not null,
  word     text not null,
  source   text not null,
  constraint calendar_day_pkey PRIMARY KEY (market, date, known_at)
);

create table calendar_watch (
  market        text not null,
  due_at        timestamp(3) with time zone not null,
  short_told_at timestamp(3) with time zone,
  constraint calendar_watch_pkey PRIMARY KEY (market)
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

create table collection (
  collection_id uuid not null,
  what          text not null,
  source        text not null,
  subject       text,
  date          date,
  synthetic     boolean not null,
  path          text,
  status        text not null,
  code          text,
  reason        text,
  next_step     text,
  report        jsonb,
  requested_at  timestamp(3) with time zone not null,
  finished_at   timestamp(3) with time zone,
  constraint collection_pkey PRIMARY KEY (collection_id)
);

create table collection_watch (
  what         text not null,
  subject      text not null,
  due_at       timestamp(3) with time zone not null,
  collected_at timestamp(3) with time zone,
  failure      jsonb,
  constraint collection_watch_pkey PRIMARY KEY (what, subject)
);

create table corporate_action (
  source        text not null,
  symbol        text not null,
  date          date not null,
  type          text not null,
  import_id     uuid not null,
  terms         text[] not null,
  known_at      timestamp(3) with time zone not null,
  superseded_at timestamp(3) with time zone,
  constraint corporate_action_pkey PRIMARY KEY (source, symbol, date, type, import_id)
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

create table fetched_group (
  key        text not null,
  symbols    jsonb not null,
  bars       bytea[] not null,
  actions    jsonb not null,
  report     jsonb not null,
  fetched_at timestamp(3) with time zone not null,
  constraint fetched_group_pkey PRIMARY KEY (key)
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

create table instance_lease (
  one        boolean not null default true,
  epoch      bigint not null,
  holder     text,
  taken_at   timestamp(3) with time zone,
  expires_at timestamp(3) with time zone,
  constraint instance_lease_one_check CHECK (one),
  constraint instance_lease_pkey PRIMARY KEY (one)
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

create table market_fact (
  fact_id      uuid not null,
  source       text not null,
  kind         text not null,
  natural_key  text not null,
  revision     integer not null,
  market       text not null,
  symbol       text,
  date         date not null,
  published_at timestamp(3) with time zone,
  known_at     timestamp(3) with time zone not null,
  synthetic    boolean not null,
  content      jsonb not null,
  changed      jsonb not null,
  constraint market_fact_pkey PRIMARY KEY (fact_id)
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

create table reference_fact (
  kind          text not null,
  market        text not null,
  subject       text not null,
  scope         text not null,
  valid_from    date not null,
  known_from    date not null,
  source        text not null,
  valid_to      date,
  value         jsonb,
  instrument_id text,
  import_id     uuid not null,
  constraint reference_fact_pkey PRIMARY KEY (kind, market, subject, scope, valid_from, known_from, source)
);

create table reference_import (
  import_id    uuid not null,
  kind         text not null,
  market       text not null,
  source       text not null,
  request      jsonb not null,
  status       text not null,
  code         text,
  reason       text,
  outcome      jsonb,
  requested_at timestamp(3) with time zone not null,
  finished_at  timestamp(3) with time zone,
  constraint reference_import_pkey PRIMARY KEY (import_id)
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

create table restated_month (
  import_id uuid not null,
  symbol    text not null,
  month     date not null,
  days      integer not null,
  before    bytea not null,
  after     bytea not null,
  constraint restated_month_pkey PRIMARY KEY (import_id, symbol, month)
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
  price_basis text not null,
  constraint source_pkey PRIMARY KEY (source)
);

create table source_quality (
  source     text not null,
  import_id  uuid not null,
  totals     jsonb not null,
  checked_at timestamp(3) with time zone not null,
  constraint source_quality_pkey PRIMARY KEY (source)
);

create table staged_action (
  import_id uuid not null,
  symbol    text not null,
  date      date not null,
  type      text not null,
  terms     text[] not null,
  constraint staged_action_pkey PRIMARY KEY (import_id, symbol, date, type)
);

create table staged_month (
  import_id uuid not null,
  month     date not null,
  symbol    text not null,
  days      integer not null,
  bars      bytea not null,
  constraint staged_month_pkey PRIMARY KEY (import_id, month, symbol)
);

create table staged_reference_fact (
  import_id  uuid not null,
  kind       text not null,
  market     text not null,
  subject    text not null,
  scope      text not null,
  valid_from date not null,
  known_from date not null,
  source     text not null,
  valid_to   date,
  value      jsonb,
  constraint staged_reference_fact_pkey PRIMARY KEY (import_id, kind, market, subject, scope, valid_from, known_from, source)
);

create table staged_sector (
  import_id uuid not null,
  symbol    text not null,
  sector    text not null,
  constraint staged_sector_pkey PRIMARY KEY (import_id, symbol)
);

create table symbol_quality (
  import_id        uuid not null,
  symbol           text not null,
  score            double precision not null,
  rows             integer not null,
  missing_sessions integer not null,
  findings         jsonb not null,
  constraint symbol_quality_pkey PRIMARY KEY (import_id, symbol)
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

CREATE INDEX collection_running ON collection USING btree (what, status);

CREATE UNIQUE INDEX corporate_action_current ON corporate_action USING btree (source, symbol, date, type) WHERE superseded_at IS NULL;

CREATE INDEX fetched_group_fetched_at ON fetched_group USING btree (fetched_at);

CREATE INDEX history_import_source ON history_import USING btree (source, turn);

CREATE INDEX inbox_held ON inbox USING btree (noun, key, key_seq) WHERE state <> 'handled'::text;

CREATE INDEX market_fact_date ON market_fact USING btree (kind, date, fact_id);

CREATE UNIQUE INDEX market_fact_key ON market_fact USING btree (source, kind, natural_key, revision);

CREATE INDEX market_fact_symbol ON market_fact USING btree (kind, symbol, date, fact_id);

CREATE UNIQUE INDEX outbox_key ON outbox USING btree (noun, key, key_seq);

CREATE INDEX reference_fact_instrument ON reference_fact USING btree (instrument_id);

CREATE INDEX reference_fact_source ON reference_fact USING btree (kind, source);

CREATE INDEX snapshot_inputs_hash ON snapshot USING btree (inputs_hash);

CREATE INDEX snapshot_sealed_at ON snapshot USING btree (sealed_at);

CREATE INDEX task_due ON task USING btree (due_at, id) WHERE done_at IS NULL;

CREATE INDEX task_key ON task USING btree (kind, key);

CREATE OR REPLACE FUNCTION feeds.take_turn(inbox_lock bigint, own_epoch bigint)
 RETURNS void
 LANGUAGE plpgsql
AS $function$
      declare newest bigint;
      begin
        perform pg_advisory_xact_lock(inbox_lock);
        select epoch into newest from instance_lease;
        if own_epoch <> newest then
          raise exception 'the epoch % of this instance is over: another one is active under %', own_epoch, newest
            using errcode = '55B01';
        end if;
      end $function$;
