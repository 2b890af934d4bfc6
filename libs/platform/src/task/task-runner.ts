import { uuid5, type Instant } from '@ballast/contracts';
import type { DataSource } from 'typeorm';
import { alertMessage, knownAlert, type Raised } from '../alerts/alerts.js';
import type { Clock } from '../clock/clock.js';
import { isTransient, messageOf, Superseded } from '../errors.js';
import type { Checkpoint, Inbox } from '../inbox/inbox.js';
import { fromWithin } from '../inbox/message.js';
import type { InstanceLease } from '../service/instance-lease.js';
import type { Runner } from './runs.js';

/** Timers handed to the inbox in one transaction. */
const TIMERS_BATCH = 100;
/** Calls on the world under way at once. */
const WORK_PARALLEL = 16;
/** How long a claim holds; longer than any deadline that a runner of an unrepeatable call keeps. */
const LOCK_MS = 60_000;
/** Work that may be repeated can last: its claim is renewed so often while it is under way. */
const RENEWAL_MS = 20_000;
const ATTEMPTS_MAX = 8;

interface TaskRow {
  readonly id: string;
  readonly kind: string;
  readonly wakes: string | null;
  readonly key: string;
  readonly body: unknown;
  readonly headers: Record<string, string>;
  readonly correlation_id: string;
  readonly due_at: Instant;
  readonly attempts: number;
}

export interface TaskRunnerOptions {
  readonly service: string;
  readonly dataSource: DataSource;
  readonly clock: Clock;
  readonly inbox: Inbox;
  readonly lease: Pick<InstanceLease, 'epoch' | 'confirm'>;
  readonly runners: readonly Runner[];
  readonly checkpoint: (point: Checkpoint) => void | Promise<void>;
  /** Calls on the world under way at once. */
  readonly workers?: number;
  /** Whether a call whose outcome stays unknown, and work whose retries ran out, raise an alert beside their answer. */
  readonly raisesAlerts: boolean;
}

/** What became of a piece of work that has no answer of the world. */
interface Unanswered {
  readonly status: 'unknown' | 'failed';
  readonly reason: string;
}

/** Brings due timers to the inbox, does due work on the world, and brings its answers to the inbox. */
export class TaskRunner {
  readonly #runners: ReadonlyMap<string, Runner>;
  readonly #underWay = new Set<Promise<void>>();

  constructor(private readonly options: TaskRunnerOptions) {
    this.#runners = new Map(options.runners.map((runner) => [runner.work.kind, runner]));
  }

  /**
   * Frees what an earlier instance of the service had claimed when it ended. Called
   * once, when this instance has become the only one.
   */
  async recover(): Promise<void> {
    await this.options.dataSource.query(
      `update task set locked_until = null where done_at is null and locked_until is not null`,
    );
  }

  /** Hands the timers that are due to the inbox. Returns how many. */
  async fireTimers(limit = TIMERS_BATCH): Promise<number> {
    const { dataSource, clock, inbox, service } = this.options;
    const due = await dataSource.query<TaskRow[]>(
      `select * from task where done_at is null and kind = 'timer' and due_at <= $1 order by due_at, id limit ${limit}`,
      [clock.now()],
    );
    if (due.length === 0) return 0;
    const outcomes = await inbox.receive(
      due.map((task) => {
        const id = uuid5(task.id, 'wake');
        const message = {
          id,
          type: task.wakes!,
          key: task.key,
          data: task.body,
          at: task.due_at,
          correlationId: task.correlation_id,
          causationId: task.id,
        };
        return fromWithin(service, 'timer', message, task.headers, task.id);
      }),
    );
    const refused = outcomes.find((outcome) => outcome.status === 'retry');
    if (refused?.status === 'retry') throw refused.error;
    return due.length;
  }

