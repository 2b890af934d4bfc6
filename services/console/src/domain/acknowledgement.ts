import type { Instant } from '@ballast/contracts';
import type { Refused } from './refused.js';

/** Why an alert cannot be acknowledged; null where it can. `alert` is null where nobody raised it. */
export function acknowledgementFault(
  alertId: string,
  alert: { readonly acknowledgedAt: Instant | null; readonly acknowledgedBy: string | null } | null,
): Refused | null {
  if (!alert) {
    return {
      status: 404,
      code: 'ALERT_NOT_FOUND',
      title: 'There is no such alert',
      detail: `No alert ${alertId} was raised.`,
      nextStep: 'List the alerts with "ballast alert list".',
    };
  }
  if (alert.acknowledgedAt === null) return null;
  return {
    status: 409,
    code: 'ALERT_ACKNOWLEDGED',
    title: 'The alert was acknowledged before',
    detail: `${alert.acknowledgedBy} acknowledged it at ${alert.acknowledgedAt}.`,
    nextStep: 'Nothing is left to do.',
  };
}
