import type { MigrationInterface, QueryRunner } from 'typeorm';

export class LiveChannels1763600104000 implements MigrationInterface {
  readonly name = 'LiveChannels1763600104000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table channel (
        symbol           text not null,
        channel          text not null,
        source           text not null,
        simulated        boolean not null,
        state            text not null,
        since_at         timestamptz(3) not null,
        told             boolean not null,
        bound_ms         integer,
        received         integer not null,
        gaps             integer not null,
        last_received_at timestamptz(3),
        last_venue_at    text,
        last_tick        jsonb,
        observed_at      timestamptz(3) not null,
        primary key (symbol, channel)
      );
      create table live_feed (
        source  text primary key,
        judged  jsonb not null,
        told_at timestamptz(3) not null
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table live_feed, channel`);
  }
}
