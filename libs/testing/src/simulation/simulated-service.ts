import type { Instant } from '@ballast/contracts';
import {
  Retryable,
  startService,
  type Checkpoint,
  type Host,
  type Listener,
  type RunningService,
  type ServiceDefinition,
} from '@ballast/platform';

/** What a service has left to do, as its tables say. */
export interface Backlog {
  readonly unpublished: boolean;
  /** When the next timer falls due. */
  readonly timer: Instant | null;
  /** When the next piece of work may be done. */
  readonly work: Instant | null;
}

/** One life of a service, from its start to its end. */
export class Life {
  #dead = false;
  #tell: () => void = () => undefined;
  /** Resolves when this life has ended. */
  readonly died = new Promise<void>((resolve) => (this.#tell = resolve));
  /** Work that waits for the world. */
  readonly inHand = new Set<Promise<void>>();

  constructor(readonly running: RunningService) {}

  get dead(): boolean {
    return this.#dead;
  }

  die(): void {
    this.#dead = true;
    this.#tell();
  }
}

/** Asked at each checkpoint: whether the service dies here. It may let others act first. */
export type AtCheckpoint = (service: string, point: Checkpoint) => Promise<boolean> | boolean;

/** A service that is started, dies, and is started again on the same tables. */
export class SimulatedService {
  life: Life | null = null;
  backlog: Backlog = { unpublished: false, timer: null, work: null };

  constructor(
    readonly definition: ServiceDefinition,
    private readonly host: Omit<Host, 'checkpoint' | 'drive'>,
    private readonly atCheckpoint: AtCheckpoint,
  ) {}

  get name(): string {
    return this.definition.name;
  }

  /** Makes the tables, and nothing else. */
  async migrate(): Promise<void> {
    const running = await startService(this.definition, { ...this.host, drive: 'stepped' });
    await running.stop();
  }

  async start(): Promise<void> {
    // Checkpoints are met while the service starts, before there is a life to end.
    const born: { life?: Life } = {};
    const running = await startService(this.definition, {
      ...this.host,
      drive: 'stepped',
      // A process that has died takes no further step, whatever in it still wants to go on.
      checkpoint: async (service, point) => {
        const { life } = born;
        if (life && !life.dead && (await this.atCheckpoint(service, point))) life.die();
        if (life?.dead) throw new Retryable('SIMULATED_CRASH', `${service} ends ${point}`);
      },
    });
    born.life = new Life(running);
    this.life = born.life;
    try {
      await running.activate();
    } catch (error) {
      // It died while it began: there is nobody left to go on.
      if (born.life.dead) return;
      throw error;
    }
    for (const listener of this.definition.listeners ?? []) await running.app.get<Listener>(listener).start();
    await this.look();
  }

  /** Tears the dead service down without grace: nothing is published, answered or finished. */
  async bury(): Promise<void> {
    const { life } = this;
    if (!life) return;
    this.life = null;
    life.die();
    await Promise.allSettled(life.inHand);
    await life.running.stop();
  }

  /** Reads from the tables what there is left to do. */
  async look(): Promise<void> {
    if (!this.life || this.life.dead) return;
    const [row] = await this.life.running.dataSource.query<Backlog[]>(
      `select exists (select from outbox, relay_cursor c where (outbox.tx, outbox.seq) > (c.tx, c.seq)) as unpublished,
              (select min(due_at) from task where done_at is null and kind = 'timer') as timer,
              (select min(greatest(due_at, coalesce(locked_until, due_at))) from task
                where done_at is null and kind <> 'timer') as work`,
    );
    this.backlog = row!;
  }
}
