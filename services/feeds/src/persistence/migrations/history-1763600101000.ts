import type { MigrationInterface, QueryRunner } from 'typeorm';

export class History1763600101000 implements MigrationInterface {
  readonly name = 'History1763600101000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table source add column price_basis text not null default 'split_adjusted';
      alter table source alter column price_basis drop default;
      create table corporate_action (
        source        text not null,
        symbol        text not null,
        date          date not null,
        type          text not null,
        import_id     uuid not null,
        terms         text[] not null,
        known_at      timestamptz(3) not null,
        superseded_at timestamptz(3),
        primary key (source, symbol, date, type, import_id)
      );
      create unique index corporate_action_current on corporate_action (source, symbol, date, type)
        where superseded_at is null;
      create table staged_action (
        import_id uuid not null,
        symbol    text not null,
        date      date not null,
        type      text not null,
        terms     text[] not null,
        primary key (import_id, symbol, date, type)
      );
      create table restated_month (
        import_id uuid not null,
        symbol    text not null,
        month     date not null,
        days      integer not null,
        before    bytea not null,
        after     bytea not null,
        primary key (import_id, symbol, month)
      );
      create table fetched_group (
        key        text primary key,
        symbols    jsonb not null,
        bars       bytea[] not null,
        actions    jsonb not null,
        report     jsonb not null,
        fetched_at timestamptz(3) not null
      );
      create index fetched_group_fetched_at on fetched_group (fetched_at);
      create table source_quality (
        source     text primary key,
        import_id  uuid not null,
        totals     jsonb not null,
        checked_at timestamptz(3) not null
      );
      create table symbol_quality (
        import_id        uuid not null,
        symbol           text not null,
        score            float8 not null,
        rows             integer not null,
        missing_sessions integer not null,
        findings         jsonb not null,
        primary key (import_id, symbol)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table symbol_quality, source_quality, fetched_group, restated_month, staged_action, corporate_action;
      alter table source drop column price_basis;
    `);
  }
}
