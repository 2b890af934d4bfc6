import { Slug } from '@ballast/contracts';
import { AcceptsBody, Door, IdempotencyKey, zodPipe } from '@ballast/platform';
import { Body, Controller, Get, HttpCode, Inject, Post } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { HaltSwitch } from '../messages.js';
import { HaltEntity } from '../persistence/entities/halt.entity.js';

const HaltBody = z.strictObject({
  account: Slug,
  on: z.boolean(),
  by: z.string().min(1).max(100),
  reason: z.string().min(3).max(500),
  confirm: z.string().optional(),
});

/** The first door of the halt, and where every account's halt is read. */
@Controller('/api/v1/halt')
export class HaltController {
  constructor(
    @Inject(Door) private readonly door: Door,
    @Inject(DataSource) private readonly dataSource: DataSource,
  ) {}

  @Get()
  list(): Promise<HaltEntity[]> {
    return this.dataSource.manager.find(HaltEntity, { order: { account: 'ASC' } });
  }

  @Post()
  @HttpCode(200)
  @AcceptsBody(HaltBody)
  switch(@Body(zodPipe(HaltBody)) body: z.infer<typeof HaltBody>, @IdempotencyKey() key: string): Promise<unknown> {
    const { confirm, ...rest } = body;
    return this.door.command(
      HaltSwitch,
      body.account,
      { ...rest, door: 'http', ...(confirm === undefined ? {} : { confirm }) },
      key,
    );
  }
}
