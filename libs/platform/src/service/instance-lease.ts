import type { DataSource, QueryRunner } from 'typeorm';
import { isTransient, Retryable, Superseded } from '../errors.js';
import { lockKey } from '../persistence/advisory-lock.js';
import { prepared } from '../persistence/writes.js';

/** How often an instance that stands by looks whether the active one has gone, in ms. */
export const STANDBY_POLL_MS = 250;
/** How often the active instance renews its lease, in ms. */
export const RENEWAL_MS = 1_000;
/**
 * How long a lease holds after it was renewed, in ms. Longer than an event loop is ever busy with one message; short
 * enough that another instance works within ten seconds after this one was stopped or cut off.
 */
export const LEASE_MS = 6_000;
/** A lease that nobody renews, because no loop runs, in ms: ten years. */
export const UNRENEWED_MS = 315_360_000_000;

export interface LeaseOptions {
  readonly dataSource: DataSource;
  readonly schema: string;
  /** How long the lease holds after each renewal, in ms. */
  readonly leaseMs: number;
}

/**
 * One active instance a service, by three things in Postgres (docs/adr/0018): a session lock, which is free as soon as its
 * holder has died; a lease, which whoever falls silent loses by Postgres's clock; and an epoch, one more for each instance
 * that becomes active, by which one that was stopped and goes on is told that it is no longer meant.
 *
 * The session is the relay's too: who lost the lock has lost its voice.
 */
export class InstanceLease {
  readonly #options: LeaseOptions;
  readonly #instanceLock: string;
  readonly #inboxLock: string;
  #session: QueryRunner;
  #epoch: number | null = null;
  #confirmation: Promise<void> | undefined;

  constructor(options: LeaseOptions) {
    this.#options = options;
    this.#instanceLock = lockKey('instance', options.schema);
    this.#inboxLock = lockKey('inbox', options.schema);
    this.#session = options.dataSource.createQueryRunner();
  }

  /** The connection that holds the lock. It is another one after the first was lost. */
  get session(): QueryRunner {
    return this.#session;
  }

  /** The number under which this instance became active; null before. It stays when the lease is lost. */
  get epoch(): number | null {
    return this.#epoch;
  }

  /**
   * Waits until this is the active instance. `standingBy` is told once, where another one is. A database that goes away
   * meanwhile is waited for.
   */
  async acquire(standingBy: () => void, stopped: () => boolean): Promise<void> {
    for (let told = false; !stopped();) {
      if (await this.#tryToLead()) return;
      if (!told) standingBy();
      told = true;
      await new Promise((resolve) => setTimeout(resolve, STANDBY_POLL_MS));
    }
  }

  /**
   * Renews the lease. A session that broke is replaced first: the lease is still ours as long as nobody raised the epoch.
   * @throws Superseded where another instance has become active. Anything else may pass.
   */
  async renew(): Promise<void> {
    if (this.#session.isReleased) await this.#lockAgain();
    // Nobody waits for the disk: a renewal that a crash of Postgres takes back only makes the lease end earlier.
    const renewed = await prepared(
      this.#session,
      `update instance_lease set expires_at = clock_timestamp() + $2 * interval '1 ms'
         from set_config('synchronous_commit', 'off', true) where epoch = $1 returning epoch`,
      [this.#epoch, this.#options.leaseMs],
    );
    if (renewed.length === 0) throw this.#superseded();
  }

  /**
   * Asked right before something is done to the world that cannot be repeated. Those who ask in the same turn of the event
   * loop share one question.
   * @throws Superseded where another instance has become active; Retryable where that could not be learned, or was learned
   *   too long ago: a process may be stopped while the answer lies in its socket.
   */
  confirm(): Promise<void> {
    this.#confirmation ??= Promise.resolve().then(() => {
      this.#confirmation = undefined;
      return this.#confirm();
    });
    return this.#confirmation;
  }

  /** Lets another instance lead at once. */
  async release(): Promise<void> {
    if (this.#session.isReleased) return;
    await this.#session.query(`update instance_lease set holder = null, expires_at = null where epoch = $1`, [
      this.#epoch,
    ]);
    await this.#session.query(`select pg_advisory_unlock_all()`);
    await this.#session.release();
  }

