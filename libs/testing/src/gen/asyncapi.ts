import { FAMILIES, type EventType } from '@ballast/contracts';
import type { KnownEvent } from './event-types.js';
import { isJson, referencesOf, resolvePointer, type Json } from './json.js';
import { schemaPath } from './schemas.js';

/** A service and the event types that it hears. */
export interface Ears {
  readonly service: string;
  readonly hears: readonly EventType[];
}

const HEADERS = {
  type: 'object',
  description: 'Trace context, which no decision depends on, and what JetStream deduplicates by.',
  properties: {
    'Nats-Msg-Id': { type: 'string', format: 'uuid', description: 'The id of the event.' },
    traceparent: { type: 'string', description: 'W3C trace context of the handler that said it.' },
    tracestate: { type: 'string' },
  },
};

/** A schema's path as the document beside the folder of schemas sees it. */
const fromDocument = (type: string): string => schemaPath(type).replace('libs/contracts/', './');

/**
 * The AsyncAPI 3.0 document of the system: a channel an event type, an operation for who
 * says it and for each service that hears it, messages whose payload is the envelope
 * around the type's own schema.
 */
export function asyncApiOf(events: readonly KnownEvent[], ears: readonly Ears[], version: string): Json {
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Ballast',
      version,
      description:
        'What the services of Ballast say to each other, over one NATS JetStream stream. One writer a subject: a family belongs to one service. Delivery is at least once; order holds per (noun, key) by keyseq.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: 'application/json',
    channels: Object.fromEntries(events.map((event) => [event.type.type, channelOf(event)])),
    operations: Object.fromEntries([
      ...events.map(({ type }) => operationOf(FAMILIES[type.family], 'send', type)),
      ...ears.flatMap(({ service, hears }) => hears.map((type) => operationOf(service, 'receive', type))),
    ]),
    components: {
      messages: Object.fromEntries(events.map((event) => [event.type.type, messageOf(event)])),
      schemas: { headers: HEADERS },
    },
  };
}

const channelOf = ({ type, description }: KnownEvent): Json => ({
  address: `${type.type}.{key}`,
  ...(description === '' ? {} : { description }),
  parameters: {
    key: {
      description: `${type.key.join(' and ')} as one token: letters, digits, - and _ stand for themselves, every other byte is = and two hexadecimal digits`,
    },
  },
  messages: { event: { $ref: `#/components/messages/${type.type}` } },
});

const operationOf = (service: string, action: 'send' | 'receive', type: EventType): [string, Json] => [
  `${service}.${action === 'send' ? 'says' : 'hears'}.${type.type}`,
  {
    action,
    channel: { $ref: `#/channels/${type.type}` },
    tags: [{ name: service }],
    messages: [{ $ref: `#/channels/${type.type}/messages/event` }],
  },
];

const messageOf = ({ type, description, constant }: KnownEvent): Json => ({
  name: type.type,
  title: constant,
  ...(description === '' ? {} : { summary: description }),
  contentType: 'application/json',
  correlationId: { location: '$message.payload#/correlationid' },
  headers: { $ref: '#/components/schemas/headers' },
  payload: {
    allOf: [
      { $ref: fromDocument('envelope') },
      { type: 'object', properties: { type: { const: type.type }, data: { $ref: fromDocument(type.type) } } },
    ],
  },
});

/**
 * What is wrong with an AsyncAPI document of ours: fields that the standard asks for,
 * references that point nowhere, operations whose message is not of their channel.
 * @param fileExists tells whether a file that the document refers to is there.
 */
export function asyncApiFaults(document: Json, fileExists: (path: string) => boolean): string[] {
  const part = (name: string): Json => (isJson(document[name]) ? document[name] : {});
  const info = part('info');
  const faults: string[] = [];
  if (document['asyncapi'] !== '3.0.0') faults.push(`asyncapi is ${String(document['asyncapi'])}, not 3.0.0`);
  if (typeof info['title'] !== 'string' || typeof info['version'] !== 'string')
    faults.push('info has no title or version');
  for (const [name, channel] of Object.entries(part('channels'))) {
    const address = String((channel as Json)['address']);
    const parameters = [...address.matchAll(/\{([^}]+)\}/g)].map((match) => match[1]!);
    const declared = Object.keys(((channel as Json)['parameters'] as Json | undefined) ?? {});
    if (parameters.join() !== declared.join())
      faults.push(`channel ${name}: ${address} does not match ${declared.join()}`);
  }
  for (const [name, operation] of Object.entries(part('operations'))) {
    const { action, channel, messages } = operation as { action: string; channel: Json; messages: Json[] };
    const reference = String(channel['$ref']);
    if (action !== 'send' && action !== 'receive') faults.push(`operation ${name}: the action is ${action}`);
    if (!messages.every((message) => String(message['$ref']).startsWith(`${reference}/messages/`)))
      faults.push(`operation ${name}: a message is not of its channel`);
  }
  for (const reference of new Set(referencesOf(document))) {
    const found = reference.startsWith('#') ? resolvePointer(document, reference) !== undefined : fileExists(reference);
    if (!found) faults.push(`the reference ${reference} points nowhere`);
  }
  return faults;
}
