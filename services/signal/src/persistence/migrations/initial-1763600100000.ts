import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Initial1763600100000 implements MigrationInterface {
  readonly name = 'Initial1763600100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table scoring (
        cycle_id        uuid primary key,
        portfolio_id    text not null,
        strategies      jsonb,
        pack_id         text,
        pricing_pack_id text
      );
      create table strategy_score (
        cycle_id        uuid not null,
        strategy_id     text not null,
        pack_id         text not null,
        pricing_pack_id text not null,
        scored          integer not null,
        volatility      double precision,
        scores_hash     text not null,
        scores          jsonb not null,
        computed_at     timestamptz(3) not null,
        primary key (cycle_id, strategy_id)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table strategy_score, scoring`);
  }
}
