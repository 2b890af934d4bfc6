import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Fees that the venue books beside its fills, and how many of them a reconciled cycle waits for. */
export class Fees1763600107000 implements MigrationInterface {
  readonly name = 'Fees1763600107000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table fee (
        venue           text not null,
        activity_id     text not null,
        portfolio_id    text not null,
        code            text,
        amount          numeric not null,
        date            date not null,
        description     text not null,
        booked_at       timestamptz(3) not null,
        ledger_sequence integer,
        primary key (venue, activity_id)
      );
      create index fee_pending on fee (portfolio_id) where ledger_sequence is null;
      alter table awaited_reconciliation add column fees integer not null default 0;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table awaited_reconciliation drop column fees; drop table fee`);
  }
}
