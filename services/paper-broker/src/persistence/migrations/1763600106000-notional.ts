/** Orders may be asked for by an amount of money, US dollars. */
export const notional = `
alter table "order" add column notional numeric check (notional > 0);
`;
