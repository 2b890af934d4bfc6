import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Initial1763600100000 implements MigrationInterface {
  readonly name = 'Initial1763600100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table review (
        cycle_id       uuid primary key,
        portfolio_id   text not null,
        origin         text not null,
        basis_cycle_id uuid not null,
        mode           text,
        expires_at     timestamptz(3),
        snapshot       jsonb,
        valuation      jsonb,
        valued_at      timestamptz(3),
        plan           jsonb,
        proposal       jsonb,
        status         text not null
      );
      create index review_valued on review (portfolio_id, valued_at);
      create table verdict (
        cycle_id     uuid primary key,
        portfolio_id text not null,
        outcome      text not null,
        outstanding  boolean not null,
        verdict      jsonb not null,
        judged_at    timestamptz(3) not null
      );
      create index verdict_outstanding on verdict (portfolio_id) where outstanding;
      create table halt (
        account text primary key,
        epoch   integer not null,
        halted  boolean not null,
        at      timestamptz(3) not null
      );
      create table posted_ledger (
        portfolio_id text primary key,
        sequence     integer not null,
        cash         numeric not null,
        positions    jsonb not null
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table posted_ledger, halt, verdict, review`);
  }
}
