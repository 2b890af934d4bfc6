import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Orders of a person have terms: a type, a time in force, prices. */
export class OrderTerms1763600102000 implements MigrationInterface {
  readonly name = 'OrderTerms1763600102000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table child_order add column terms json`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table child_order drop column terms`);
  }
}
