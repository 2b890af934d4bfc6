import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A schedule ends by rule, its slices wait for the market, and its report says what the market did meanwhile. Parents from
 * before end as they would have: nothing ends their horizon, and nothing is asked about it.
 */
export class TwapSafety1763600103000 implements MigrationInterface {
  readonly name = 'TwapSafety1763600103000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table parent_order
        add column algorithm text not null default 'twap',
        add column horizon_end_at timestamptz(3),
        add column ending text not null default 'ended',
        add column benchmark text not null default 'answered',
        add column market json,
        add column report json;
      alter table parent_order
        alter column algorithm drop default,
        alter column ending drop default,
        alter column benchmark drop default;
      create index parent_order_horizon on parent_order (account, horizon_end_at)
        where ending = 'open' and completed_at is null and horizon_end_at is not null;
      create index parent_order_benchmark on parent_order (account) where benchmark = 'wanted';
      alter table child_order add column deferred_until timestamptz(3);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table child_order drop column deferred_until;
      drop index parent_order_benchmark;
      drop index parent_order_horizon;
      alter table parent_order
        drop column algorithm, drop column horizon_end_at, drop column ending,
        drop column benchmark, drop column market, drop column report;
    `);
  }
}
