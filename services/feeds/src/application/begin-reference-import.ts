import { perform, uuid5 } from '@ballast/contracts';
import type { InboxContext } from '@ballast/platform';
import { AS_IT_HAPPENED } from '../domain/reference/columns.js';
import { dateAt } from '../domain/reference/fact.js';
import { ImportReference, type ReferenceRequest, type StartReferenceImport } from '../messages-reference.js';
import { ReferenceImportEntity } from '../persistence/entities/reference-import.entity.js';

/** Notes an import of reference facts down and asks for the reading. @param cause the id of the message that wants it. */
export async function beginReferenceImport(
  ctx: InboxContext<'feeds'>,
  cause: string,
  order: StartReferenceImport,
): Promise<{ readonly importId: string }> {
  const importId = uuid5(cause, 'reference-import');
  const { kind, market, source, path, vendor } = order;
  const knownOn = order.knownOn ?? dateAt(market, ctx.now);
  const request: ReferenceRequest = {
    ...order,
    ...{ importId, knownOn },
    validFrom: order.validFrom ?? (knownOn === AS_IT_HAPPENED ? null : knownOn),
  };
  await ctx.tx.insert(ReferenceImportEntity, {
    ...{ importId, kind, market, source, request, status: 'running', requestedAt: ctx.now },
    ...{ code: null, reason: null, outcome: null, finishedAt: null },
  } as never);
  ctx.later([perform(ImportReference, importId, request)]);
  ctx.audit({ act: 'reference.requested', subject: importId, detail: { kind, market, source, path, vendor } });
  return { importId };
}
