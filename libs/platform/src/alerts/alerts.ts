import type { AlertData, Instant } from '@ballast/contracts';

interface KnownAlert {
  readonly severity: AlertData['severity'];
  /** What a person should do about it. */
  readonly nextStep: string;
}

/**
 * The alerts that the platform itself raises, in every service. Services add codes of
 * their own beside the rules that raise them.
 */
export const KNOWN_ALERTS = {
  MESSAGE_PARKED: {
    severity: 'critical',
    nextStep:
      'Read it with "ballast dlq show <id>", mend the cause, then "ballast dlq replay <id>" or "ballast dlq skip <id>".',
  },
  OUTBOX_STALLED: {
    severity: 'critical',
    nextStep:
      'See "ballast status": the bus is away, or a transaction stays open in Postgres; the rows are safe and go out by themselves.',
  },
  GAP_UNFILLED: {
    severity: 'critical',
    nextStep:
      'Check that the sender runs and its relay moves ("ballast status"); the reconciler asks again until the message comes.',
  },
  DURABLE_RECREATED: {
    severity: 'warning',
    nextStep:
      'The stream was set back, probably by a power loss; look for GAP_UNFILLED. Nothing is to be done where none follows.',
  },
  STREAM_REPUBLISHED: {
    severity: 'warning',
    nextStep: 'The stream had lost messages and was filled from the outbox; check the disk of the NATS server.',
  },
  STREAM_NEARLY_FULL: {
    severity: 'critical',
    nextStep: "Raise the stream's limits or let old messages go; at 100 % nothing new is taken in and trading stops.",
  },
  CONSUMER_STALLED: {
    severity: 'warning',
    nextStep: 'The subscription was bound again; where this repeats, check the connection to NATS.',
  },
  TASK_UNKNOWN: {
    severity: 'critical',
    nextStep:
      'A call to the world may or may not have happened; it is not made again. Compare with the other side by hand.',
  },
  TASK_FAILED: {
    severity: 'warning',
    nextStep: 'The retries ran out; see the reason, mend it, and ask for the work again.',
  },
  TRANSACTION_TOO_LONG: {
    severity: 'warning',
    nextStep: 'A long transaction holds up every relay of the cluster; find it in pg_stat_activity and end it.',
  },
  PACK_CORRUPT: {
    severity: 'critical',
    nextStep:
      'Run "ballast pack verify"; restore the file from a copy or import the data again. No cycle uses it until then.',
  },
  AUDIT_CHAIN_BROKEN: {
    severity: 'critical',
    nextStep:
      'Run "ballast audit verify" for the first entry that differs; keep the database as it is and find who changed it.',
  },
} as const satisfies Readonly<Record<string, KnownAlert>>;

export type KnownAlertCode = keyof typeof KNOWN_ALERTS;

/**
 * The data of an alert whose code the platform knows.
 * @param message what happened, in one sentence.
 * @param numbers what was compared, by name with its unit: `{ age_seconds: '95', limit_seconds: '60' }`.
 * @param at the moment it was seen.
 */
export function knownAlert(
  code: KnownAlertCode,
  message: string,
  numbers: Readonly<Record<string, string>>,
  at: Instant,
): AlertData {
  const { severity, nextStep } = KNOWN_ALERTS[code];
  return { code, severity, message, numbers: { ...numbers }, nextStep, at };
}

/** White space and control characters: a line of a log must stay one line whatever an alert quotes. */
const oneLine = (text: string): string => text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();

/** An alert in one line, for logs and the command line: severity, code, message, numbers sorted by name, next step. */
export function alertText(alert: AlertData): string {
  const numbers = Object.entries(alert.numbers)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`);
  const compared = numbers.length === 0 ? '' : ` (${numbers.join(', ')})`;
  return oneLine(
    `${alert.at} ${alert.severity.toUpperCase()} ${alert.code}: ${alert.message}${compared}. Next: ${alert.nextStep}`,
  );
}
