import { SpanKind, type Attributes } from '@opentelemetry/api';
import type { Incoming } from '../inbox/message.js';
import { injectTrace, linkTo, spanAttributes, type Telemetry } from '../telemetry/telemetry.js';

/** The attributes that travel with a cycle, by their name in a span, and where messages carry them. */
const TRAVELLING = {
  cycle_id: 'cycleId',
  pattern_id: 'patternId',
  pricing_pack_id: 'pricingPackId',
  ledger_commit_hash: 'ledgerCommitHash',
} as const;

type Travelling = keyof typeof TRAVELLING;

/**
 * Runs a handler in a span that follows the message. What a timer wakes begins a
 * trace of its own, linked to the one that set it: a TWAP of an hour is not one span tree.
 * The cycle's attributes ride along as W3C baggage; no decision reads them.
 */
export async function traceHandling<T>(
  telemetry: Telemetry,
  message: Incoming,
  handle: () => Promise<T>,
): Promise<{ result: T; headers: Record<string, string> }> {
  const known = { ...fromBaggage(message.headers['baggage']), ...fromData(message.body.data) };
  const woken = message.source === 'timer';
  const attributes: Attributes = {
    ...spanAttributes({
      cycleId: known.cycle_id,
      patternId: known.pattern_id,
      pricingPackId: known.pricing_pack_id,
      ledgerCommitHash: known.ledger_commit_hash,
    }),
    'messaging.system': 'ballast',
    'messaging.message.id': message.eventId,
    'messaging.destination.name': message.type,
  };
  return telemetry.withRemoteParent(
    woken ? {} : message.headers,
    `handle ${message.type}`,
    attributes,
    SpanKind.CONSUMER,
    async () => ({ result: await handle(), headers: { ...injectTrace(), ...toBaggage(known) } }),
    woken ? linkTo(message.headers) : [],
  );
}

const names = Object.keys(TRAVELLING) as Travelling[];

function fromData(data: unknown): Partial<Record<Travelling, string>> {
  if (typeof data !== 'object' || data === null) return {};
  const fields = data as Record<string, unknown>;
  return Object.fromEntries(
    names.flatMap((name) => (typeof fields[TRAVELLING[name]] === 'string' ? [[name, fields[TRAVELLING[name]]]] : [])),
  );
}

function fromBaggage(baggage: string | undefined): Partial<Record<Travelling, string>> {
  const entries = (baggage ?? '').split(',').map((entry) => entry.split('=') as [string, string | undefined]);
  return Object.fromEntries(
    entries.filter(([name, value]) => value !== undefined && (names as string[]).includes(name)),
  );
}

function toBaggage(known: Partial<Record<Travelling, string>>): Record<string, string> {
  const entries = names.flatMap((name) => (known[name] === undefined ? [] : [`${name}=${known[name]}`]));
  return entries.length === 0 ? {} : { baggage: entries.join(',') };
}
