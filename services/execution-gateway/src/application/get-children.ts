import { Slug } from '@ballast/contracts';
import { zodPipe } from '@ballast/platform';
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { ORDER_STATES } from '../domain/order-table.js';
import { ChildOrderEntity } from '../persistence/entities/child-order.entity.js';
import { OPEN_SQL } from '../persistence/orders.js';

const ChildrenQuery = z.object({
  cycleId: z.uuid().optional(),
  book: Slug.optional(),
  status: z.enum(ORDER_STATES).optional(),
  /** Only those that have left and not ended. */
  open: z.literal('true').optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
  /** The `next` of the page before. */
  after: z
    .string()
    .regex(/^\S+ [0-9a-f]{32}$/, 'the "next" of the page before')
    .optional(),
});

/** Answers what became of child orders, across parents. */
@Controller('/api/v1/execution/orders')
export class GetChildren {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  /** Orders by due time and client order id, one page at a time. */
  @Get()
  async list(@Query(zodPipe(ChildrenQuery)) query: z.infer<typeof ChildrenQuery>): Promise<unknown> {
    const { cycleId, book, status, open, limit, after } = query;
    const [dueAt, clientOrderId] = after?.split(' ') ?? [];
    const find = this.dataSource.manager.createQueryBuilder(ChildOrderEntity, 'child').where('true');
    if (cycleId !== undefined) find.andWhere('child.cycle_id = :cycleId', { cycleId });
    if (book !== undefined) find.andWhere('child.portfolio_id = :book', { book });
    if (status !== undefined) find.andWhere('child.state = :status', { status });
    if (open !== undefined) find.andWhere(`child.state in ${OPEN_SQL}`);
    if (after !== undefined) {
      find.andWhere('(child.due_at, child.client_order_id) > (:dueAt, :clientOrderId)', { dueAt, clientOrderId });
    }
    const orders = await find.orderBy('child.dueAt').addOrderBy('child.clientOrderId').limit(limit).getMany();
    const last = orders.length === limit ? orders.at(-1) : undefined;
    return { items: orders, next: last ? `${last.dueAt} ${last.clientOrderId}` : null };
  }
}
