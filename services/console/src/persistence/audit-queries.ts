import type { AuditData } from '@ballast/contracts';
import type { InboxContext, Writing } from '@ballast/platform';
import type { DataSource } from 'typeorm';
import { append, endOf, GENESIS, walk, type Break, type Head } from '../domain/audit-chain.js';
import { AuditEntryEntity } from './entities/audit-entry.entity.js';
import { AuditHeadEntity } from './entities/audit-head.entity.js';
import { pageOf, type Page } from './page.js';

/** Puts an entry behind the end of the chain. Every act in the system passes here, so it is two plain statements. */
export async function appendAudit(ctx: Pick<InboxContext, 'tx'> & Writing, entry: AuditData): Promise<void> {
  const [head] = await ctx.tx.query<[Head]>(`select sequence, hash from audit_head`);
  const { sequence, auditId, previousHash, hash, service, cycleId } = append(head, entry);
  ctx.write(
    `with link as (
       insert into audit_entry (sequence, audit_id, previous_hash, hash, service, cycle_id, entry)
       values ($1, $2, $3, $4, $5, $6, $7)
     )
     update audit_head set sequence = $1, hash = $4`,
    [sequence, auditId, previousHash, hash, service, cycleId, JSON.stringify(entry)],
  );
}

export interface AuditQuery {
  readonly cycleId?: string | undefined;
  readonly service?: string | undefined;
  /** The sequence of the last entry of the page before. */
  readonly after: number;
  readonly limit: number;
}

/** Entries in the order of the chain. */
export async function listAudit(dataSource: DataSource, query: AuditQuery): Promise<Page<AuditEntryEntity>> {
  const { cycleId, service, after, limit } = query;
  const select = dataSource.manager
    .createQueryBuilder(AuditEntryEntity, 'entry')
    .where('entry.sequence > :after', { after });
  if (cycleId !== undefined) select.andWhere('entry.cycle_id = :cycleId', { cycleId });
  if (service !== undefined) select.andWhere('entry.service = :service', { service });
  const rows = await select
    .orderBy('entry.sequence')
    .limit(limit + 1)
    .getMany();
  return pageOf(rows, limit, ({ sequence }) => String(sequence));
}

export type Verification =
  | { readonly ok: true; readonly entries: number; readonly head: string }
  | { readonly ok: false; readonly entries: number; readonly head: string; readonly broken: Break };

const CHUNK = 2_000;

/** Walks the whole chain up to the end that it has now; `entries` counts those that are right. */
export async function verifyAudit(dataSource: DataSource): Promise<Verification> {
  const end = await dataSource.manager.findOneByOrFail(AuditHeadEntity, { one: true });
  let head: Head = { sequence: 0, hash: GENESIS };
  for (;;) {
    const links = await dataSource.manager
      .createQueryBuilder(AuditEntryEntity, 'entry')
      .where('entry.sequence > :after and entry.sequence <= :end', { after: head.sequence, end: end.sequence })
      .orderBy('entry.sequence')
      .limit(CHUNK)
      .getMany();
    const walked = walk(head, links);
    head = walked.head;
    const broken = walked.broken ?? (links.length === 0 ? endOf(head, end) : null);
    if (broken) return { ok: false, entries: head.sequence, head: head.hash, broken };
    if (links.length === 0) return { ok: true, entries: head.sequence, head: head.hash };
  }
}
