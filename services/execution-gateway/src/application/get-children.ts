import { ClientOrderId } from '@ballast/contracts';
import { Problem, zodPipe } from '@ballast/platform';
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { ORDER_STATES } from '../domain/order-table.js';
import { ChildOrderEntity } from '../persistence/entities/child-order.entity.js';
import { FillEntity } from '../persistence/entities/fill.entity.js';
import { OrderTransitionEntity } from '../persistence/entities/order-transition.entity.js';

const OrdersQuery = z.object({
  cycleId: z.uuid().optional(),
  status: z.enum(ORDER_STATES).optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
  /** The `next` of the page before. */
  after: z
    .string()
    .regex(/^\S+ [0-9a-f]{32}$/, 'the "next" of the page before')
    .optional(),
});

/** Answers what became of orders. */
@Controller('/api/v1/execution/orders')
export class GetOrders {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  /** Orders by due time and client order id, one page at a time. */
  @Get()
  async list(@Query(zodPipe(OrdersQuery)) query: z.infer<typeof OrdersQuery>): Promise<unknown> {
    const { cycleId, status, limit, after } = query;
    const [dueAt, clientOrderId] = after?.split(' ') ?? [];
    const find = this.dataSource.manager.createQueryBuilder(ChildOrderEntity, 'child').where('true');
    if (cycleId !== undefined) find.andWhere('child.cycle_id = :cycleId', { cycleId });
    if (status !== undefined) find.andWhere('child.state = :status', { status });
    if (after !== undefined) {
      find.andWhere('(child.due_at, child.client_order_id) > (:dueAt, :clientOrderId)', { dueAt, clientOrderId });
    }
    const orders = await find.orderBy('child.dueAt').addOrderBy('child.clientOrderId').limit(limit).getMany();
    const last = orders.length === limit ? orders.at(-1) : undefined;
    return { items: orders, next: last ? `${last.dueAt} ${last.clientOrderId}` : null };
  }

  /** One order with its fills and everything that was ever heard of it. */
  @Get('/:clientOrderId')
  async get(@Param('clientOrderId', zodPipe(ClientOrderId)) clientOrderId: string): Promise<unknown> {
    const { manager } = this.dataSource;
    const order = await manager.findOneBy(ChildOrderEntity, { clientOrderId });
    if (!order) {
      throw new Problem({
        status: 404,
        code: 'ORDER_NOT_FOUND',
        title: 'No such order',
        detail: `No order ${clientOrderId} was planned here.`,
        nextStep: 'List the orders of a cycle with GET /api/v1/execution/orders?cycleId=…',
      });
    }
    const fills = await manager.find(FillEntity, {
      where: { clientOrderId },
      order: { filledAt: 'ASC', executionId: 'ASC' },
    });
    const transitions = await manager.find(OrderTransitionEntity, {
      where: { clientOrderId },
      order: { position: 'ASC' },
    });
    return { order, fills, transitions };
  }
}
