import { Controller, Delete, Get, HttpCode, Inject, Param, Query, UseGuards } from '@nestjs/common';
import { addDays, addMilliseconds } from '@ballast/kernel/calendar';
import { assetIdOf } from '../domain/identity.js';
import { invalid, refuse } from '../domain/refusal.js';
import { Queries } from '../persistence/queries.js';
import { AccountGuard, AccountName, orRefuse } from './http.js';
import { closeAllPositions, closePosition } from './close.js';
import { cancelAllOrders } from './desk.js';
import { readActivitiesQuery, readClosePositionQuery, readClosePositionsQuery } from './query.js';
import { Venue } from './venue.js';
import { accountJson, feeActivityJson, fillActivityJson, orderJson, positionJson, statusJson } from './wire.js';

@Controller('v2')
@UseGuards(AccountGuard)
export class AccountController {
  constructor(
    @Inject(Venue) private readonly venue: Venue,
    @Inject(Queries) private readonly queries: Queries,
  ) {}

  @Get('account')
  account(@AccountName() name: string): object {
    const account = this.venue.account(name);
    return accountJson(
      orRefuse(account ?? refuse(404, 40410000, `account not found for ${name}`)),
      this.venue.marks(),
      this.venue.now(),
      this.venue.rules.shorts !== null,
    );
  }

  @Get('positions')
  positions(@AccountName() account: string): object[] {
    const marks = this.venue.marks();
    const holdings = [...marks.holdingsOf(account)].sort((a, b) => (a.symbol < b.symbol ? -1 : 1));
    return holdings.map((holding) => positionJson(holding, marks, this.venue.now()));
  }

  @Get('positions/:symbol')
  position(@AccountName() account: string, @Param('symbol') symbolOrAssetId: string): object {
    const marks = this.venue.marks();
    const holding = marks
      .holdingsOf(account)
      .find(({ symbol }) => symbol === symbolOrAssetId || assetIdOf(symbol) === symbolOrAssetId);
    const found = orRefuse(holding ?? refuse(404, 40410000, 'position does not exist'));
    return positionJson(found, marks, this.venue.now());
  }

  /** Closes a position, or the part of it that is asked for, at the market. */
  @Delete('positions/:symbol')
  async close(
    @AccountName() account: string,
    @Param('symbol') symbolOrAssetId: string,
    @Query() query: unknown,
  ): Promise<object> {
    const part = orRefuse(readClosePositionQuery(query));
    const closed = await this.venue.run((uow) => closePosition(uow, account, symbolOrAssetId, part, this.venue.rules));
    return orderJson(orRefuse(closed));
  }

  @Delete('positions')
  @HttpCode(207)
  async closeAll(@AccountName() account: string, @Query() query: unknown): Promise<object[]> {
    const { cancel_orders } = orRefuse(readClosePositionsQuery(query));
    const closed = await this.venue.run((uow) => {
      if (cancel_orders === 'true') cancelAllOrders(uow, account, this.venue.rules);
      return closeAllPositions(uow, account, this.venue.rules);
    });
    return closed.map(({ symbol, outcome }) => ({ symbol, ...statusJson(outcome) }));
  }

  /** Fills, and fees where they are charged; of every other type there are none. */
  @Get('account/activities/:type')
  async activitiesOfType(
    @AccountName() account: string,
    @Param('type') type: string,
    @Query() query: unknown,
  ): Promise<object[]> {
    return this.list(account, [type], query);
  }

  @Get('account/activities')
  activities(@AccountName() account: string, @Query() query: unknown): Promise<object[]> {
    const { activity_types: types } = orRefuse(readActivitiesQuery(query));
    return this.list(account, types?.split(',') ?? ['FILL', 'FEE'], query);
  }

  private async list(account: string, types: readonly string[], query: unknown): Promise<object[]> {
    const filter = orRefuse(readActivitiesQuery(query));
    const dayAfter = filter.date && addDays(filter.date, 1);
    const entries = await this.queries.activities(account, {
      fills: types.includes('FILL'),
      fees: types.includes('FEE'),
      after: filter.date ? addMilliseconds(`${filter.date}T00:00:00.000Z`, -1) : filter.after,
      until: dayAfter ? `${dayAfter}T00:00:00.000Z` : filter.until,
      direction: filter.direction,
      pageSize: filter.page_size,
      afterId: filter.page_token,
    });
    const known = orRefuse(entries ?? invalid('page_token is not the id of an activity'));
    return known.map((entry) => ('executionId' in entry ? fillActivityJson(entry) : feeActivityJson(entry)));
  }
}
