import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Initial1763600100000 implements MigrationInterface {
  readonly name = 'Initial1763600100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table venue_account (
        account      text primary key,
        portfolio_id text not null,
        mode         text not null,
        opening_cash numeric not null,
        opened_at    timestamptz(3) not null,
        stream_opens integer not null
      );
      create table halt (
        account text primary key,
        halted  boolean not null,
        epoch   integer not null,
        by      text not null,
        reason  text not null,
        door    text not null,
        at      timestamptz(3) not null
      );
      create table verdict (
        cycle_id       uuid not null,
        approved_hash  text not null,
        portfolio_id   text not null,
        account        text not null,
        status         text not null,
        reason         text,
        waiting        jsonb,
        parents        integer not null,
        received_at    timestamptz(3) not null,
        reconcile_at   timestamptz(3),
        primary key (cycle_id, approved_hash)
      );
      create index verdict_waiting on verdict (account) where status = 'waiting';
      create table parent_order (
        parent_order_id uuid primary key,
        cycle_id        uuid not null,
        portfolio_id    text not null,
        account         text not null,
        symbol          text not null,
        side            text not null,
        quantity        numeric not null,
        reference_price numeric not null,
        approved_hash   text not null,
        purpose         text not null,
        halt_epoch      integer not null,
        interval_ms     bigint not null,
        session_close_at   timestamptz(3) not null,
        arrival         text not null,
        arrival_price   numeric,
        planned_at      timestamptz(3) not null,
        completed_at    timestamptz(3)
      );
      create index parent_order_cycle on parent_order (cycle_id, symbol);
      create index parent_order_open on parent_order (cycle_id) where completed_at is null;
      create table child_order (
        client_order_id  text primary key,
        parent_order_id  uuid not null,
        cycle_id         uuid not null,
        portfolio_id     text not null,
        account          text not null,
        symbol           text not null,
        side             text not null,
        slice            integer not null,
        attempt          integer not null,
        quantity         numeric not null,
        planned_quantity numeric not null,
        approved_hash    text not null,
        due_at           timestamptz(3) not null,
        state            text not null,
        venue_order_id   text,
        filled_quantity  numeric not null,
        filled_notional  numeric not null,
        cancel_requested boolean not null,
        missed_asks      integer not null,
        code             text,
        reason           text,
        submitted_at     timestamptz(3),
        ended_at         timestamptz(3)
      );
      create index child_order_parent on child_order (parent_order_id);
      create index child_order_due on child_order (account, due_at, client_order_id) where state = 'planned';
      create index child_order_open on child_order (account)
        where state in ('sending', 'unknown', 'acknowledged', 'partially_filled', 'pending_cancel');
      create index child_order_venue on child_order (account, venue_order_id) where venue_order_id is not null;
      create index child_order_cycle on child_order (cycle_id, due_at, client_order_id);
      create table fill (
        venue           text not null,
        execution_id    text not null,
        client_order_id text not null,
        account         text not null,
        symbol          text not null,
        side            text not null,
        quantity        numeric not null,
        price           numeric not null,
        fees            numeric not null,
        filled_at       timestamptz(3) not null,
        recorded_at     timestamptz(3) not null,
        primary key (venue, execution_id)
      );
      create index fill_order on fill (client_order_id);
      create index fill_account on fill (account, filled_at);
      create table order_transition (
        position        bigint generated always as identity primary key,
        client_order_id text not null,
        at              timestamptz(3) not null,
        event           text not null,
        from_state      text not null,
        to_state        text not null,
        detail          json not null
      );
      create index order_transition_order on order_transition (client_order_id, position);
      create table reconciliation (
        reconciliation_id uuid primary key,
        account           text not null,
        portfolio_id      text not null,
        cycle_id          uuid,
        status            text not null,
        breaks            jsonb not null,
        at                timestamptz(3) not null
      );
      create index reconciliation_account on reconciliation (account, at);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `drop table reconciliation, order_transition, fill, child_order, parent_order, verdict, halt, venue_account`,
    );
  }
}
