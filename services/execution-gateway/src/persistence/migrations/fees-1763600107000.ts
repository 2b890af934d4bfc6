import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Fees that the venue books beside its fills. */
export class Fees1763600107000 implements MigrationInterface {
  readonly name = 'Fees1763600107000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table fee (
        venue       text not null,
        activity_id text not null,
        account     text not null,
        code        text,
        amount      numeric not null,
        date        date not null,
        description text not null,
        booked_at   timestamptz(3) not null,
        recorded_at timestamptz(3) not null,
        primary key (venue, activity_id)
      );
      create index fee_account on fee (account, booked_at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table fee`);
  }
}
