import type { DataSource, QueryRunner } from 'typeorm';
import { lockKey } from '../persistence/advisory-lock.js';

/** How often an instance that stands by looks whether the active one has gone, in ms. */
const STANDBY_POLL_MS = 500;

/**
 * One active instance a service: a session lock on a connection of its own. A second
 * instance stands by. The relay publishes on that same connection, so that an
 * instance that lost its lock has lost its voice too.
 */
export class InstanceLock {
  readonly runner: QueryRunner;
  readonly #key: string;

  constructor(dataSource: DataSource, schema: string) {
    this.runner = dataSource.createQueryRunner();
    this.#key = lockKey('instance', schema);
  }

  /** Waits until this is the only instance. `standingBy` is told once, where another one is active. */
  async acquire(standingBy: () => void, stopped: () => boolean): Promise<void> {
    let told = false;
    while (!stopped()) {
      const [row]: { locked: boolean }[] = await this.runner.query(`select pg_try_advisory_lock($1) as locked`, [
        this.#key,
      ]);
      if (row!.locked) return;
      if (!told) standingBy();
      told = true;
      await new Promise((resolve) => setTimeout(resolve, STANDBY_POLL_MS));
    }
  }

  async release(): Promise<void> {
    if (this.runner.isReleased) return;
    await this.runner.query(`select pg_advisory_unlock($1)`, [this.#key]);
    await this.runner.release();
  }
}
