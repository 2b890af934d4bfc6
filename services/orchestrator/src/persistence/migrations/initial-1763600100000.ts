import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Initial1763600100000 implements MigrationInterface {
  readonly name = 'Initial1763600100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table cycle_meta (
        cycle_id           uuid primary key,
        portfolio_id       text not null,
        account            text not null,
        mode               text not null,
        pattern_id         text not null,
        trigger            text not null,
        event_id           text,
        as_of              date not null,
        seed               integer not null,
        universe           jsonb not null,
        strategies         jsonb not null,
        config_hash        text not null,
        trade_session      jsonb not null,
        decide_by          timestamptz(3) not null,
        complete_by        timestamptz(3) not null,
        opened_at          timestamptz(3) not null,
        ended_at           timestamptz(3),
        status             text not null,
        stages             jsonb not null,
        plan               text,
        verdict            text,
        refusal            jsonb,
        decisions          jsonb,
        parents_expected   integer,
        parents_planned    integer not null,
        parents_completed  integer not null,
        pack_id            text,
        pricing_pack_id    text,
        plan_hash          text,
        approved_hash      text,
        ledger_commit_hash text,
        ledger_sequence    integer not null,
        outcome            text,
        code               text,
        reason             text,
        aborted_stage      text,
        late_facts         jsonb not null,
        trace_id           text
      );
      create unique index cycle_meta_open on cycle_meta (portfolio_id) where status not in ('closed', 'aborted');
      create index cycle_meta_opened on cycle_meta (opened_at, cycle_id);
      create table cycle_part (
        cycle_id uuid not null,
        part     text not null,
        data     jsonb not null,
        primary key (cycle_id, part)
      );
      create table decision (
        cycle_id          uuid not null,
        symbol            text not null,
        action            text not null,
        reason_codes      text[] not null,
        target_weight     numeric,
        held_quantity     numeric not null,
        planned_quantity  numeric,
        approved_quantity numeric,
        primary key (cycle_id, symbol)
      );
      create table book (
        portfolio_id       text primary key,
        account            text,
        mode               text,
        ledger_commit_hash text,
        ledger_sequence    integer not null,
        reconciliation     jsonb
      );
      create table history (
        source        text primary key,
        first_session date not null,
        last_session  date not null,
        imported_at   timestamptz(3) not null
      );
      create table schedule (
        portfolio_id text primary key,
        as_of        date not null,
        due_at       timestamptz(3) not null
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table schedule, history, book, decision, cycle_part, cycle_meta`);
  }
}
