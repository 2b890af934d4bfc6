import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Inject,
  Param,
  Post,
  Query,
  Req,
  Res,
  UseGuards,
} from '@nestjs/common';
import { addMilliseconds } from '@ballast/kernel/calendar';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { MachineClock } from '../adapters/ports.js';
import type { PaperBrokerConfig } from '../config.js';
import { isRefusal, orderNotFound, refuse } from '../domain/refusal.js';
import type { Refusal } from '../domain/refusal.js';
import type { Order } from '../domain/order.js';
import { isClientOrderId } from '../domain/validate.js';
import { Queries } from '../persistence/queries.js';
import { cancelAllOrders, cancelOrder, placeOrder, placeOrderLate } from './desk.js';
import { faultOf } from './faults.js';
import { AccountGuard, AccountName, orRefuse } from './http.js';
import { readOrdersQuery } from './query.js';
import { CONFIG, MACHINE_CLOCK } from './tokens.js';
import { clientOrderIdIn, Venue } from './venue.js';
import { orderJson } from './wire.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

@Controller('v2')
@UseGuards(AccountGuard)
export class OrdersController {
  constructor(
    @Inject(Venue) private readonly venue: Venue,
    @Inject(Queries) private readonly queries: Queries,
    @Inject(CONFIG) private readonly config: PaperBrokerConfig,
    @Inject(MACHINE_CLOCK) private readonly machine: MachineClock,
  ) {}

  @Post('orders')
  async place(
    @AccountName() account: string,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const fault = orRefuse(faultOf(request.headers, this.config.faults));
    switch (fault?.name) {
      case undefined:
        return answer(reply, await this.placeNow(account, body));
      case 'lose-request':
        return drop(reply);
      case 'rate-limit':
        return this.limit(reply);
      case 'accept-late':
        await this.placeLate(account, body, fault.delayMs);
        return drop(reply);
      case 'lose-answer':
        await this.placeNow(account, body);
        return drop(reply);
      case 'error-after-accept':
        await this.placeNow(account, body);
        return answer(reply, refuse(503, 50310000, 'service unavailable'));
      case 'fill-before-ack': {
        const placed = await this.placeNow(account, body);
        // The frames leave in the next turn of the event loop, so any timer lets them pass.
        await this.machine.sleep(fault.delayMs);
        return answer(reply, placed);
      }
    }
  }

  @Get('orders')
  async list(@AccountName() account: string, @Query() query: unknown): Promise<object[]> {
    const orders = await this.queries.orders(account, orRefuse(readOrdersQuery(query)));
    return orders.map(orderJson);
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

  @Delete('orders/:id')
  @HttpCode(204)
  async cancel(@AccountName() account: string, @Param('id') id: string): Promise<void> {
    const canceled = await this.venue.run((uow) => cancelOrder(uow, account, id.toLowerCase()));
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
    const canceled = await this.venue.run((uow) => cancelAllOrders(uow, account));
    return canceled.map((order) => ({ id: order.id, status: 200, body: orderJson(order) }));
  }

  private placeNow(account: string, body: unknown): Promise<Order | Refusal> {
    return this.venue.run((uow) => placeOrder(uow, account, body, this.venue.rules), clientOrderIdIn(account, body));
  }

  private placeLate(account: string, body: unknown, delayMs: number): Promise<void> {
    return this.venue.run((uow) => placeOrderLate(uow, account, body, addMilliseconds(uow.now, delayMs)));
  }

  private async find(account: string, id: string): Promise<Order | Refusal> {
    const order = UUID.test(id) ? await this.queries.orderById(account, id) : null;
    return order ?? orderNotFound(id);
  }

  private limit(reply: FastifyReply): void {
    const reset = Math.ceil(Date.parse(this.machine.now()) / 1000) + 60;
    void reply
      .headers({ 'X-Ratelimit-Limit': '200', 'X-Ratelimit-Remaining': '0', 'X-Ratelimit-Reset': String(reset) })
      .status(429)
      .send({ code: 42910000, message: 'rate limit exceeded' });
  }
}

function answer(reply: FastifyReply, result: Order | Refusal): void {
  if (isRefusal(result)) void reply.status(result.status).send(result.body);
  else void reply.status(200).send(orderJson(result));
}

/** Ends the connection without a word, as a network would. */
function drop(reply: FastifyReply): void {
  reply.hijack();
  reply.request.raw.socket.destroy();
}
