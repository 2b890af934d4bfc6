import { Violation } from '@ballast/testing';

export interface CycleRow {
  readonly cycle_id: string;
  readonly status: string;
  readonly outcome: string | null;
  readonly code: string | null;
  readonly reason: string | null;
  readonly stages: Readonly<Record<string, string>>;
}

/** Every cycle closes, or aborts and says why. */
export function everyCycleEnds(cycles: readonly CycleRow[]): void {
  for (const { cycle_id: id, status, outcome, code, reason } of cycles) {
    const ended = (status === 'closed' && outcome) || (status === 'aborted' && code && reason);
    if (!ended)
      throw new Violation('every cycle ends', `cycle ${id} is ${status} (${outcome ?? code ?? 'without a reason'})`);
  }
}

export interface AuditRow {
  readonly audit_id: string;
  readonly service: string;
  readonly act: string;
  readonly cycle_id: string | null;
}

/** The service that writes about a stage of a cycle, and what it calls it. */
const WITNESSES: Readonly<Record<string, readonly [string, string]>> = {
  opened: ['orchestrator', 'cycle.opened'],
  sealed: ['feeds', 'snapshot.sealed'],
  valued: ['portfolio', 'position.valued'],
  planned: ['allocator', 'plan.'],
  assessed: ['tax', 'impact.assessed'],
  judged: ['risk-guardrails', 'plan.judged'],
  executing: ['execution-gateway', 'schedule.planned'],
  reconciled: ['execution-gateway', 'reconciliation.completed'],
  posted: ['portfolio', 'ledger.posted'],
};

/** Each stage that a cycle passed has an entry of the service that took it there, and its end has one. */
export function auditHasEveryStage(cycles: readonly CycleRow[], audit: readonly AuditRow[]): void {
  for (const { cycle_id: id, status, stages } of cycles) {
    const entries = audit.filter((entry) => entry.cycle_id === id);
    const missing = (what: string): Violation =>
      new Violation('audit has every stage', `cycle ${id} is ${status}, and its audit has no entry for ${what}`);
    for (const stage of Object.keys(stages)) {
      const witness = WITNESSES[stage];
      if (!witness) continue;
      const [service, act] = witness;
      if (!entries.some((entry) => entry.service === service && entry.act.startsWith(act))) throw missing(stage);
    }
    if (!entries.some((entry) => entry.act === `cycle.${status}`)) throw missing('its end');
  }
}

/** Every entry of every service is in the console's chain, once, and the chain holds. */
export function auditIsChained(
  own: readonly AuditRow[],
  chained: ReadonlySet<string>,
  verification: { readonly ok: boolean; readonly detail: string },
): void {
  const lost = own.find((entry) => !chained.has(entry.audit_id));
  if (lost)
    throw new Violation(
      'the audit is chained',
      `${lost.act} of ${lost.service} (${lost.audit_id}) is not in the chain`,
    );
  if (!verification.ok)
    throw new Violation('the audit is chained', `the chain does not verify: ${verification.detail}`);
}
