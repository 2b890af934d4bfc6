import type { DataOf, ReconciliationCompleted } from '@ballast/contracts';

type Reconciled = DataOf<typeof ReconciliationCompleted>;

/** So many breaks are spelled out; the count tells of the rest. */
const SHOWN_MAX = 3;

/** Says in a sentence why a reconciliation was not green; null where it was. */
export function reconciliationFault(status: Reconciled['status'], breaks: Reconciled['breaks']): string | null {
  if (status === 'green') return null;
  if (breaks.length === 0) return 'the venue could not be asked';
  const shown = breaks
    .slice(0, SHOWN_MAX)
    .map(
      ({ kind, subject, ours, venue }) =>
        `${kind} ${subject} is ${ours ?? 'nothing'} here and ${venue ?? 'nothing'} there`,
    );
  const more = breaks.length > SHOWN_MAX ? `, and ${breaks.length - SHOWN_MAX} more` : '';
  return `${shown.join(', ')}${more}`;
}
