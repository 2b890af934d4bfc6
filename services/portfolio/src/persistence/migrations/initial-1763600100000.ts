import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Initial1763600100000 implements MigrationInterface {
  readonly name = 'Initial1763600100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table account (
        portfolio_id    text primary key,
        mode            text not null,
        opening_cash    numeric not null,
        cash            numeric not null,
        realised        numeric not null,
        fees            numeric not null,
        ledger_sequence integer not null,
        ledger_hash     text not null,
        opened_at       timestamptz(3) not null
      );
      create table position (
        portfolio_id     text not null,
        symbol           text not null,
        quantity         numeric not null,
        cost             numeric not null,
        posted_quantity  numeric not null,
        posted_cost      numeric not null,
        pending_realised numeric not null,
        primary key (portfolio_id, symbol)
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
        filled_at       timestamptz(3) not null,
        ledger_sequence integer,
        primary key (venue, execution_id)
      );
      create index fill_pending on fill (portfolio_id, symbol) where ledger_sequence is null;
      create table ledger_entry (
        portfolio_id  text not null,
        sequence      integer not null,
        previous_hash text not null,
        entry         jsonb not null,
        hash          text not null,
        primary key (portfolio_id, sequence)
      );
      create table working_order (
        client_order_id text primary key,
        portfolio_id    text not null,
        symbol          text not null,
        side            text not null,
        quantity        numeric not null,
        filled          numeric not null,
        ended           boolean not null
      );
      create index working_order_open on working_order (portfolio_id) where not ended;
      create table awaited_reconciliation (
        portfolio_id text not null,
        cycle_id     uuid not null,
        fills        integer not null,
        status       text not null,
        primary key (portfolio_id, cycle_id)
      );
      create table snapshot (
        portfolio_id text primary key,
        cycle_id     uuid not null,
        as_of        date not null,
        marks        jsonb not null,
        sealed_at    timestamptz(3) not null
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `drop table snapshot, awaited_reconciliation, working_order, ledger_entry, fill, position, account`,
    );
  }
}
