import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Every order that leaves carries the epoch of the instance that committed it to leaving. */
export class SendingEpoch1763600105000 implements MigrationInterface {
  readonly name = 'SendingEpoch1763600105000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table child_order add column sending_epoch bigint`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table child_order drop column sending_epoch`);
  }
}
