import { ClientOrderId, Slug } from '@ballast/contracts';
import { Problem, zodPipe } from '@ballast/platform';
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { averagePrice } from '../domain/order-state.js';
import type { TradeOrderEntity } from '../persistence/entities/trade-order.entity.js';
import { contextOfOrder, findOrder, listOrders } from '../persistence/order-queries.js';
import { limit } from './query.js';

const STATUSES = [
  'sending',
  'unknown',
  'acknowledged',
  'partially_filled',
  'filled',
  'cancelled',
  'rejected',
  'expired',
] as const;

const OrderQuery = z.strictObject({
  cycleId: z.uuid().optional(),
  book: Slug.optional(),
  status: z.enum(STATUSES).optional(),
  after: ClientOrderId.optional(),
  limit: limit(1_000, 100),
});

/** Answers which orders there are, and what each is explained by. */
@Controller('/api/v1/orders')
export class GetOrders {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  @Get()
  async list(@Query(zodPipe(OrderQuery)) query: z.infer<typeof OrderQuery>): Promise<unknown> {
    const { items, next } = await listOrders(this.dataSource, query);
    return { items: items.map(shown), next };
  }

  @Get('/:clientOrderId')
  async get(@Param('clientOrderId', zodPipe(ClientOrderId)) clientOrderId: string): Promise<unknown> {
    const order = await findOrder(this.dataSource.manager, clientOrderId);
    if (order) return { order: shown(order), ...(await contextOfOrder(this.dataSource, order)) };
    throw new Problem({
      status: 404,
      code: 'ORDER_NOT_FOUND',
      title: 'There is no such order',
      detail: `No order ${clientOrderId} was heard of.`,
      nextStep: 'List the orders with "ballast order list".',
    });
  }
}

const shown = (order: TradeOrderEntity) => ({ ...order, averagePrice: averagePrice(order) });
