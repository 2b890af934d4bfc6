import {
  EnvelopeSchema,
  eventType,
  subjectOf,
  upcast,
  uuid5,
  type Envelope,
  type EventType,
  type Instant,
  type LocalType,
} from '@ballast/contracts';
import type { BusMessage } from '../bus/bus.js';
import { Fault, messageOf } from '../errors.js';

export type Source = 'bus' | 'command' | 'timer' | 'answer';

/** A message on its way into the inbox, whatever its door. */
export interface Incoming {
  readonly eventId: string;
  readonly source: Source;
  readonly type: string;
  /** `<family>.<noun>` for facts; null for local messages, which need no order. */
  readonly noun: string | null;
  readonly key: string;
  readonly keySeq: number | null;
  readonly correlationId: string;
  /** The whole message as handlers see it. */
  readonly body: Envelope;
  readonly headers: Readonly<Record<string, string>>;
  readonly streamSequence: number | null;
  /** The task that is done when this message is committed. */
  readonly finishesTask?: string;
}

/** What became of a message. */
export type Received =
  | { readonly status: 'handled' | 'duplicate'; readonly reply?: Reply; readonly body?: Envelope }
  | { readonly status: 'waiting' }
  | { readonly status: 'parked'; readonly code: string; readonly error: string }
  | { readonly status: 'retry'; readonly error: unknown };

/** What a handler answers to a command: an HTTP status and a body; kept with the row, so that a repeat gets the same. */
export interface Reply {
  readonly status: number;
  readonly body: unknown;
}

/**
 * Reads a fact from the bus: well-formed JSON, an envelope, brought to its newest version.
 * @throws Fault ENVELOPE_INVALID where it is not.
 */
export function fromBus(message: BusMessage, streamSequence: number): Incoming {
  let said: Envelope;
  let body: Envelope;
  try {
    said = EnvelopeSchema.parse(JSON.parse(message.body)) as Envelope;
    body = upcast(said);
  } catch (error) {
    throw new Fault('ENVELOPE_INVALID', `message ${message.id} on ${message.subject} is no event: ${messageOf(error)}`);
  }
  // Permissions bind a service to subjects; only where type and key are those of the subject do they bind what it says.
  // An old version travels under its own name.
  if (subjectOf(knownType(said.type), said.subject) !== message.subject) {
    throw new Fault(
      'SUBJECT_MISMATCH',
      `message ${message.id} says it is ${said.type} of "${said.subject}" but came on ${message.subject}`,
    );
  }
  const [family, noun] = body.type.split('.');
  return {
    eventId: body.id,
    source: 'bus',
    type: body.type,
    noun: `${family}.${noun}`,
    key: body.subject,
    keySeq: body.keyseq,
    correlationId: body.correlationid,
    body,
    headers: message.headers,
    streamSequence,
  };
}

/** Stands in the inbox for a message that could not be read, so that it can be parked and looked at. */
export function unreadable(message: BusMessage, service: string): Incoming {
  const id = uuid5('unreadable', message.id, message.subject);
  const data = { subject: message.subject, body: message.body };
  return fromWithin(
    service,
    'command',
    {
      id,
      type: 'local.unreadable',
      key: message.subject,
      data,
      at: UNKNOWN_TIME,
      correlationId: id,
      causationId: id,
    },
    message.headers,
  );
}

/** The time of a message whose own time could not be read. */
const UNKNOWN_TIME: Instant = '1970-01-01T00:00:00.000Z';

/** A message that enters by another door than the bus, in the same envelope. */
export function fromWithin(
  service: string,
  source: Exclude<Source, 'bus'>,
  message: {
    id: string;
    type: string;
    key: string;
    data: unknown;
    at: Instant;
    correlationId: string;
    causationId: string;
  },
  headers: Readonly<Record<string, string>>,
  finishesTask?: string,
): Incoming {
  return {
    eventId: message.id,
    source,
    type: message.type,
    noun: null,
    key: message.key,
    keySeq: null,
    correlationId: message.correlationId,
    body: {
      specversion: '1.0',
      id: message.id,
      source: `/ballast/${service}`,
      type: message.type,
      subject: message.key,
      time: message.at,
      datacontenttype: 'application/json',
      correlationid: message.correlationId,
      causationid: message.causationId,
      keyseq: 1,
      data: message.data,
    },
    headers,
    streamSequence: null,
    ...(finishesTask === undefined ? {} : { finishesTask }),
  };
}

/**
 * Checks the data of a message against what its handler expects, and leaves it as it
 * came: a field that a newer publisher added stays, so that hashes over it still fit.
 * @throws Fault MESSAGE_INVALID naming each field.
 */
export function checked(body: Envelope, handles: EventType | LocalType): Envelope {
  const result = handles.schema.safeParse(body.data);
  if (result.success) return body;
  const fields = result.error.issues.map((issue) => `${issue.path.join('.') || 'data'}: ${issue.message}`).join('; ');
  throw new Fault('MESSAGE_INVALID', `${body.type} ${body.id}: ${fields}`);
}

/** The event type of a fact, or a Fault where contracts do not know it. */
export function knownType(type: string): EventType {
  try {
    return eventType(type);
  } catch (error) {
    throw new Fault('TYPE_UNKNOWN', messageOf(error));
  }
}
