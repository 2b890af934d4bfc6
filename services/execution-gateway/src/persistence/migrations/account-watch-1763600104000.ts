import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * An account is watched: what the venue says of it, when it is looked at next, what does not agree, and which of its symbols
 * are halted. Accounts that were opened before wait for their first look like new ones.
 */
export class AccountWatch1763600104000 implements MigrationInterface {
  readonly name = 'AccountWatch1763600104000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table account_watch (
        account       text primary key,
        portfolio_id  text not null,
        ready_at      timestamptz(3),
        status        text,
        look_id       uuid,
        next_look_at  timestamptz(3),
        green_at      timestamptz(3),
        facts         json,
        facts_at      timestamptz(3)
      );
      insert into account_watch (account, portfolio_id) select account, portfolio_id from venue_account;
      create table open_break (
        account     text not null,
        kind        text not null,
        subject     text not null,
        symbol      text,
        ours        text,
        venue       text,
        found_at    timestamptz(3) not null,
        accepted_by text,
        accepted_at timestamptz(3),
        primary key (account, kind, subject)
      );
      create table symbol_halt (
        account text not null,
        symbol  text not null,
        halted  boolean not null,
        epoch   integer not null,
        by      text not null,
        reason  text not null,
        door    text not null,
        at      timestamptz(3) not null,
        primary key (account, symbol)
      );
      create index child_order_bought on child_order (account, submitted_at) where side = 'buy';
      alter table reconciliation add column purpose text not null default 'person';
      alter table reconciliation alter column purpose drop default;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table reconciliation drop column purpose;
      drop index child_order_bought;
      drop table symbol_halt;
      drop table open_break;
      drop table account_watch;
    `);
  }
}
