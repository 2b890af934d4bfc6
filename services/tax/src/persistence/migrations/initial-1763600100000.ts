import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Initial1763600100000 implements MigrationInterface {
  readonly name = 'Initial1763600100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table fill (
        venue        text not null,
        execution_id text not null,
        portfolio_id text not null,
        account      text not null,
        symbol       text not null,
        side         text not null,
        quantity     numeric not null,
        price        numeric not null,
        fees         numeric not null,
        filled_at    timestamptz(3) not null,
        short        boolean not null,
        primary key (venue, execution_id)
      );
      create index fill_symbol on fill (account, symbol, filled_at);
      create index fill_short on fill (account) where short;
      create table lot (
        venue           text not null,
        execution_id    text not null,
        account         text not null,
        symbol          text not null,
        quantity        numeric not null,
        opened_quantity numeric not null,
        opened_basis    numeric not null,
        acquired        date not null,
        holding_start   date not null,
        opened_at       timestamptz(3) not null,
        primary key (venue, execution_id)
      );
      create index lot_symbol on lot (account, symbol);
      create table disposal (
        venue        text not null,
        execution_id text not null,
        account      text not null,
        symbol       text not null,
        pieces       jsonb not null,
        primary key (venue, execution_id)
      );
      create index disposal_symbol on disposal (account, symbol);
      create table impact (
        cycle_id     uuid primary key,
        portfolio_id text not null,
        trade_date   date,
        plan         jsonb,
        impact       jsonb,
        assessed_at  timestamptz(3)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table impact, disposal, lot, fill`);
  }
}
