-- The schema of paper-broker after its migrations, read back from Postgres. Made by "npm run gen"; do not edit.

create table account (
  name         text not null,
  opening_cash numeric not null,
  cash         numeric not null,
  last_equity  numeric not null,
  opened_at    timestamp with time zone not null,
  last_frame   bigint not null,
  constraint account_opening_cash_check CHECK (opening_cash >= 0::numeric),
  constraint account_pkey PRIMARY KEY (name)
);

create table activity (
  seq         bigint not null,
  id          uuid not null,
  account     text not null,
  code        text not null,
  date        date not null,
  at          timestamp with time zone not null,
  net_amount  numeric not null,
  description text not null,
  constraint activity_account_fkey FOREIGN KEY (account) REFERENCES account(name),
  constraint activity_pkey PRIMARY KEY (seq),
  constraint activity_id_key UNIQUE (id)
);

create table fee_accrual (
  account text not null,
  date    date not null,
  code    text not null,
  amount  numeric not null,
  constraint fee_accrual_account_fkey FOREIGN KEY (account) REFERENCES account(name),
  constraint fee_accrual_pkey PRIMARY KEY (account, date, code)
);

create table fill (
  seq          bigint not null,
  execution_id uuid not null,
  order_id     uuid not null,
  account      text not null,
  symbol       text not null,
  side         text not null,
  qty          numeric not null,
  price        numeric not null,
  filled_at    timestamp with time zone not null,
  cum_qty      numeric not null,
  leaves_qty   numeric not null,
  order_status text not null,
  position_qty numeric not null,
  constraint fill_leaves_qty_check CHECK (leaves_qty >= 0::numeric),
  constraint fill_price_check CHECK (price > 0::numeric),
  constraint fill_qty_check CHECK (qty > 0::numeric),
  constraint fill_order_id_fkey FOREIGN KEY (order_id) REFERENCES "order"(id),
  constraint fill_pkey PRIMARY KEY (seq),
  constraint fill_execution_id_key UNIQUE (execution_id)
);

create table holding (
  account    text not null,
  symbol     text not null,
  qty        numeric not null,
  cost_basis numeric not null,
  collateral numeric not null default 0,
  constraint holding_collateral_check CHECK (collateral >= 0::numeric),
  constraint holding_account_fkey FOREIGN KEY (account) REFERENCES account(name),
  constraint holding_pkey PRIMARY KEY (account, symbol)
);

create table late_order (
  seq     bigint not null,
  account text not null,
  body    text not null,
  due_at  timestamp with time zone not null,
  constraint late_order_pkey PRIMARY KEY (seq)
);

create table lendable (
  symbol text not null,
  shares numeric not null,
  fee_bp numeric not null,
  constraint lendable_fee_bp_check CHECK (fee_bp >= 0::numeric),
  constraint lendable_shares_check CHECK (shares >= 0::numeric),
  constraint lendable_pkey PRIMARY KEY (symbol)
);

create table market_bar (
  date           date not null,
  symbol         text not null,
  open           numeric not null,
  high           numeric not null,
  low            numeric not null,
  close          numeric not null,
  volume         numeric,
  average_volume numeric,
  volatility     double precision,
  constraint market_bar_average_volume_check CHECK (average_volume > 0::numeric),
  constraint market_bar_volatility_check CHECK (volatility > 0::double precision),
  constraint market_bar_volume_check CHECK (volume >= 0::numeric),
  constraint market_bar_date_fkey FOREIGN KEY (date) REFERENCES market_session(date),
  constraint market_bar_pkey PRIMARY KEY (date, symbol)
);

create table market_session (
  date     date not null,
  open_at  timestamp with time zone not null,
  close_at timestamp with time zone not null,
  source   text not null,
  seed     text not null,
  constraint market_session_check CHECK (close_at > open_at),
  constraint market_session_pkey PRIMARY KEY (date)
);

