import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * How far each parent order came, summed over its slices by their latest attempts: `pending` while slices are still to
 * leave, `active` while any works, `complete` once all have ended. What a slice filled before it was cancelled counts.
 */
export class ParentOrderStatus1763600106000 implements MigrationInterface {
  readonly name = 'ParentOrderStatus1763600106000';

  async up(runner: QueryRunner): Promise<void> {
    // Laterally, so that a page of parents sums up the slices of that page alone.
    await runner.query(`
      create index parent_order_planned on parent_order (planned_at, parent_order_id);
      create view parent_order_status as
      select p.parent_order_id as parent_id, p.symbol, p.side, p.quantity as total_qty,
             c.total_slices, c.slices_submitted, c.filled_qty,
             case when c.ended then 'complete' when c.slices_planned > 0 then 'pending' else 'active' end
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
                              group by child.slice) l) s) c;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop view parent_order_status; drop index parent_order_planned;`);
  }
}
