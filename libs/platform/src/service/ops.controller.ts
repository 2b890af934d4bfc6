import { Body, Controller, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { IdempotencyKey } from '../http/idempotency-key.js';
import { Problem } from '../http/problem.js';
import { zodPipe } from '../http/zod.pipe.js';
import { Inbox } from '../inbox/inbox.js';

const Resolve = z.strictObject({ by: z.string().min(1).max(100) });

interface DeadLetterRow {
  readonly event_id: string;
  readonly resolution: string | null;
}

/** What an operator can ask of any service: its parked messages, and what to do about them. */
@Controller('/ops')
export class OpsController {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(Inbox) private readonly inbox: Inbox,
  ) {}

  @Get('/dead-letters')
  async list(): Promise<unknown> {
    const items = await this.dataSource.query<unknown[]>(
      `select event_id as "eventId", type, dead_letter.code, error, key, parked_at as "parkedAt", resolution,
              (select count(*) from inbox later where later.noun = inbox.noun and later.key = inbox.key and later.state = 'waiting')::int as waiting
         from dead_letter join inbox using (event_id) order by parked_at, event_id limit 1000`,
    );
    return { items, next: null };
  }

  @Get('/dead-letters/:id')
  async show(@Param('id', zodPipe(z.uuid())) id: string): Promise<unknown> {
    const [row] = await this.dataSource.query<unknown[]>(
      `select event_id as "eventId", type, source, code, error, key, key_seq as "keySeq", parked_at as "parkedAt",
              resolution, resolved_by as "resolvedBy", resolved_at as "resolvedAt", body
         from dead_letter join inbox using (event_id) where event_id = $1`,
      [id],
    );
    if (!row) throw notFound(id);
    return row;
  }

  @Post('/dead-letters/:id/replay')
  @HttpCode(200)
  async replay(
    @Param('id', zodPipe(z.uuid())) id: string,
    @Body(zodPipe(Resolve)) body: z.infer<typeof Resolve>,
    @IdempotencyKey() _key: string,
  ): Promise<unknown> {
    await this.#parked(id);
    return this.#outcome(id, await this.inbox.replayParked(id, body.by));
  }

  @Post('/dead-letters/:id/skip')
  @HttpCode(200)
  async skip(
    @Param('id', zodPipe(z.uuid())) id: string,
    @Body(zodPipe(Resolve)) body: z.infer<typeof Resolve>,
    @IdempotencyKey() _key: string,
  ): Promise<unknown> {
    await this.#parked(id);
    return this.#outcome(id, await this.inbox.skipParked(id, body.by));
  }

  async #parked(id: string): Promise<void> {
    const [row] = await this.dataSource.query<DeadLetterRow[]>(
      `select event_id, resolution from dead_letter where event_id = $1`,
      [id],
    );
    if (!row) throw notFound(id);
  }

  #outcome(id: string, received: Awaited<ReturnType<Inbox['receive']>>[number]): unknown {
    return { eventId: id, status: received.status === 'duplicate' ? 'already resolved' : received.status };
  }
}

const notFound = (id: string): Problem =>
  new Problem({
    status: 404,
    code: 'DEAD_LETTER_NOT_FOUND',
    title: 'No such parked message',
    detail: `No message ${id} was parked here.`,
    nextStep: 'List what is parked with "ballast dlq list".',
  });
