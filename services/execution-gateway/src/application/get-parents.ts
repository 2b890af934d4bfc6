import type { Side } from '@ballast/contracts';
import { decimal } from '@ballast/kernel/money';
import { zodPipe } from '@ballast/platform';
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { slippageBp } from '../domain/completion.js';

const ParentsQuery = z.object({
  cycleId: z.uuid(),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
  /** The `next` of the page before. */
  after: z.uuid().optional(),
});

interface ParentRow {
  readonly parentOrderId: string;
  readonly side: Side;
  readonly averagePrice: string | null;
  readonly arrivalPrice: string | null;
}

/** Answers how far the parent orders of a cycle came. Partial fills of children that ended otherwise are counted. */
@Controller('/api/v1/execution/parents')
export class GetParents {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  @Get()
  async list(@Query(zodPipe(ParentsQuery)) query: z.infer<typeof ParentsQuery>): Promise<unknown> {
    const { cycleId, limit, after } = query;
    const parents = await this.dataSource.query<ParentRow[]>(
      `select p.parent_order_id as "parentOrderId", p.account, p.symbol, p.side, p.quantity,
              p.reference_price as "referencePrice", p.arrival_price as "arrivalPrice", p.planned_at as "plannedAt",
              p.completed_at as "completedAt", p.algorithm, p.horizon_end_at as "horizonEndAt", p.report, count(c.*)::int as children,
              sum(c.filled_quantity)::text as "filledQuantity",
              round(sum(c.filled_notional) / nullif(sum(c.filled_quantity), 0), 9)::text as "averagePrice",
              case when p.completed_at is null then 'working'
                   when sum(c.filled_quantity) >= p.quantity then 'filled'
                   when sum(c.filled_quantity) > 0 then 'partially_filled' else 'unfilled' end as status
         from parent_order p join child_order c using (parent_order_id)
        where p.cycle_id = $1 and ($2::uuid is null or p.parent_order_id > $2)
        group by p.parent_order_id order by p.parent_order_id limit $3`,
      [cycleId, after ?? null, limit],
    );
    const items = parents.map((parent) => ({
      ...parent,
      slippageBp: slippageBp(
        parent.side,
        parent.averagePrice === null ? null : decimal(parent.averagePrice),
        parent.arrivalPrice,
      ),
    }));
    return { items, next: parents.length === limit ? (parents.at(-1)?.parentOrderId ?? null) : null };
  }
}
