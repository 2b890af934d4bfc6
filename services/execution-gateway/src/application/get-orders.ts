import { ClientOrderId, Side, Slug, TickerSymbol, Uuid } from '@ballast/contracts';
import { Problem, zodPipe } from '@ballast/platform';
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { PARENT_STATUSES, shownChild, shownParent } from '../domain/order-progress.js';
import { findParent, historyOf, listParents, slicesOf } from '../persistence/order-reads.js';
import { childBy } from '../persistence/orders.js';
import { orderNotFound } from './refusals.js';

const limit = z.coerce.number().int().min(1).max(1_000).default(100);

const OrdersQuery = z.strictObject({
  book: Slug.optional(),
  cycleId: Uuid.optional(),
  symbol: TickerSymbol.optional(),
  side: Side.optional(),
  status: z.enum(PARENT_STATUSES).optional(),
  /** The `next` of the page before. */
  after: Uuid.optional(),
  limit,
});

const SlicesQuery = z.strictObject({ after: ClientOrderId.optional(), limit });

/** A parent order's id, or the client order id of one of its child orders. */
const OrderId = z.union(
  [Uuid, ClientOrderId],
  'the id of a parent order (a uuid) or of a child (32 hexadecimal digits)',
);

/** Answers what was ordered and how far it came: parents, their slices, and single orders, which are parents of one slice. */
@Controller('/api/v1/orders')
export class GetOrders {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  /** Parent orders, the latest planned first. */
  @Get()
  async list(@Query(zodPipe(OrdersQuery)) query: z.infer<typeof OrdersQuery>): Promise<unknown> {
    const { book, ...rest } = query;
    const parents = await listParents(this.dataSource, { portfolioId: book, ...rest, limit: query.limit + 1 });
    const items = parents.slice(0, query.limit).map(shownParent);
    return { items, next: parents.length > query.limit ? items.at(-1)!.orderId : null };
  }

  /** A parent order with its progress, or a child with its parent, its fills and its history. */
  @Get('/:id')
  async get(@Param('id', zodPipe(OrderId)) id: string): Promise<unknown> {
    const { manager } = this.dataSource;
    if (Uuid.safeParse(id).success) {
      const parent = await findParent(manager, id);
      if (parent) return { order: shownParent(parent) };
      throw new Problem(orderNotFound(id));
    }
    const child = await childBy(manager, id);
    if (!child) throw new Problem(orderNotFound(id));
    const parent = await findParent(manager, child.parentOrderId);
    return {
      order: shownChild(child),
      parent: parent && shownParent(parent),
      ...(await historyOf(this.dataSource, id)),
    };
  }

  /** The slices of a parent order by number, each attempt at one for itself. */
  @Get('/:id/slices')
  async slices(
    @Param('id', zodPipe(Uuid)) id: string,
    @Query(zodPipe(SlicesQuery)) query: z.infer<typeof SlicesQuery>,
  ): Promise<unknown> {
    const slices = await slicesOf(this.dataSource, id, { ...query, limit: query.limit + 1 });
    if (slices.length === 0 && (await findParent(this.dataSource.manager, id)) === null) {
      throw new Problem(orderNotFound(id));
    }
    const items = slices.slice(0, query.limit).map(shownChild);
    return { items, next: slices.length > query.limit ? items.at(-1)!.clientOrderId : null };
  }
}
