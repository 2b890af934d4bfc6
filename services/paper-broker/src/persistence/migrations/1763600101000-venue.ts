/** Order types, replacement, depth, fees, short sales and activities. Amounts and quantities are exact decimals. */
export const venue = `
alter table "order" drop constraint order_type_check;
alter table "order" add constraint order_type_check
  check (type in ('market', 'limit', 'stop', 'stop_limit', 'trailing_stop'));
alter table "order" drop constraint order_time_in_force_check;
alter table "order" add constraint order_time_in_force_check
  check (time_in_force in ('day', 'gtc', 'ioc', 'fok', 'opg', 'cls'));
alter table "order"
  add column stop_price      numeric check (stop_price > 0),
  add column trail_price     numeric check (trail_price > 0),
  add column trail_percent   numeric check (trail_percent > 0),
  add column extended_hours  boolean not null default false,
  add column intent          text,
  add column arrives_at      timestamptz,
  add column cancel_at       timestamptz,
  add column triggered_at    timestamptz,
  add column high_water_mark numeric,
  add column followed_to     timestamptz,
  add column rests           boolean not null default false,
  add column queue_ahead     numeric,
  add column replaces        uuid,
  add column replaced_by     uuid,
  add column excess          jsonb,
  add column replaced_at     timestamptz;
update "order" set intent = case side when 'buy' then 'buy_to_open' else 'sell_to_close' end;
alter table "order" alter column intent set not null;
alter table "order" add constraint order_intent_check
  check (intent in ('buy_to_open', 'buy_to_close', 'sell_to_open', 'sell_to_close'));

alter table account drop constraint account_cash_check;
alter table holding drop constraint holding_qty_check;
alter table holding add column collateral numeric not null default 0 check (collateral >= 0);
alter table market_bar add column volume numeric check (volume >= 0);

create table symbol_book (
  symbol      text primary key,
  halted_at   timestamptz,
  refresh     jsonb not null,
  auction     jsonb not null,
  trade_at    timestamptz,
  trade_taken numeric not null
);

create table lendable (
  symbol text primary key,
  shares numeric not null check (shares >= 0),
  fee_bp numeric not null check (fee_bp >= 0)
);

create table fee_accrual (
  account text not null references account (name),
  date    date not null,
  code    text not null,
  amount  numeric not null,
  primary key (account, date, code)
);

create table activity (
  seq         bigint primary key,
  id          uuid not null unique,
  account     text not null references account (name),
  code        text not null,
  date        date not null,
  at          timestamptz not null,
  net_amount  numeric not null,
  description text not null
);
create index activity_by_account on activity (account, seq);
`;
