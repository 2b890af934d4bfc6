import type { AuditData } from '@ballast/contracts';
import type { OutgoingFact, OutgoingTask } from '../inbox/context.js';
import type { Writes } from '../persistence/writes.js';

/**
 * Writes the facts of a transaction to the outbox, in the order in which they were
 * said, and gives each its number within its (noun, key).
 */
export function appendFacts(
  writes: Writes,
  facts: readonly OutgoingFact[],
  headers: readonly Readonly<Record<string, string>>[],
): void {
  if (facts.length === 0) return;
  const { keys, behind } = countByKey(facts);
  const rows = facts.map(({ eventId, noun, key, subject, text }, i) => {
    const row = { event_id: eventId, noun, key, key_seq: behind[i], subject, headers: headers[i] };
    // The envelope is JSON already.
    return `${JSON.stringify(row).slice(0, -1)},"body":${text}}`;
  });
  writes.send(APPEND_FACTS, [JSON.stringify(keys), `[${rows.join(',')}]`]);
}

/**
 * The counters of all keys move first; each fact's number, and its place in the body, follow from them and from how
 * many facts of its key come behind it.
 */
const APPEND_FACTS = `
  with counted as (
    insert into key_counter (noun, key, seq)
    select noun, key, seq from json_populate_recordset(null::key_counter, $1)
    on conflict (noun, key) do update set seq = key_counter.seq + excluded.seq
    returning noun, key, seq)
  insert into outbox (event_id, noun, key, key_seq, subject, body, headers)
  select fact.event_id, noun, key, counted.seq - fact.key_seq, fact.subject,
         left(fact.body, -1) || ',"keyseq":' || (counted.seq - fact.key_seq) || '}', fact.headers
    from json_populate_recordset(null::outbox, $2) with ordinality as fact
    join counted using (noun, key)
   order by fact.ordinality`;

interface KeyCount {
  readonly noun: string;
  readonly key: string;
  seq: number;
}

/** How many facts each key has, and for each fact how many of its key come behind it. */
function countByKey(facts: readonly OutgoingFact[]): { keys: KeyCount[]; behind: number[] } {
  const counts = new Map<string, KeyCount>();
  const places = facts.map(({ noun, key }) => {
    const id = `${noun}\n${key}`;
    const known = counts.get(id) ?? { noun, key, seq: 0 };
    counts.set(id, known);
    return { of: known, place: ++known.seq };
  });
  return { keys: [...counts.values()], behind: places.map(({ of, place }) => of.seq - place) };
}

/** Writes the tasks of a transaction; the same task asked for again is the same row. */
export function appendTasks(
  writes: Writes,
  tasks: readonly OutgoingTask[],
  headers: readonly Readonly<Record<string, string>>[],
): void {
  if (tasks.length === 0) return;
  const rows = tasks.map(({ id, kind, wakes, key, body, correlationId, dueAt }, i) => ({
    id,
    kind,
    wakes,
    key,
    body,
    headers: headers[i],
    correlation_id: correlationId,
    due_at: dueAt,
  }));
  writes.send(APPEND_TASKS, [JSON.stringify(rows)]);
}

const APPEND_TASKS = `
  insert into task (id, kind, wakes, key, body, headers, correlation_id, due_at)
  select id, kind, wakes, key, body, headers, correlation_id, due_at from json_populate_recordset(null::task, $1)
  on conflict (id) do nothing`;

/** Writes the audit entries of a transaction beside the acts that they tell of. */
export function appendAudits(writes: Writes, audits: readonly AuditData[]): void {
  writes.insert(
    'audit',
    audits.map(({ auditId, act, actor, cycleId, portfolioId, subject, detail, at }) => ({
      audit_id: auditId,
      act,
      actor,
      cycle_id: cycleId,
      portfolio_id: portfolioId,
      subject,
      detail,
      at,
    })),
  );
}
