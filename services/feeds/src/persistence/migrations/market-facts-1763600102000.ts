import type { MigrationInterface, QueryRunner } from 'typeorm';

export class MarketFacts1763600102000 implements MigrationInterface {
  readonly name = 'MarketFacts1763600102000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table market_fact (
        fact_id      uuid primary key,
        source       text not null,
        kind         text not null,
        natural_key  text not null,
        revision     integer not null,
        market       text not null,
        symbol       text,
        date         date not null,
        published_at timestamptz(3),
        known_at     timestamptz(3) not null,
        synthetic    boolean not null,
        content      jsonb not null,
        changed      jsonb not null
      );
      create unique index market_fact_key on market_fact (source, kind, natural_key, revision);
      create index market_fact_date on market_fact (kind, date, fact_id);
      create index market_fact_symbol on market_fact (kind, symbol, date, fact_id);
      create table collection (
        collection_id uuid primary key,
        what          text not null,
        source        text not null,
        subject       text,
        date          date,
        synthetic     boolean not null,
        path          text,
        status        text not null,
        code          text,
        reason        text,
        next_step     text,
        report        jsonb,
        requested_at  timestamptz(3) not null,
        finished_at   timestamptz(3)
      );
      create index collection_running on collection (what, status);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table collection, market_fact`);
  }
}
