import { AlertRaised, local, uuid5, type AlertData, type Instant } from '@ballast/contracts';
import { fromWithin, type Incoming } from '../inbox/message.js';

/** What an alert says is one sentence; a long error text within it is cut. */
const MESSAGE_CHARACTERS_MAX = 1_000;

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
  MESSAGE_WAITING: {
    severity: 'warning',
    nextStep:
      'See "ballast dlq list" for what stands before it; where nothing is parked a fact is missing, and GAP_UNFILLED follows if it does not come.',
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
  TASK_UNKNOWN: {
    severity: 'critical',
    nextStep:
      'A call to the world may or may not have happened; it is not made again. Compare with the other side by hand.',
  },
  TASK_FAILED: {
    severity: 'warning',
    nextStep: 'The retries ran out; see the reason, mend it, and ask for the work again.',
  },
} as const satisfies Readonly<Record<string, KnownAlert>>;

export type KnownAlertCode = keyof typeof KNOWN_ALERTS;

/**
 * The data of an alert whose code the platform knows.
 * @param message what happened, in one sentence; a longer text is cut.
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
  return { code, severity, message: message.slice(0, MESSAGE_CHARACTERS_MAX), numbers: { ...numbers }, nextStep, at };
}

/** An alert with what it is about; of one episode it is raised once, however often it is brought. */
export interface Raised {
  /** What stands still or went wrong, and since when, so that the next time is another episode. */
  readonly episode: string;
  readonly alert: AlertData;
}

/**
 * The platform's own local message: what a loop has seen enters by the inbox, so that it
 * is in the recording. The inbox handles it itself.
 */
export const RaiseAlert = local('platform.alert', AlertRaised.feeds.schema);

/** The message that brings an alert to the inbox of a service. */
export function alertMessage(service: string, { episode, alert }: Raised): Incoming {
  const id = uuid5(service, RaiseAlert.type, alert.code, episode);
  const message = { id, type: RaiseAlert.type, key: alert.code, data: alert, at: alert.at };
  return fromWithin(service, 'command', { ...message, correlationId: id, causationId: id }, {});
}
