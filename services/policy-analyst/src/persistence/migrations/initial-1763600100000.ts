import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Initial1763600100000 implements MigrationInterface {
  readonly name = 'Initial1763600100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table opinion (
        source_id    text not null,
        text_id      text not null,
        title        text not null,
        stance       text not null,
        index        double precision,
        sentences    jsonb not null,
        published_at timestamptz(3) not null,
        recorded_at  timestamptz(3) not null,
        primary key (source_id, text_id)
      );
      create index opinion_published on opinion (published_at, source_id, text_id);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table opinion`);
  }
}