  async #confirm(): Promise<void> {
    const askedAt = performance.now();
    const [row] = await prepared<{ left: string }>(
      this.#session,
      `select extract(epoch from expires_at - clock_timestamp()) * 1000 as left from instance_lease where epoch = $1`,
      [this.#epoch],
    );
    if (!row) throw this.#superseded();
    if (performance.now() - askedAt < Number(row.left)) return;
    throw new Retryable('LEASE_STALE', `the lease of epoch ${this.#epoch} was not renewed in time`);
  }

  async #tryToLead(): Promise<boolean> {
    try {
      if (await this.#lock()) {
        await this.#lead();
        return true;
      }
      await this.#endSessions(`expires_at < clock_timestamp()`);
    } catch (error) {
      if (!this.#session.isReleased) throw error;
      await this.#reconnect().catch((failure: unknown) => {
        if (!isTransient(failure)) throw failure;
      });
    }
    return false;
  }

  async #lock(): Promise<boolean> {
    const [row] = (await this.#session.query(`select pg_try_advisory_lock($1) as locked`, [this.#instanceLock])) as [
      { locked: boolean },
    ];
    return row.locked;
  }

  /**
   * Becomes active, in one transaction: sessions of the instance before are ended, so that none of its transactions is
   * waited for; then the inbox is ours, so that none of an older epoch commits after this; then the epoch is raised.
   */
  async #lead(): Promise<void> {
    await this.#endSessions(`true`);
    await this.#session.startTransaction();
    await this.#session.query(`select pg_advisory_xact_lock($1)`, [this.#inboxLock]);
    const [[row]] = (await this.#session.query(
      `update instance_lease
          set epoch = epoch + 1, holder = current_setting('application_name'), taken_at = clock_timestamp(),
              expires_at = clock_timestamp() + $1 * interval '1 ms'
       returning epoch`,
      [this.#options.leaseMs],
    )) as [[{ epoch: number }], number];
    await this.#session.commitTransaction();
    this.#epoch = row.epoch;
  }

  /** Ends all sessions of the instance that holds the lease, where a condition holds of it; a stopped process keeps its locks otherwise. */
  async #endSessions(condition: string): Promise<void> {
    await this.#session.query(
      `select pg_terminate_backend(activity.pid)
         from instance_lease join pg_stat_activity activity on activity.application_name = holder
        where ${condition} and usename = current_user and datname = current_database() and holder <> current_setting('application_name')`,
    );
  }

  /** Takes the lock again in a session of its own. Where it is not free, another instance has it or our dead session still does. */
  async #lockAgain(): Promise<void> {
    await this.#reconnect();
    if (await this.#lock()) return;
    const [row] = (await this.#session.query(`select epoch from instance_lease`)) as [{ epoch: number }];
    if (row.epoch !== this.#epoch) throw this.#superseded();
    // Postgres has not noticed the end of the session before; or a standby has the lock, and raises the epoch next.
    await this.#session.query(
      `select pg_terminate_backend(lock.pid)
         from pg_locks lock join pg_stat_activity using (pid)
        where locktype = 'advisory' and ((classid::bigint << 32) | objid::bigint) = $1 and granted
          and datname = current_database() and application_name = current_setting('application_name')`,
      [this.#instanceLock],
    );
    await this.#session.release();
    throw new Retryable('LEASE_SESSION_LOST', 'the session of the lease broke, and its lock is not free yet');
  }

  /** Opens another session. One that cannot be had, as while Postgres starts, is never ours: it would fail for ever. */
  async #reconnect(): Promise<void> {
    const session = this.#options.dataSource.createQueryRunner();
    await session.connect();
    this.#session = session;
  }

  #superseded(): Superseded {
    return new Superseded(`the epoch ${this.#epoch} of this instance is over: another instance is active`);
  }
}
