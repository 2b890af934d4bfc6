import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Reference1763600103000 implements MigrationInterface {
  readonly name = 'Reference1763600103000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table reference_import (
        import_id    uuid primary key,
        kind         text not null,
        market       text not null,
        source       text not null,
        request      jsonb not null,
        status       text not null,
        code         text,
        reason       text,
        outcome      jsonb,
        requested_at timestamptz(3) not null,
        finished_at  timestamptz(3)
      );
      create table reference_fact (
        kind          text not null,
        market        text not null,
        subject       text not null,
        scope         text not null,
        valid_from    date not null,
        known_from    date not null,
        source        text not null,
        valid_to      date,
        value         jsonb,
        instrument_id text,
        import_id     uuid not null,
        primary key (kind, market, subject, scope, valid_from, known_from, source)
      );
      create index reference_fact_instrument on reference_fact (instrument_id);
      create index reference_fact_source on reference_fact (kind, source);
      create table staged_reference_fact (
        import_id  uuid not null,
        kind       text not null,
        market     text not null,
        subject    text not null,
        scope      text not null,
        valid_from date not null,
        known_from date not null,
        source     text not null,
        valid_to   date,
        value      jsonb,
        primary key (import_id, kind, market, subject, scope, valid_from, known_from, source)
      );
      create table calendar_day (
        market   text not null,
        date     date not null,
        known_at timestamptz(3) not null,
        word     text not null,
        source   text not null,
        primary key (market, date, known_at)
      );
      create table calendar_watch (
        market        text primary key,
        due_at        timestamptz(3) not null,
        short_told_at timestamptz(3)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `drop table calendar_watch, calendar_day, staged_reference_fact, reference_fact, reference_import`,
    );
  }
}
