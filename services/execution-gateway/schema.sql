-- The schema of execution-gateway after its migrations, read back from Postgres. Made by "npm run gen"; do not edit.

create sequence inbox_turn as bigint start 1 increment 1;

create sequence migration_id_seq as integer start 1 increment 1;

create table account_watch (
  account      text not null,
  portfolio_id text not null,
  ready_at     timestamp(3) with time zone,
  status       text,
  look_id      uuid,
  next_look_at timestamp(3) with time zone,
  green_at     timestamp(3) with time zone,
  facts        json,
  facts_at     timestamp(3) with time zone,
  constraint account_watch_pkey PRIMARY KEY (account)
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

create table child_order (
  client_order_id  text not null,
  parent_order_id  uuid not null,
  cycle_id         uuid not null,
  portfolio_id     text not null,
  account          text not null,
  symbol           text not null,
  side             text not null,
  slice            integer not null,
  attempt          integer not null,
  quantity         numeric not null,
  planned_quantity numeric not null,
  approved_hash    text not null,
  due_at           timestamp(3) with time zone not null,
  state            text not null,
  venue_order_id   text,
  filled_quantity  numeric not null,
  filled_notional  numeric not null,
  cancel_requested boolean not null,
  missed_asks      integer not null,
  code             text,
  reason           text,
  submitted_at     timestamp(3) with time zone,
  ended_at         timestamp(3) with time zone,
  held             boolean not null,
  standing_at      timestamp(3) with time zone,
  terms            json,
  deferred_until   timestamp(3) with time zone,
  sending_epoch    bigint,
  constraint child_order_pkey PRIMARY KEY (client_order_id)
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
  venue       text not null,
  activity_id text not null,
  account     text not null,
  code        text,
  amount      numeric not null,
  date        date not null,
  description text not null,
  booked_at   timestamp(3) with time zone not null,
  recorded_at timestamp(3) with time zone not null,
  constraint fee_pkey PRIMARY KEY (venue, activity_id)
);

create table fill (
  venue           text not null,
  execution_id    text not null,
  client_order_id text not null,
  account         text not null,
  symbol          text not null,
  side            text not null,
  quantity        numeric not null,
  price           numeric not null,
  fees            numeric not null,
  filled_at       timestamp(3) with time zone not null,
  recorded_at     timestamp(3) with time zone not null,
  constraint fill_pkey PRIMARY KEY (venue, execution_id)
);

create table halt (
  account text not null,
  halted  boolean not null,
  epoch   integer not null,
  by      text not null,
  reason  text not null,
  door    text not null,
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

create table open_break (
  account     text not null,
  kind        text not null,
  subject     text not null,
  symbol      text,
  ours        text,
  venue       text,
  found_at    timestamp(3) with time zone not null,
  accepted_by text,
  accepted_at timestamp(3) with time zone,
  constraint open_break_pkey PRIMARY KEY (account, kind, subject)
);

create table order_transition (
  "position"      bigint not null generated always as identity,
  client_order_id text not null,
  at              timestamp(3) with time zone not null,
  event           text not null,
  from_state      text not null,
  to_state        text not null,
  detail          json not null,
  constraint order_transition_pkey PRIMARY KEY ("position")
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

create table parent_order (
  parent_order_id  uuid not null,
  cycle_id         uuid not null,
  portfolio_id     text not null,
  account          text not null,
  symbol           text not null,
  side             text not null,
  quantity         numeric not null,
  reference_price  numeric not null,
  approved_hash    text not null,
  purpose          text not null,
  halt_epoch       integer not null,
  interval_ms      bigint not null,
  session_close_at timestamp(3) with time zone not null,
  arrival          text not null,
  arrival_price    numeric,
  planned_at       timestamp(3) with time zone not null,
  completed_at     timestamp(3) with time zone,
  algorithm        text not null,
  horizon_end_at   timestamp(3) with time zone,
  ending           text not null,
  benchmark        text not null,
  market           json,
  report           json,
  constraint parent_order_pkey PRIMARY KEY (parent_order_id)
);

create table reconciliation (
  reconciliation_id uuid not null,
  account           text not null,
  portfolio_id      text not null,
  cycle_id          uuid,
  status            text not null,
  breaks            jsonb not null,
  at                timestamp(3) with time zone not null,
  purpose           text not null,
  constraint reconciliation_pkey PRIMARY KEY (reconciliation_id)
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

create table symbol_halt (
  account text not null,
  symbol  text not null,
  halted  boolean not null,
  epoch   integer not null,
  by      text not null,
  reason  text not null,
  door    text not null,
  at      timestamp(3) with time zone not null,
  constraint symbol_halt_pkey PRIMARY KEY (account, symbol)
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

create table venue_account (
  account      text not null,
  portfolio_id text not null,
  mode         text not null,
  opening_cash numeric not null,
  opened_at    timestamp(3) with time zone not null,
  stream_opens integer not null,
  constraint venue_account_pkey PRIMARY KEY (account)
);

create table verdict (
  cycle_id      uuid not null,
  approved_hash text not null,
  portfolio_id  text not null,
  account       text not null,
  status        text not null,
  reason        text,
  waiting       jsonb,
  parents       integer not null,
  received_at   timestamp(3) with time zone not null,
  reconcile_at  timestamp(3) with time zone,
  constraint verdict_pkey PRIMARY KEY (cycle_id, approved_hash)
);

CREATE INDEX audit_cycle ON audit USING btree (cycle_id);

CREATE INDEX child_order_bought ON child_order USING btree (account, submitted_at) WHERE side = 'buy'::text;

CREATE INDEX child_order_cycle ON child_order USING btree (cycle_id, due_at, client_order_id);

CREATE INDEX child_order_due ON child_order USING btree (account, due_at, client_order_id) WHERE state = 'planned'::text;

CREATE INDEX child_order_open ON child_order USING btree (account) WHERE state = ANY (ARRAY['sending'::text, 'unknown'::text, 'held'::text, 'acknowledged'::text, 'partially_filled'::text, 'pending_replace'::text, 'pending_cancel'::text]);

CREATE INDEX child_order_parent ON child_order USING btree (parent_order_id);

CREATE INDEX child_order_venue ON child_order USING btree (account, venue_order_id) WHERE venue_order_id IS NOT NULL;

CREATE INDEX fee_account ON fee USING btree (account, booked_at);

CREATE INDEX fill_account ON fill USING btree (account, filled_at);

CREATE INDEX fill_order ON fill USING btree (client_order_id);

CREATE INDEX inbox_held ON inbox USING btree (noun, key, key_seq) WHERE state <> 'handled'::text;

CREATE INDEX order_transition_order ON order_transition USING btree (client_order_id, "position");

CREATE UNIQUE INDEX outbox_key ON outbox USING btree (noun, key, key_seq);

CREATE INDEX parent_order_benchmark ON parent_order USING btree (account) WHERE benchmark = 'wanted'::text;

CREATE INDEX parent_order_cycle ON parent_order USING btree (cycle_id, symbol);

CREATE INDEX parent_order_horizon ON parent_order USING btree (account, horizon_end_at) WHERE ending = 'open'::text AND completed_at IS NULL AND horizon_end_at IS NOT NULL;

CREATE INDEX parent_order_open ON parent_order USING btree (cycle_id) WHERE completed_at IS NULL;

CREATE INDEX parent_order_planned ON parent_order USING btree (planned_at, parent_order_id);

CREATE INDEX reconciliation_account ON reconciliation USING btree (account, at);

CREATE INDEX task_due ON task USING btree (due_at, id) WHERE done_at IS NULL;

CREATE INDEX task_key ON task USING btree (kind, key);

CREATE INDEX verdict_waiting ON verdict USING btree (account) WHERE status = 'waiting'::text;

create view parent_order_status as
 SELECT p.parent_order_id AS parent_id,
    p.symbol,
    p.side,
    p.quantity AS total_qty,
    c.total_slices,
    c.slices_submitted,
    c.filled_qty,
        CASE
            WHEN c.ended AND p.completed_at IS NOT NULL THEN 'complete'::text
            WHEN c.slices_planned > 0 THEN 'pending'::text
            ELSE 'active'::text
        END AS aggregated_status,
    c.slices_planned,
    c.slices_working,
    c.slices_filled,
    c.slices_void,
    c.filled_notional
   FROM parent_order p
     CROSS JOIN LATERAL ( SELECT count(*)::integer AS total_slices,
            count(*) FILTER (WHERE s.state <> 'planned'::text AND s.submitted_at IS NOT NULL)::integer AS slices_submitted,
            count(*) FILTER (WHERE s.state = 'planned'::text)::integer AS slices_planned,
            count(*) FILTER (WHERE s.state <> 'planned'::text AND NOT s.over)::integer AS slices_working,
            count(*) FILTER (WHERE s.state = 'filled'::text)::integer AS slices_filled,
            count(*) FILTER (WHERE s.over AND s.state <> 'filled'::text)::integer AS slices_void,
            COALESCE(sum(s.filled_qty), 0::numeric) AS filled_qty,
            COALESCE(sum(s.filled_notional), 0::numeric) AS filled_notional,
            COALESCE(bool_and(s.ended), true) AS ended
           FROM ( SELECT l.state,
                    l.submitted_at,
                    l.filled_qty,
                    l.filled_notional,
                    l.ended,
                    l.state = ANY (ARRAY['filled'::text, 'cancelled'::text, 'replaced'::text, 'rejected'::text, 'expired'::text]) AS over
                   FROM ( SELECT (array_agg(child.state ORDER BY child.attempt DESC))[1] AS state,
                            (array_agg(child.submitted_at ORDER BY child.attempt DESC))[1] AS submitted_at,
                            sum(child.filled_quantity) AS filled_qty,
                            sum(child.filled_notional) AS filled_notional,
                            bool_and(child.state = ANY (ARRAY['filled'::text, 'cancelled'::text, 'replaced'::text, 'rejected'::text, 'expired'::text])) AS ended
                           FROM child_order child
                          WHERE child.parent_order_id = p.parent_order_id
                          GROUP BY child.slice) l) s) c;

CREATE OR REPLACE FUNCTION execution_gateway.take_turn(inbox_lock bigint, own_epoch bigint)
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
