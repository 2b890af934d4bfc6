import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CollectionWatch1763600106000 implements MigrationInterface {
  readonly name = 'CollectionWatch1763600106000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table collection_watch (
        what         text not null,
        subject      text not null,
        due_at       timestamptz(3) not null,
        collected_at timestamptz(3),
        failure      jsonb,
        primary key (what, subject)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table collection_watch`);
  }
}
