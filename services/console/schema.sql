-- The schema of console after its migrations, read back from Postgres. Made by "npm run gen"; do not edit.

create sequence inbox_turn as bigint start 1 increment 1;

create sequence migration_id_seq as integer start 1 increment 1;

create table alert (
  alert_id            uuid not null,
  family              text not null,
  code                text not null,
  severity            text not null,
  message             text not null,
  numbers             jsonb not null,
  next_step           text not null,
  raised_at           timestamp(3) with time zone not null,
  acknowledged_at     timestamp(3) with time zone,
  acknowledged_by     text,
  acknowledged_reason text,
  constraint alert_pkey PRIMARY KEY (alert_id)
);

create table approval (
  cycle_id       uuid not null,
  portfolio_id   text not null,
  account        text not null,
  plan_hash      text not null,
  approved_hash  text not null,
  notional       numeric not null,
  reasons        jsonb not null,
  requested_at   timestamp(3) with time zone not null,
  expires_at     timestamp(3) with time zone not null,
  state          text not null,
  decided_at     timestamp(3) with time zone,
  decided_by     text,
  decided_reason text,
  constraint approval_pkey PRIMARY KEY (cycle_id)
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

create table audit_entry (
  sequence      bigint not null,
  audit_id      uuid not null,
  previous_hash text not null,
  hash          text not null,
  service       text not null,
  cycle_id      uuid,
  entry         json not null,
  constraint audit_entry_pkey PRIMARY KEY (sequence),
  constraint audit_entry_audit_id UNIQUE (audit_id)
);

create table audit_head (
  one      boolean not null,
  sequence bigint not null,
  hash     text not null,
  constraint audit_head_pkey PRIMARY KEY (one)
);

create table book (
  portfolio_id text not null,
  account      text not null,
  constraint book_pkey PRIMARY KEY (portfolio_id)
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

create table halt (
  account text not null,
  raised  boolean not null,
  epoch   integer not null,
  by      text not null,
  reason  text not null,
  at      timestamp(3) with time zone not null,
  constraint halt_pkey PRIMARY KEY (account)
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

create table parked_message (
  consumer  text not null,
  event_id  uuid not null,
  code      text not null,
  type      text not null,
  key       text not null,
  error     text not null,
  parked_at timestamp(3) with time zone not null,
  constraint parked_message_pkey PRIMARY KEY (consumer, event_id)
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

CREATE INDEX alert_raised ON alert USING btree (raised_at, alert_id);

CREATE INDEX approval_requested ON approval USING btree (requested_at, cycle_id);

CREATE INDEX audit_cycle ON audit USING btree (cycle_id);

CREATE INDEX audit_entry_cycle ON audit_entry USING btree (cycle_id, sequence);

CREATE INDEX audit_entry_service ON audit_entry USING btree (service, sequence);

CREATE INDEX inbox_held ON inbox USING btree (noun, key, key_seq) WHERE state <> 'handled'::text;

CREATE UNIQUE INDEX outbox_key ON outbox USING btree (noun, key, key_seq);

CREATE INDEX task_due ON task USING btree (due_at, id) WHERE done_at IS NULL;

CREATE INDEX task_key ON task USING btree (kind, key);

CREATE OR REPLACE FUNCTION console.take_turn(inbox_lock bigint, own_epoch bigint)
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
