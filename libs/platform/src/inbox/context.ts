import {
  AlertRaised,
  AuditRecorded,
  EVENT_BYTES_MAX,
  fact,
  hashOf,
  subjectOf,
  uuid5,
  type AlertData,
  type AuditData,
  type Envelope,
  type Fact,
  type Family,
  type Instant,
  type Task,
} from '@ballast/contracts';
import type { EntityManager } from 'typeorm';
import { Fault } from '../errors.js';
import type { Value, Writes } from '../persistence/writes.js';
import type { Reply } from './message.js';

/** What an audit entry says; the service, the id and the time are added. */
export type AuditEntry = Pick<AuditData, 'act' | 'subject' | 'detail'> &
  Partial<Pick<AuditData, 'actor' | 'cycleId' | 'portfolioId'>>;

/** What a refused command is answered with; becomes an RFC 9457 problem. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly nextStep: string;
  readonly errors?: readonly { field: string; code: string; message: string }[];
  /** Further members of the problem body, e.g. `estimated_ready`. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** All that a handler may use: the transaction, the moment, and the ways to speak. */
export interface InboxContext<F extends Family = Family> {
  readonly tx: EntityManager;
  /**
   * Sends a statement of the transaction whose result the handler does not need, and does not wait for it. What is asked
   * later runs after it; where it fails, the message fails.
   * @param sql a constant text, because connections keep it prepared.
   */
  write(sql: string, values: readonly Value[]): void;
  /**
   * Adds rows to a table of the service. Those of all messages of a batch go out together, before anything is read.
   * @param rows by column, with the same columns each.
   */
  insert(table: string, rows: readonly object[]): void;
  /**
   * Adds rows to a statement of the handler's own, which takes them as JSON in `$1`. Those of all messages of a batch go out
   * together, before anything is read; of a key only the last row is sent.
   */
  merge(sql: string, rows: Iterable<readonly [key: string, row: object]>): void;
  /** The one timestamp of this message. */
  readonly now: Instant;
  /** The message that is being handled. */
  readonly cause: Envelope;
  /**
   * All messages of the transaction, this one among them: what a handler may read ahead for. Which they are is chance, so
   * nothing that is decided may depend on it.
   */
  readonly batch: readonly Envelope[];
  /** Says facts; they leave through the outbox of this transaction. */
  emit(facts: readonly Fact<F>[]): void;
  /** Asks for work on the world, or sets timers. */
  later(tasks: readonly Task[]): void;
  /** Writes an audit entry in this transaction. */
  audit(entry: AuditEntry): void;
  /** Raises an alert: logged, counted, listed. */
  alert(alert: Omit<AlertData, 'at'>): void;
  /** Answers a command. */
  reply(body: unknown, status?: number): void;
  /** Refuses a command; the row is committed and a repeat gets the same answer. */
  refuse(refusal: Refusal): void;
}

/** The part of a context that rows are written through. */
export type Writing = Pick<InboxContext, 'write' | 'insert' | 'merge'>;

/** A fact with everything the outbox adds but its key sequence. */
export interface OutgoingFact {
  readonly eventId: string;
  readonly noun: string;
  readonly key: string;
  readonly subject: string;
  readonly envelope: Omit<Envelope, 'keyseq'>;
  /** The envelope as JSON. */
  readonly text: string;
}

/** A task with its id. */
export interface OutgoingTask extends Task {
  readonly id: string;
  readonly dueAt: Instant;
  readonly correlationId: string;
}

/** Collects what one handler says; the ids of all of it follow from the cause. */
export class Collector<F extends Family> implements InboxContext<F> {
  readonly facts: OutgoingFact[] = [];
  readonly tasks: OutgoingTask[] = [];
  readonly audits: AuditData[] = [];
  readonly alerts: AlertData[] = [];
  answer: Reply | undefined;
  readonly #ordinals = new Map<string, number>();

  constructor(
    readonly tx: EntityManager,
    private readonly writes: Writes,
    readonly now: Instant,
    readonly cause: Envelope,
    readonly batch: readonly Envelope[],
    private readonly service: string,
    private readonly family: F | null,
  ) {}

  write(sql: string, values: readonly Value[]): void {
    this.writes.send(sql, values);
  }

  insert(table: string, rows: readonly object[]): void {
    this.writes.insert(table, rows);
  }

  merge(sql: string, rows: Iterable<readonly [key: string, row: object]>): void {
    this.writes.merge(sql, rows);
  }