create table order (
  id              uuid not null,
  account         text not null,
  client_order_id text not null,
  seq             bigint not null,
  symbol          text not null,
  side            text not null,
  type            text not null,
  time_in_force   text not null,
  qty             numeric not null,
  limit_price     numeric,
  status          text not null,
  filled_qty      numeric not null,
  filled_notional numeric not null,
  fill_count      integer not null,
  reserve_price   numeric not null,
  session_date    date,
  due_at          timestamp with time zone,
  submitted_at    timestamp with time zone not null,
  updated_at      timestamp with time zone not null,
  filled_at       timestamp with time zone,
  canceled_at     timestamp with time zone,
  expired_at      timestamp with time zone,
  failed_at       timestamp with time zone,
  stop_price      numeric,
  trail_price     numeric,
  trail_percent   numeric,
  extended_hours  boolean not null default false,
  intent          text not null,
  arrives_at      timestamp with time zone,
  cancel_at       timestamp with time zone,
  triggered_at    timestamp with time zone,
  high_water_mark numeric,
  followed_to     timestamp with time zone,
  rests           boolean not null default false,
  queue_ahead     numeric,
  replaces        uuid,
  replaced_by     uuid,
  excess          jsonb,
  replaced_at     timestamp with time zone,
  notional        numeric,
  constraint order_check CHECK (filled_qty >= 0::numeric AND filled_qty <= qty),
  constraint order_intent_check CHECK (intent = ANY (ARRAY['buy_to_open'::text, 'buy_to_close'::text, 'sell_to_open'::text, 'sell_to_close'::text])),
  constraint order_limit_price_check CHECK (limit_price > 0::numeric),
  constraint order_notional_check CHECK (notional > 0::numeric),
  constraint order_qty_check CHECK (qty > 0::numeric),
  constraint order_side_check CHECK (side = ANY (ARRAY['buy'::text, 'sell'::text])),
  constraint order_stop_price_check CHECK (stop_price > 0::numeric),
  constraint order_time_in_force_check CHECK (time_in_force = ANY (ARRAY['day'::text, 'gtc'::text, 'ioc'::text, 'fok'::text, 'opg'::text, 'cls'::text])),
  constraint order_trail_percent_check CHECK (trail_percent > 0::numeric),
  constraint order_trail_price_check CHECK (trail_price > 0::numeric),
  constraint order_type_check CHECK (type = ANY (ARRAY['market'::text, 'limit'::text, 'stop'::text, 'stop_limit'::text, 'trailing_stop'::text])),
  constraint order_account_fkey FOREIGN KEY (account) REFERENCES account(name),
  constraint order_pkey PRIMARY KEY (id),
  constraint order_account_client_order_id_key UNIQUE (account, client_order_id),
  constraint order_seq_key UNIQUE (seq)
);

create table schema_migration (
  version    integer not null,
  name       text not null,
  applied_at timestamp with time zone not null default now(),
  constraint schema_migration_pkey PRIMARY KEY (version)
);

create table symbol_book (
  symbol      text not null,
  halted_at   timestamp with time zone,
  refresh     jsonb not null,
  auction     jsonb not null,
  trade_at    timestamp with time zone,
  trade_taken numeric not null,
  flow        jsonb not null default '{"date": "", "slices": []}'::jsonb,
  constraint symbol_book_pkey PRIMARY KEY (symbol)
);

create table venue (
  singleton boolean not null default true,
  clock     text not null,
  now_at    timestamp with time zone not null,
  order_seq bigint not null,
  fill_seq  bigint not null,
  constraint venue_clock_check CHECK (clock = ANY (ARRAY['real'::text, 'simulated'::text])),
  constraint venue_singleton_check CHECK (singleton),
  constraint venue_pkey PRIMARY KEY (singleton)
);

CREATE INDEX activity_by_account ON activity USING btree (account, seq);

CREATE INDEX fill_by_account ON fill USING btree (account, seq);

CREATE INDEX market_bar_by_symbol ON market_bar USING btree (symbol, date DESC);

CREATE INDEX order_by_account ON "order" USING btree (account, seq);

CREATE INDEX order_open ON "order" USING btree (seq) WHERE status = ANY (ARRAY['accepted'::text, 'new'::text, 'partially_filled'::text]);
