import { BUS, CONFIG, Door, LOGGER, messageOf, type Bus, type Listener, type Subscription } from '@ballast/platform';
import { Slug, uuid5 } from '@ballast/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { existsSync } from 'node:fs';
import type { Logger } from 'pino';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import type { ExecutionConfig } from '../config.js';
import { HaltSwitch } from '../messages.js';
import { HaltEntity } from '../persistence/entities/halt.entity.js';

/** The control topic of the bus by which accounts are halted. */
export const HALT_TOPIC = 'halt';

/** What is heard on the topic. Only `on` is honoured there: lifting a halt wants a person who names the account. */
const HaltSignal = z.object({
  account: Slug,
  on: z.literal(true),
  by: z.string().min(1).max(100),
  reason: z.string().min(3).max(500),
});

/** The second door of the halt: a control message on the bus, which works where HTTP does not get through. */
@Injectable()
export class HaltSignalDoor implements Listener {
  #subscription: Subscription | undefined;

  constructor(
    @Inject(BUS) private readonly bus: Bus,
    @Inject(Door) private readonly door: Door,
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async start(): Promise<void> {
    this.#subscription = await this.bus.onSignal(HALT_TOPIC, (body) => this.#hear(body));
  }

  async stop(): Promise<void> {
    await this.#subscription?.stop();
  }

  async #hear(body: unknown): Promise<void> {
    const signal = HaltSignal.safeParse(body);
    if (!signal.success) {
      this.logger.warn({ body }, `a halt signal was not understood: ${z.prettifyError(signal.error)}`);
      return;
    }
    const { account, by, reason } = signal.data;
    try {
      // The epoch tells a signal that was heard twice from one that was sent again after the halt was lifted.
      const halt = await this.dataSource.manager.findOneBy(HaltEntity, { account });
      const key = uuid5('halt-signal', account, halt?.epoch ?? -1, by, reason);
      await this.door.command(HaltSwitch, account, { ...signal.data, door: 'nats' }, key);
    } catch (error) {
      this.logger.error({ err: error, account }, `a halt signal was not carried out: ${messageOf(error)}`);
    }
  }
}

/** The third door: while a file exists every known account is halted. Removing the file lifts nothing. */
@Injectable()
export class HaltFileDoor implements Listener {
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();

  constructor(
    @Inject(CONFIG) private readonly config: ExecutionConfig,
    @Inject(Door) private readonly door: Door,
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async start(): Promise<void> {
    const { EXECUTION_HALT_FILE: file, EXECUTION_HALT_FILE_POLL_MS: pollMs } = this.config;
    if (file === undefined) return;
    await this.look();
    this.#timer = setInterval(() => (this.#looking = this.#looking.then(() => this.look())), pollMs);
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#looking;
  }

  /** Halts every account that is not halted yet, where the file exists. */
  async look(): Promise<void> {
    const { EXECUTION_HALT_FILE: file } = this.config;
    if (file === undefined || !existsSync(file)) return;
    try {
      const open = await this.dataSource.manager.find(HaltEntity, {
        where: { halted: false },
        order: { account: 'ASC' },
      });
      for (const { account, epoch } of open) {
        const halt = { account, on: true, by: 'halt file', reason: `the file ${file} exists`, door: 'file' as const };
        await this.door.command(HaltSwitch, account, halt, uuid5('halt-file', account, epoch));
      }
    } catch (error) {
      this.logger.error({ err: error, file }, `the halt file was seen but not carried out: ${messageOf(error)}`);
    }
  }
}
