import { Controller, Get, Inject, Param, Query, UseGuards } from '@nestjs/common';
import { assetIdOf } from '../domain/identity.js';
import { invalid, refuse } from '../domain/refusal.js';
import { Queries } from '../persistence/queries.js';
import { AccountGuard, AccountName, orRefuse } from './http.js';
import { readFillsQuery } from './query.js';
import { Venue } from './venue.js';
import { accountJson, fillActivityJson, positionJson } from './wire.js';

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

  /** Fills are the only activity that is simulated; of every other type there are none. */
  @Get('account/activities/:type')
  async activitiesOfType(
    @AccountName() account: string,
    @Param('type') type: string,
    @Query() query: unknown,
  ): Promise<object[]> {
    const filter = orRefuse(readFillsQuery(query));
    if (type !== 'FILL') return [];
    const fills = await this.queries.fills(account, {
      after: filter.after,
      until: filter.until,
      direction: filter.direction,
      pageSize: filter.page_size,
      afterExecutionId: filter.page_token,
    });
    return orRefuse(fills ?? invalid('page_token is not the id of an activity')).map(fillActivityJson);
  }

  @Get('account/activities')
  activities(
    @AccountName() account: string,
    @Query('activity_types') types: string | undefined,
    @Query() query: unknown,
  ): Promise<object[]> {
    const wanted = types === undefined || types.split(',').includes('FILL');
    return this.activitiesOfType(account, wanted ? 'FILL' : 'NONE', query);
  }
}