  emit(facts: readonly Fact<F>[]): void {
    for (const each of facts) this.#say(each);
  }

  later(tasks: readonly Task[]): void {
    for (const task of tasks) {
      const what = task.wakes ?? task.kind;
      this.tasks.push({
        ...task,
        dueAt: task.dueAt ?? this.now,
        id: uuid5(this.cause.id, 'task', what, task.key, this.#ordinal(`task ${what} ${task.key}`)),
        correlationId: correlationOf(task.body, this.cause),
      });
    }
  }

  audit(entry: AuditEntry): void {
    const audit: AuditData = {
      actor: this.service,
      cycleId: null,
      portfolioId: null,
      ...entry,
      auditId: uuid5(this.cause.id, 'audit', entry.act, this.#ordinal(`audit ${entry.act}`)),
      service: this.service,
      at: this.now,
    };
    this.audits.push(audit);
    if (this.family) this.#say(fact(AuditRecorded[this.family], audit));
  }

  alert(alert: Omit<AlertData, 'at'>): void {
    const raised: AlertData = { ...alert, at: this.now };
    this.alerts.push(raised);
    if (this.family) this.#say(fact(AlertRaised[this.family], raised));
  }

  reply(body: unknown, status = 200): void {
    this.answer = { status, body };
  }

  refuse(refusal: Refusal): void {
    this.answer = { status: refusal.status, body: refusal };
  }

  /** What the handler did, as one hash: replay compares it. Headers, and signatures named so, are left out. */
  resultHash(): string {
    if (this.facts.length + this.tasks.length === 0 && this.answer === undefined) return NOTHING_SAID;
    return hashOf({
      facts: this.facts.map(({ subject, envelope }) => ({ subject, data: withoutSignature(envelope.data) })),
      tasks: this.tasks.map(({ kind, wakes, key, body, dueAt }) => ({ kind, wakes, key, body, dueAt })),
      reply: this.answer,
    });
  }

  #say({ type, key, data }: Fact): void {
    if (type.family !== this.family) {
      throw new Fault(
        'FOREIGN_FAMILY',
        `${this.service} must not say ${type.type}: the family "${type.family}" is another's`,
      );
    }
    const parsed = type.schema.safeParse(data);
    if (!parsed.success) {
      const fields = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
      throw new Fault('FACT_INVALID', `${this.service} was about to say a wrong ${type.type}: ${fields}`);
    }
    const eventId = uuid5(this.cause.id, type.type, this.#ordinal(type.type));
    const envelope: Omit<Envelope, 'keyseq'> = {
      specversion: '1.0',
      id: eventId,
      source: `/ballast/${this.service}`,
      type: type.type,
      subject: key,
      time: this.now,
      datacontenttype: 'application/json',
      correlationid: correlationOf(data, this.cause),
      causationid: this.cause.id,
      data,
    };
    const text = JSON.stringify(envelope);
    const bytes = Buffer.byteLength(text) + KEYSEQ_BYTES_MAX;
    if (bytes > EVENT_BYTES_MAX) {
      throw new Fault(
        'EVENT_TOO_LARGE',
        `${type.type} of ${bytes} bytes is over the cap of ${EVENT_BYTES_MAX}; long lists travel as blobs`,
      );
    }
    this.facts.push({
      eventId,
      noun: `${type.family}.${type.noun}`,
      key,
      subject: subjectOf(type, key),
      envelope,
      text,
    });
  }

  #ordinal(what: string): number {
    const next = this.#ordinals.get(what) ?? 0;
    this.#ordinals.set(what, next + 1);
    return next;
  }
}

/** The result of a handler that says nothing, as those of read models do. */
const NOTHING_SAID = hashOf({ facts: [], tasks: [] });

/** What the number within the key adds to an envelope at the most. */
const KEYSEQ_BYTES_MAX = `,"keyseq":${Number.MAX_SAFE_INTEGER}`.length;

/** What belongs to a cycle correlates by its id; everything else inherits from its cause. */
function correlationOf(data: unknown, cause: Envelope): string {
  const cycleId = typeof data === 'object' && data !== null && 'cycleId' in data ? data.cycleId : undefined;
  return typeof cycleId === 'string' ? cycleId : cause.correlationid;
}

function withoutSignature(data: unknown): unknown {
  if (typeof data !== 'object' || data === null || !('signature' in data)) return data;
  const { signature: _, ...rest } = data;
  return rest;
}
