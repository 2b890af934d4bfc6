import type { MigrationInterface, QueryRunner } from 'typeorm';

const VIEW = (complete: string): string => `
  create or replace view parent_order_status as
  select p.parent_order_id as parent_id, p.symbol, p.side, p.quantity as total_qty,
         c.total_slices, c.slices_submitted, c.filled_qty,
         case when ${complete} then 'complete' when c.slices_planned > 0 then 'pending' else 'active' end
           as aggregated_status,
         c.slices_planned, c.slices_working, c.slices_filled, c.slices_void, c.filled_notional
    from parent_order p
   cross join lateral (
         select count(*)::int as total_slices,
                count(*) filter (where s.state <> 'planned' and s.submitted_at is not null)::int as slices_submitted,
                count(*) filter (where s.state = 'planned')::int as slices_planned,
                count(*) filter (where s.state <> 'planned' and not s.over)::int as slices_working,
                count(*) filter (where s.state = 'filled')::int as slices_filled,
                count(*) filter (where s.over and s.state <> 'filled')::int as slices_void,
                coalesce(sum(s.filled_qty), 0) as filled_qty,
                coalesce(sum(s.filled_notional), 0) as filled_notional,
                coalesce(bool_and(s.ended), true) as ended
           from (select l.state, l.submitted_at, l.filled_qty, l.filled_notional, l.ended,
                        l.state in ('filled', 'cancelled', 'replaced', 'rejected', 'expired') as over
                   from (select (array_agg(child.state order by child.attempt desc))[1] as state,
                                (array_agg(child.submitted_at order by child.attempt desc))[1] as submitted_at,
                                sum(child.filled_quantity) as filled_qty,
                                sum(child.filled_notional) as filled_notional,
                                bool_and(child.state in ('filled', 'cancelled', 'replaced', 'rejected', 'expired'))
                                  as ended
                           from child_order child
                          where child.parent_order_id = p.parent_order_id
                          group by child.slice) l) s) c`;

/** A parent whose slices have all ended may still be worked by the rule for the end of its horizon: then it is not complete. */
export class ParentOrderCompletes1763600106001 implements MigrationInterface {
  readonly name = 'ParentOrderCompletes1763600106001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(VIEW('c.ended and p.completed_at is not null'));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(VIEW('c.ended'));
  }
}
