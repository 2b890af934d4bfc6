/** What moves prices: what was taken in a session, and what a symbol trades and moves on an average day. */
export const impact = `
alter table symbol_book add column flow jsonb not null default '{"date": "", "slices": []}';
alter table market_bar
  add column average_volume numeric check (average_volume > 0),
  add column volatility     double precision check (volatility > 0);
`;
