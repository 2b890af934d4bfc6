import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import {
  authorizationConfig,
  PROVISIONER,
  Provisioner,
  startNatsServer,
  type DurableOptions,
  type NatsServer,
} from '@ballast/platform';

/** A nats-server of one world, with the permissions of the real system. */
export class Bus {
  #copied = false;

  private constructor(
    private readonly options: BusOptions,
    private server: NatsServer,
    readonly url: string,
    private readonly connection: NatsConnection,
    private readonly provisioner: Provisioner,
  ) {}

  static async open(options: BusOptions): Promise<Bus> {
    await mkdir(options.folder, { recursive: true });
    const server = await launch(options, 0);
    const connection = await connect({
      servers: server.url,
      user: PROVISIONER,
      pass: options.password(PROVISIONER),
      inboxPrefix: `_INBOX_${PROVISIONER}`,
      maxReconnectAttempts: -1,
      reconnectTimeWait: 50,
    });
    const bus = new Bus(options, server, server.url, connection, await Provisioner.over(connection));
    await bus.#provision();
    bus.provisioner.answer(options.durables, (durable, error) => options.log(`durable ${durable}: ${String(error)}`));
    return bus;
  }

  /** Ends the server as a power cut would, and starts it again on the same store and port. */
  restart(): Promise<void> {
    return this.#whileDown(async () => {
      // What the server has written is whole only while it is down: an older state to go back to later.
      await rm(this.#copy, { recursive: true, force: true });
      await cp(this.#store, this.#copy, { recursive: true });
      this.#copied = true;
    });
  }

  /** Puts an older state of the store in its place, as a restored backup would; where there is none yet, an empty one. */
  async setBack(empty: boolean): Promise<'older' | 'empty'> {
    const older = this.#copied && !empty;
    await this.#whileDown(async () => {
      await rm(this.#store, { recursive: true, force: true });
      if (older) await cp(this.#copy, this.#store, { recursive: true });
    });
    await this.#provision();
    return older ? 'older' : 'empty';
  }

  async close(): Promise<void> {
    await this.connection.close();
    await this.server.stop();
  }

  get #store(): string {
    return join(this.options.folder, 'jetstream');
  }

  get #copy(): string {
    return join(this.options.folder, 'older');
  }

  async #whileDown(change: () => Promise<void>): Promise<void> {
    process.kill(this.server.pid, 'SIGKILL');
    await this.server.ended;
    await change();
    this.server = await launch(this.options, Number(new URL(this.url).port));
    while (!(await answers(this.connection))) await pause(20);
  }

  async #provision(): Promise<void> {
    await this.provisioner.ensureStream();
    for (const durable of this.options.durables) await this.provisioner.ensureDurable(durable);
  }
}

export interface BusOptions {
  readonly program: string;
  readonly folder: string;
  readonly password: (user: string) => string;
  readonly durables: readonly DurableOptions[];
  readonly log: (line: string) => void;
}

const launch = ({ program, folder, password }: BusOptions, port: number): Promise<NatsServer> =>
  startNatsServer({
    bin: program,
    storeDir: folder,
    port,
    config: authorizationConfig({ passwords: (user) => ({ text: password(user) }) }),
  });

const answers = (connection: NatsConnection): Promise<boolean> =>
  connection.rtt().then(
    () => true,
    () => false,
  );
