import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Orders are looked at and cancelled where they are worked; the copy of them that was kept here has no reader any more. */
export class OrdersAtExecution1763600106000 implements MigrationInterface {
  readonly name = 'OrdersAtExecution1763600106000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table cycle, parent_order, order_fill, trade_order`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
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
    `);
  }
}
