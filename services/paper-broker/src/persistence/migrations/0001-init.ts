/** The first shape of the venue's schema. Amounts and quantities are exact decimals, instants are UTC. */
export const init = `
create table venue (
  singleton    boolean primary key default true check (singleton),
  clock        text not null check (clock in ('real', 'simulated')),
  now_at       timestamptz not null,
  order_seq    bigint not null,
  fill_seq     bigint not null
);

create table account (
  name         text primary key,
  opening_cash numeric not null check (opening_cash >= 0),
  cash         numeric not null check (cash >= 0),
  last_equity  numeric not null,
  opened_at    timestamptz not null,
  last_frame   bigint not null
);

create table holding (
  account      text not null references account (name),
  symbol       text not null,
  qty          numeric not null check (qty >= 0),
  cost_basis   numeric not null,
  primary key (account, symbol)
);

create table "order" (
  id              uuid primary key,
  account         text not null references account (name),
  client_order_id text not null,
  seq             bigint not null unique,
  symbol          text not null,
  side            text not null check (side in ('buy', 'sell')),
  type            text not null check (type in ('market', 'limit')),
  time_in_force   text not null check (time_in_force in ('day', 'ioc', 'gtc')),
  qty             numeric not null check (qty > 0),
  limit_price     numeric check (limit_price > 0),
  status          text not null,
  filled_qty      numeric not null check (filled_qty between 0 and qty),
  filled_notional numeric not null,
  fill_count      integer not null,
  reserve_price   numeric not null,
  session_date    date,
  due_at          timestamptz,
  submitted_at    timestamptz not null,
  updated_at      timestamptz not null,
  filled_at       timestamptz,
  canceled_at     timestamptz,
  expired_at      timestamptz,
  failed_at       timestamptz,
  unique (account, client_order_id)
);
create index order_open on "order" (seq) where status in ('accepted', 'new', 'partially_filled');
create index order_by_account on "order" (account, seq);

create table fill (
  seq          bigint primary key,
  execution_id uuid not null unique,
  order_id     uuid not null references "order" (id),
  account      text not null,
  symbol       text not null,
  side         text not null,
  qty          numeric not null check (qty > 0),
  price        numeric not null check (price > 0),
  filled_at    timestamptz not null,
  cum_qty      numeric not null,
  leaves_qty   numeric not null check (leaves_qty >= 0),
  order_status text not null,
  position_qty numeric not null
);
create index fill_by_account on fill (account, seq);

create table market_session (
  date     date primary key,
  open_at  timestamptz not null,
  close_at timestamptz not null check (close_at > open_at),
  source   text not null,
  seed     text not null
);

create table market_bar (
  date   date not null references market_session (date),
  symbol text not null,
  open   numeric not null,
  high   numeric not null,
  low    numeric not null,
  close  numeric not null,
  primary key (date, symbol)
);
create index market_bar_by_symbol on market_bar (symbol, date desc);

create table late_order (
  seq     bigint primary key,
  account text not null,
  body    text not null,
  due_at  timestamptz not null
);
`;
