import type { EntityManager } from 'typeorm';
import type { OutgoingFact, OutgoingTask } from '../inbox/context.js';
import type { AuditData } from '@ballast/contracts';

/**
 * Writes the facts of a transaction to the outbox, in the order in which they were
 * said, and gives each its number within its (noun, key).
 */
export async function appendFacts(
  tx: EntityManager,
  facts: readonly OutgoingFact[],
  headers: readonly Readonly<Record<string, string>>[],
): Promise<void> {
  if (facts.length === 0) return;
  const sequences = await nextSequences(tx, facts);
  await tx.query(
    `insert into outbox (event_id, noun, key, key_seq, subject, body, headers)
     select event_id, noun, key, key_seq, subject, body, headers
       from unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::json[])
            with ordinality as new (event_id, noun, key, key_seq, subject, body, headers, place)
      order by place`,
    [
      facts.map((fact) => fact.eventId),
      facts.map((fact) => fact.noun),
      facts.map((fact) => fact.key),
      sequences,
      facts.map((fact) => fact.subject),
      facts.map((fact, i) => JSON.stringify({ ...fact.envelope, keyseq: sequences[i] })),
      headers.map((each) => JSON.stringify(each)),
    ],
  );
}

/** One number a fact; the counters of all its keys move in one statement. */
async function nextSequences(tx: EntityManager, facts: readonly OutgoingFact[]): Promise<number[]> {
  const id = (noun: string, key: string) => `${noun}\n${key}`;
  const counts = new Map<string, { noun: string; key: string; count: number }>();
  for (const { noun, key } of facts) {
    const known = counts.get(id(noun, key));
    if (known) known.count++;
    else counts.set(id(noun, key), { noun, key, count: 1 });
  }
  const wanted = [...counts.values()];
  const rows = await tx.query<{ noun: string; key: string; seq: number }[]>(
    `insert into key_counter (noun, key, seq) select * from unnest($1::text[], $2::text[], $3::bigint[])
     on conflict (noun, key) do update set seq = key_counter.seq + excluded.seq
     returning noun, key, seq`,
    [wanted.map((each) => each.noun), wanted.map((each) => each.key), wanted.map((each) => each.count)],
  );
  const next = new Map(
    rows.map((row) => [id(row.noun, row.key), Number(row.seq) - counts.get(id(row.noun, row.key))!.count]),
  );
  return facts.map(({ noun, key }) => {
    const sequence = next.get(id(noun, key))! + 1;
    next.set(id(noun, key), sequence);
    return sequence;
  });
}

/** Writes the tasks of a transaction; the same task asked for again is the same row. */
export async function appendTasks(
  tx: EntityManager,
  tasks: readonly OutgoingTask[],
  headers: readonly Readonly<Record<string, string>>[],
): Promise<void> {
  if (tasks.length === 0) return;
  await tx.query(
    `insert into task (id, kind, wakes, key, body, headers, correlation_id, due_at)
     select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::json[], $6::json[], $7::text[], $8::timestamptz[])
     on conflict (id) do nothing`,
    [
      tasks.map((task) => task.id),
      tasks.map((task) => task.kind),
      tasks.map((task) => task.wakes ?? null),
      tasks.map((task) => task.key),
      tasks.map((task) => JSON.stringify(task.body)),
      headers.map((each) => JSON.stringify(each)),
      tasks.map((task) => task.correlationId),
      tasks.map((task) => task.dueAt),
    ],
  );
}

/** Writes the audit entries of a transaction beside the acts that they tell of. */
export async function appendAudits(tx: EntityManager, audits: readonly AuditData[]): Promise<void> {
  if (audits.length === 0) return;
  await tx.query(
    `insert into audit (audit_id, act, actor, cycle_id, portfolio_id, subject, detail, at)
     select * from unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::text[], $6::text[], $7::json[], $8::timestamptz[])`,
    [
      audits.map((audit) => audit.auditId),
      audits.map((audit) => audit.act),
      audits.map((audit) => audit.actor),
      audits.map((audit) => audit.cycleId),
      audits.map((audit) => audit.portfolioId),
      audits.map((audit) => audit.subject),
      audits.map((audit) => JSON.stringify(audit.detail)),
      audits.map((audit) => audit.at),
    ],
  );
}
