import * as allocator from './allocator.js';
import * as consoleFamily from './console.js';
import { FAMILIES, type EventType, type Family, type ServiceName } from './define.js';
import * as execution from './execution.js';
import * as feedsFacts from './feeds-facts.js';
import * as feeds from './feeds.js';
import { AlertRaised, AuditRecorded, MessageParked } from './operations.js';
import * as orchestrator from './orchestrator.js';
import * as policy from './policy.js';
import * as portfolio from './portfolio.js';
import * as risk from './risk.js';
import * as signal from './signal.js';
import * as tax from './tax.js';

const isEventType = (value: unknown): value is EventType =>
  typeof value === 'object' && value !== null && 'type' in value && 'family' in value && 'schema' in value;

const modules: readonly object[] = [
  orchestrator,
  feeds,
  feedsFacts,
  signal,
  policy,
  allocator,
  tax,
  risk,
  execution,
  portfolio,
  consoleFamily,
  AlertRaised,
  MessageParked,
  AuditRecorded,
];

/** Every event type there is, by its type string. */
export const REGISTRY: ReadonlyMap<string, EventType> = new Map(
  modules.flatMap((module) =>
    Object.values(module)
      .filter(isEventType)
      .map((type) => [type.type, type] as const),
  ),
);

/** The event type of a type string. @throws RangeError where nobody defined it. */
export function eventType(type: string): EventType {
  const found = REGISTRY.get(type);
  if (!found) throw new RangeError(`no event type "${type}" in the registry of contracts`);
  return found;
}

/** The service that may say facts of a family. */
export const ownerOf = (family: Family): ServiceName => FAMILIES[family];

/** The family that a service says its facts in; null for services that own none. */
export function familyOf(service: string): Family | null {
  const found = Object.entries(FAMILIES).find(([, owner]) => owner === service);
  return found ? (found[0] as Family) : null;
}

/**
 * A key as one token of a NATS subject: letters, digits, `-` and `_` stand for
 * themselves, every other byte becomes `=` and two hexadecimal digits.
 */
export function subjectToken(key: string): string {
  if (/^[A-Za-z0-9_-]*$/.test(key)) return key;
  return [...Buffer.from(key, 'utf8')]
    .map((byte) => {
      const char = String.fromCharCode(byte);
      return /[A-Za-z0-9_-]/.test(char) ? char : `=${byte.toString(16).padStart(2, '0')}`;
    })
    .join('');
}

/** The subject an event travels on: `<family>.<noun>.<past verb>.v<N>.<key>`. */
export const subjectOf = (type: EventType, key: string): string => `${type.type}.${subjectToken(key)}`;

/** The subject filter by which a service hears a whole noun, so that it sees every `keyseq`. */
export const nounFilter = (type: Pick<EventType, 'family' | 'noun'>): string => `${type.family}.${type.noun}.>`;

/** The subject filter of everything a family says. */
export const familyFilter = (family: Family): string => `${family}.>`;

/** Every subject of the stream of decisions. */
export const EVENT_SUBJECTS: readonly string[] = (Object.keys(FAMILIES) as Family[]).map(familyFilter);
