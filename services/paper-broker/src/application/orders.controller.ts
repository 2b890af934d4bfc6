import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Patch, Post, Query, UseGuards } from '@nestjs/common';
import { invalid, orderNotFound, refuse } from '../domain/refusal.js';
import type { Refusal } from '../domain/refusal.js';
import type { Order } from '../domain/order.js';
import { isClientOrderId } from '../domain/validate.js';
import { Queries } from '../persistence/queries.js';
import { cancelAllOrders, cancelOrder, placeOrder, replaceOrder } from './desk.js';
import { AccountGuard, AccountName, orRefuse } from './http.js';
import { readOrdersQuery } from './query.js';
import { clientOrderIdIn, Venue } from './venue.js';
import { orderJson, statusJson } from './wire.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

@Controller('v2')
@UseGuards(AccountGuard)
export class OrdersController {
  constructor(
    @Inject(Venue) private readonly venue: Venue,
    @Inject(Queries) private readonly queries: Queries,
  ) {}

  @Post('orders')
  @HttpCode(200)
  async place(@AccountName() account: string, @Body() body: unknown): Promise<object> {
    const placed = await this.venue.run(
      (uow) => placeOrder(uow, account, body, this.venue.rules),
      clientOrderIdIn(account, body),
    );
    return orderJson(orRefuse(placed));
  }

  @Get('orders')
  async list(@AccountName() account: string, @Query() query: unknown): Promise<object[]> {
    const orders = await this.queries.orders(account, orRefuse(readOrdersQuery(query)));
    return orRefuse(orders ?? invalid('after_order_id and before_order_id must be ids of orders')).map(orderJson);
  }

  // A colon is doubled in the router's language.
  @Get('orders::by_client_order_id')
  async byClientOrderId(@AccountName() account: string, @Query('client_order_id') id: unknown): Promise<object> {
    const known = isClientOrderId(id) ? await this.queries.orderByClientOrderId(account, id) : null;
    return orderJson(orRefuse(known ?? orderNotFound(String(id))));
  }

  @Get('orders/:id')
  async byId(@AccountName() account: string, @Param('id') id: string): Promise<object> {
    return orderJson(orRefuse(await this.find(account, id)));
  }

  @Patch('orders/:id')
  async replace(@AccountName() account: string, @Param('id') id: string, @Body() body: unknown): Promise<object> {
    const replaced = await this.venue.run(
      (uow) => replaceOrder(uow, account, id.toLowerCase(), body, this.venue.rules),
      clientOrderIdIn(account, body),
    );
    if (replaced !== null) return orderJson(orRefuse(replaced));
    const ended = orRefuse(await this.find(account, id));
    const words =
      ended.status === 'replaced' ? 'order already replaced' : `cannot replace order in ${ended.status} status`;
    return orRefuse<object>(refuse(422, 42210000, words));
  }

  @Delete('orders/:id')
  @HttpCode(204)
  async cancel(@AccountName() account: string, @Param('id') id: string): Promise<void> {
    const canceled = await this.venue.run((uow) => cancelOrder(uow, account, id.toLowerCase(), this.venue.rules));
    if (canceled !== null) {
      orRefuse(canceled);
      return;
    }
    const ended = orRefuse(await this.find(account, id));
    orRefuse(refuse(422, 42210000, `order is already in "${ended.status}" state`));
  }

  @Delete('orders')
  @HttpCode(207)
  async cancelAll(@AccountName() account: string): Promise<object[]> {
    const canceled = await this.venue.run((uow) => cancelAllOrders(uow, account, this.venue.rules));
    return canceled.map(({ id, outcome }) => ({ id, ...statusJson(outcome) }));
  }

  private async find(account: string, id: string): Promise<Order | Refusal> {
    const order = UUID.test(id) ? await this.queries.orderById(account, id) : null;
    return order ?? orderNotFound(id);
  }
}
