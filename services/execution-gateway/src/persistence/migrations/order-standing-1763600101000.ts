import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Orders that the venue holds or is about to replace are open too; and news of it that comes out of order is told apart by its time. */
export class OrderStanding1763600101000 implements MigrationInterface {
  readonly name = 'OrderStanding1763600101000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table child_order add column held boolean not null default false, add column standing_at timestamptz(3);
      alter table child_order alter column held drop default;
      drop index child_order_open;
      create index child_order_open on child_order (account)
        where state in ('sending', 'unknown', 'held', 'acknowledged', 'partially_filled', 'pending_replace', 'pending_cancel');
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop index child_order_open;
      create index child_order_open on child_order (account)
        where state in ('sending', 'unknown', 'acknowledged', 'partially_filled', 'pending_cancel');
      alter table child_order drop column held, drop column standing_at;
    `);
  }
}