  /** Claims work that is due, does it, and brings all answers in before it returns how many pieces there were. */
  async doWork(limit = this.#workers): Promise<number> {
    const claimed = await this.#claim(limit);
    await Promise.all(claimed.map((task) => this.#perform(task)));
    return claimed.length;
  }

  /**
   * Claims work for the workers that are free and begins it; long work keeps nobody else waiting.
   * @param ended is called at the end of each piece, with what kept its answer from being committed.
   * @returns how many pieces were begun.
   */
  async beginWork(ended: (failure?: unknown) => void): Promise<number> {
    if (this.busy) return 0;
    const claimed = await this.#claim(this.#workers - this.#underWay.size);
    for (const task of claimed) {
      const piece = this.#perform(task)
        .then(
          () => undefined,
          (error: unknown) => error,
        )
        .then((failure) => {
          this.#underWay.delete(piece);
          ended(failure);
        });
      this.#underWay.add(piece);
    }
    return claimed.length;
  }

  /** Tells whether no work is claimed now. A claim is a commit: it waits until half of the workers are free. */
  get busy(): boolean {
    return this.#underWay.size > this.#workers / 2;
  }

  get #workers(): number {
    return this.options.workers ?? WORK_PARALLEL;
  }

  /** Tells whether no work that was begun is under way. */
  get resting(): boolean {
    return this.#underWay.size === 0;
  }

  /** Resolves when all work that was begun has ended. */
  async settled(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  /** When the next task falls due; null where none is open. A claim that may expire counts. */
  async nextDue(): Promise<Instant | null> {
    const [row] = await this.options.dataSource.query<{ at: Instant | null }[]>(
      `select min(greatest(due_at, coalesce(locked_until, due_at))) as at from task where done_at is null`,
    );
    return row?.at ?? null;
  }

  /**
   * Claims tasks under our epoch. The lease's row is held until the claim is committed: after another instance has raised
   * the epoch nothing more is claimed here, so that a task it finds without a claim has certainly not been begun.
   */
  async #claim(limit: number): Promise<TaskRow[]> {
    const now = this.options.clock.now();
    const lockedUntil = new Date(Date.parse(now) + LOCK_MS).toISOString();
    const [rows] = await this.options.dataSource.query<[TaskRow[], number]>(
      `with lease as (select from instance_lease where epoch = $3 for share), due as (
         select id from task
          where exists (select from lease) and done_at is null and kind <> 'timer' and due_at <= $1 and (locked_until is null or locked_until <= $1)
          order by due_at, id limit ${limit} for update skip locked)
       update task set locked_until = $2, attempts = attempts + 1 from due where task.id = due.id returning task.*`,
      [now, lockedUntil, this.options.lease.epoch],
    );
    return [...rows].sort((a, b) => (a.due_at + a.id < b.due_at + b.id ? -1 : 1));
  }

  async #perform(task: TaskRow): Promise<void> {
    const runner = this.#runners.get(task.kind);
    if (!runner) return this.#answer(task, { status: 'failed', reason: `nothing here does "${task.kind}"` });
    if (runner.work.atMostOnce && task.attempts > 1) {
      const outcome: Unanswered = { status: 'unknown', reason: 'the process ended while the call was under way' };
      return this.#answer(task, outcome, this.#unknown(task, outcome));
    }
    let outcome: object;
    let raised: Raised[] = [];
    try {
      const request = runner.work.request.parse(task.body);
      const confirm = (): Promise<void> => this.options.lease.confirm();
      const work = { id: task.id, key: task.key, request, attempt: task.attempts, confirm };
      const answer = await this.#holding(task, runner.work.atMostOnce, () => runner.run(work));
      outcome = { status: 'done', answer: runner.work.answer.parse(answer) };
    } catch (error) {
      // The task stays claimed: what becomes of it is the other instance's to say.
      if (error instanceof Superseded) throw error;
      if (!runner.work.atMostOnce && isTransient(error) && task.attempts < ATTEMPTS_MAX) {
        return this.#tryLater(task, error);
      }
      const lost: Unanswered = { status: runner.work.atMostOnce ? 'unknown' : 'failed', reason: messageOf(error) };
      outcome = lost;
      if (runner.work.atMostOnce) raised = this.#unknown(task, lost);
      else if (isTransient(error)) raised = this.#exhausted(task, lost);
    }
    await this.options.checkpoint('after-world');
    await this.#answer(task, outcome, raised);
  }

  /** Keeps the claim of long work alive. A call that cannot be repeated must end within its claim, or count as unknown. */
  async #holding<T>(task: TaskRow, atMostOnce: boolean, run: () => Promise<T>): Promise<T> {
    if (atMostOnce) return run();
    const renewal = setInterval(() => {
      const lockedUntil = new Date(Date.parse(this.options.clock.now()) + LOCK_MS).toISOString();
      this.options.dataSource
        .query(`update task set locked_until = $2 where id = $1 and done_at is null`, [task.id, lockedUntil])
        // A database that is away is noticed by whatever the work does next; the claim then ends by itself.
        .catch(() => undefined);
    }, RENEWAL_MS);
    renewal.unref();
    try {
      return await run();
    } finally {
      clearInterval(renewal);
    }
  }

  #unknown(task: TaskRow, { reason }: Unanswered): Raised[] {
    const message = `whether "${task.kind}" for ${task.key} has happened is not known: ${reason}`;
    const alert = knownAlert('TASK_UNKNOWN', message, { task: task.id, key: task.key }, this.options.clock.now());
    return [{ episode: task.id, alert }];
  }

  #exhausted(task: TaskRow, { reason }: Unanswered): Raised[] {
    const message = `"${task.kind}" for ${task.key} is given up: ${reason}`;
    const numbers = { task: task.id, key: task.key, attempts: `${task.attempts}`, attempts_max: `${ATTEMPTS_MAX}` };
    return [{ episode: task.id, alert: knownAlert('TASK_FAILED', message, numbers, this.options.clock.now()) }];
  }

  /** Brings the outcome in; where a person must know of it, the alert comes in the same transaction. */
  async #answer(task: TaskRow, outcome: object, raised: readonly Raised[] = []): Promise<void> {
    const { service, clock, inbox, raisesAlerts } = this.options;
    const message = {
      id: uuid5(task.id, 'answer'),
      type: `local.answer.${task.kind}`,
      key: task.key,
      data: { request: task.body, outcome },
      at: clock.now(),
      correlationId: task.correlation_id,
      causationId: task.id,
    };
    const alerts = raisesAlerts ? raised.map((each) => alertMessage(service, each)) : [];
    const answer = fromWithin(service, 'answer', message, task.headers, task.id);
    for (const received of await inbox.receive([answer, ...alerts])) {
      if (received.status === 'retry') throw received.error;
    }
  }

  /** Backoff doubles from one second and is capped at a minute. */
  async #tryLater(task: TaskRow, error: unknown): Promise<void> {
    const delay = Math.min(60_000, 1_000 * 2 ** (task.attempts - 1));
    const dueAt = new Date(Date.parse(this.options.clock.now()) + delay).toISOString();
    await this.options.dataSource.query(
      `update task set due_at = $2, locked_until = null, last_error = $3 where id = $1`,
      [task.id, dueAt, messageOf(error).slice(0, 1_000)],
    );
  }
}
