import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Initial1763600100000 implements MigrationInterface {
  readonly name = 'Initial1763600100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table audit_entry (
        sequence      bigint primary key,
        audit_id      uuid not null,
        previous_hash text not null,
        hash          text not null,
        service       text not null,
        cycle_id      uuid,
        entry         json not null,
        constraint audit_entry_audit_id unique (audit_id)
      );
      create index audit_entry_cycle on audit_entry (cycle_id, sequence);
      create index audit_entry_service on audit_entry (service, sequence);
      create table audit_head (
        one      boolean primary key,
        sequence bigint not null,
        hash     text not null
      );
      insert into audit_head (one, sequence, hash) values (true, 0, repeat('0', 64));
      create table alert (
        alert_id            uuid primary key,
        family              text not null,
        code                text not null,
        severity            text not null,
        message             text not null,
        numbers             jsonb not null,
        next_step           text not null,
        raised_at           timestamptz(3) not null,
        acknowledged_at     timestamptz(3),
        acknowledged_by     text,
        acknowledged_reason text
      );
      create index alert_raised on alert (raised_at, alert_id);
      create table parked_message (
        consumer  text not null,
        event_id  uuid not null,
        code      text not null,
        type      text not null,
        key       text not null,
        error     text not null,
        parked_at timestamptz(3) not null,
        primary key (consumer, event_id)
      );
      create table trade_order (
        client_order_id text primary key,
        parent_order_id uuid not null,
        cycle_id        uuid not null,
        portfolio_id    text not null,
        account         text not null,
        symbol          text not null,
        side            text not null,
        slice           integer not null,
        attempt         integer not null,
        quantity        numeric,
        order_type      text,
        time_in_force   text,
        limit_price     numeric,
        approved_hash   text,
        status          text not null,
        filled_quantity numeric not null,
        filled_notional numeric not null,
        fees            numeric not null,
        venue_order_id  text,
        reason          text,
        code            text,
        first_heard_at  timestamptz(3) not null,
        changed_at      timestamptz(3) not null
      );
      create index trade_order_heard on trade_order (first_heard_at, client_order_id);
      create index trade_order_cycle on trade_order (cycle_id);
      create table order_fill (
        venue           text not null,
        execution_id    text not null,
        client_order_id text not null,
        quantity        numeric not null,
        price           numeric not null,
        fees            numeric not null,
        filled_at       timestamptz(3) not null,
        primary key (venue, execution_id)
      );
      create index order_fill_order on order_fill (client_order_id);
      create table parent_order (
        parent_order_id uuid primary key,
        cycle_id        uuid not null,
        portfolio_id    text not null,
        account         text not null,
        symbol          text not null,
        side            text not null,
        algorithm       text,
        quantity        numeric not null,
        reference_price numeric,
        approved_hash   text,
        slices          jsonb,
        status          text not null,
        filled_quantity numeric,
        average_price   numeric,
        arrival_price   numeric,
        slippage_bp     numeric,
        reason          text
      );
      create table cycle (
        cycle_id     uuid primary key,
        portfolio_id text not null,
        as_of        date,
        pattern_id   text,
        trigger      text,
        status       text not null,
        outcome      text,
        opened_at    timestamptz(3),
        ended_at     timestamptz(3)
      );
      create table approval (
        cycle_id       uuid primary key,
        portfolio_id   text not null,
        account        text not null,
        plan_hash      text not null,
        approved_hash  text not null,
        notional       numeric not null,
        reasons        jsonb not null,
        requested_at   timestamptz(3) not null,
        expires_at     timestamptz(3) not null,
        state          text not null,
        decided_at     timestamptz(3),
        decided_by     text,
        decided_reason text
      );
      create index approval_requested on approval (requested_at, cycle_id);
      create table book (
        portfolio_id text primary key,
        account      text not null
      );
      create table halt (
        account text primary key,
        raised  boolean not null,
        epoch   integer not null,
        by      text not null,
        reason  text not null,
        at      timestamptz(3) not null
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `drop table halt, book, approval, cycle, parent_order, order_fill, trade_order, parked_message, alert, audit_head, audit_entry`,
    );
  }
}
