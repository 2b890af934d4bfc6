import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Initial1763600100000 implements MigrationInterface {
  readonly name = 'Initial1763600100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table rebalance (
        cycle_id     uuid primary key,
        portfolio_id text not null,
        strategies   jsonb,
        snapshot     jsonb,
        valuation    jsonb,
        status       text not null
      );
      create table score_chunk (
        cycle_id    uuid not null,
        strategy_id text not null,
        chunk       integer not null,
        chunks      integer not null,
        volatility  double precision,
        scores      jsonb not null,
        primary key (cycle_id, strategy_id, chunk)
      );
      create table plan (
        cycle_id     uuid primary key,
        plan_hash    text not null,
        portfolio_id text not null,
        plan         jsonb not null,
        proposed_at  timestamptz(3) not null
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table plan, score_chunk, rebalance`);
  }
}
