-- The schema of portfolio after its migrations, read back from Postgres. Made by "npm run gen"; do not edit.

create sequence inbox_turn as bigint start 1 increment 1;

create sequence migration_id_seq as integer start 1 increment 1;

create table account (
  portfolio_id    text not null,
  mode            text not null,
  opening_cash    numeric not null,
  cash            numeric not null,
  realised        numeric not null,
  fees            numeric not null,
  ledger_sequence integer not null,
  ledger_hash     text not null,
  opened_at       timestamp(3) with time zone not null,
  constraint account_pkey PRIMARY KEY (portfolio_id)
);

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

create table awaited_reconciliation (
  portfolio_id text not null,
  cycle_id     uuid not null,
  fills        integer not null,
  status       text not null,
  fees         integer not null default 0,
  constraint awaited_reconciliation_pkey PRIMARY KEY (portfolio_id, cycle_id)
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

create table fee (
  venue           text not null,
  activity_id     text not null,
  portfolio_id    text not null,
  code            text,
  amount          numeric not null,
  date            date not null,
  description     text not null,
  booked_at       timestamp(3) with time zone not null,
  ledger_sequence integer,
  constraint fee_pkey PRIMARY KEY (venue, activity_id)
);

create table fill (
  venue           text not null,
  execution_id    text not null,
  portfolio_id    text not null,
  symbol          text not null,
  side            text not null,
  quantity        numeric not null,
  price           numeric not null,
  fees            numeric not null,
  client_order_id text not null,
  parent_order_id uuid not null,
  cycle_id        uuid not null,
  filled_at       timestamp(3) with time zone not null,
  ledger_sequence integer,
  constraint fill_pkey PRIMARY KEY (venue, execution_id)
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

create table ledger_entry (
  portfolio_id  text not null,
  sequence      integer not null,
  previous_hash text not null,
  entry         jsonb not null,
  hash          text not null,
  constraint ledger_entry_pkey PRIMARY KEY (portfolio_id, sequence)
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

create table position (
  portfolio_id     text not null,
  symbol           text not null,
  quantity         numeric not null,
  cost             numeric not null,
  posted_quantity  numeric not null,
  posted_cost      numeric not null,
  pending_realised numeric not null,
  constraint position_pkey PRIMARY KEY (portfolio_id, symbol)
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

create table snapshot (
  portfolio_id text not null,
  cycle_id     uuid not null,
  as_of        date not null,
  marks        jsonb not null,
  sealed_at    timestamp(3) with time zone not null,
  constraint snapshot_pkey PRIMARY KEY (portfolio_id)
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

create table working_order (
  client_order_id text not null,
  portfolio_id    text not null,
  symbol          text not null,
  side            text not null,
  quantity        numeric not null,
  filled          numeric not null,
  ended           boolean not null,
  constraint working_order_pkey PRIMARY KEY (client_order_id)
);

CREATE INDEX audit_cycle ON audit USING btree (cycle_id);

CREATE INDEX fee_pending ON fee USING btree (portfolio_id) WHERE ledger_sequence IS NULL;

CREATE INDEX fill_pending ON fill USING btree (portfolio_id, symbol) WHERE ledger_sequence IS NULL;

CREATE INDEX inbox_held ON inbox USING btree (noun, key, key_seq) WHERE state <> 'handled'::text;

CREATE UNIQUE INDEX outbox_key ON outbox USING btree (noun, key, key_seq);

CREATE INDEX task_due ON task USING btree (due_at, id) WHERE done_at IS NULL;

CREATE INDEX task_key ON task USING btree (kind, key);

CREATE INDEX working_order_open ON working_order USING btree (portfolio_id) WHERE NOT ended;

CREATE OR REPLACE FUNCTION portfolio.take_turn(inbox_lock bigint, own_epoch bigint)
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
