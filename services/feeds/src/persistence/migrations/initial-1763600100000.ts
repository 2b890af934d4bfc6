import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Initial1763600100000 implements MigrationInterface {
  readonly name = 'Initial1763600100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table history_import (
        import_id    uuid primary key,
        source       text not null,
        synthetic    boolean not null,
        replaces     boolean not null,
        input        jsonb not null,
        status       text not null,
        content_hash text,
        code         text,
        reason       text,
        outcome      jsonb,
        turn         integer unique,
        requested_at timestamptz(3) not null,
        finished_at  timestamptz(3)
      );
      create index history_import_source on history_import (source, turn);
      create table source (
        source      text primary key,
        synthetic   boolean not null,
        symbols     integer not null,
        rows        integer not null,
        from_date   date not null,
        to_date     date not null,
        import_id   uuid not null,
        turn        integer not null,
        selected_at timestamptz(3) not null
      );
      create table bar_month (
        source text not null,
        month  date not null,
        symbol text not null,
        days   integer not null,
        bars   bytea not null,
        primary key (source, month, symbol)
      );
      create table staged_month (
        import_id uuid not null,
        month     date not null,
        symbol    text not null,
        days      integer not null,
        bars      bytea not null,
        primary key (import_id, month, symbol)
      );
      create table sector (
        source text not null,
        symbol text not null,
        sector text not null,
        primary key (source, symbol)
      );
      create table staged_sector (
        import_id uuid not null,
        symbol    text not null,
        sector    text not null,
        primary key (import_id, symbol)
      );
      create table snapshot (
        cycle_id        uuid primary key,
        inputs_hash     text not null,
        as_of           date not null,
        pack_id         text not null,
        pricing_pack_id text not null,
        content         jsonb not null,
        sealed_at       timestamptz(3) not null
      );
      create index snapshot_inputs_hash on snapshot (inputs_hash);
      create index snapshot_sealed_at on snapshot (sealed_at);
      create table policy_text (
        text_id      text primary key,
        source_id    text not null,
        title        text not null,
        published_at timestamptz(3) not null,
        received_at  timestamptz(3) not null
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `drop table policy_text, snapshot, staged_sector, sector, staged_month, bar_month, source, history_import`,
    );
  }
}
