import type { MigrationInterface, QueryRunner } from 'typeorm';

export class PackStatus1763600101000 implements MigrationInterface {
  readonly name = 'PackStatus1763600101000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table pack_status (
        pack            text primary key,
        status          text not null,
        reason          text not null,
        ready_at        timestamptz(3),
        assessed_at     timestamptz(3) not null
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table pack_status`);
  }
}
