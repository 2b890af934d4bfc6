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
 * The cycle's attributes, as the message and what the handler says tell them, ride along
 * as W3C baggage; no decision reads them.
 * @param said the data of the facts that the handler has said.
 */
export async function traceHandling<T>(
  telemetry: Telemetry,
  message: Incoming,
  handle: () => Promise<T>,
  said: () => readonly unknown[],
): Promise<{ result: T; headers: Record<string, string> }> {
  const woken = message.source === 'timer';
  const parent = woken ? {} : message.headers;
  const name = `handle ${message.type}`;
  if (!telemetry.enabled) {
    // Spans have ids all the same, for logs, and what others have said of the cycle rides on.
    return telemetry.withRemoteParent(parent, name, {}, SpanKind.CONSUMER, async () => {
      const result = await handle();
      return { result, headers: { ...injectTrace(), ...passedOn(message.headers) } };
    });
  }
  const known = { ...fromBaggage(message.headers['baggage']), ...fromData(message.body.data) };
  const attributes: Attributes = {
    ...cycleAttributes(known),
    'messaging.system': 'ballast',
    'messaging.message.id': message.eventId,
    'messaging.destination.name': message.type,
  };
  return telemetry.withRemoteParent(
    parent,
    name,
    attributes,
    SpanKind.CONSUMER,
    async (span) => {
      const result = await handle();
      const learnt = said().reduce<Travellers>((all, data) => ({ ...all, ...fromData(data) }), known);
      span.setAttributes(cycleAttributes(learnt));
      return { result, headers: { ...injectTrace(), ...toBaggage(learnt) } };
    },
    woken ? linkTo(message.headers) : [],
  );
}

type Travellers = Partial<Record<Travelling, string>>;

const cycleAttributes = (known: Travellers): Attributes =>
  spanAttributes({
    cycleId: known.cycle_id,
    patternId: known.pattern_id,
    pricingPackId: known.pricing_pack_id,
    ledgerCommitHash: known.ledger_commit_hash,
  });

const names = Object.keys(TRAVELLING) as Travelling[];

function fromData(data: unknown): Travellers {
  if (typeof data !== 'object' || data === null) return {};
  const fields = data as Record<string, unknown>;
  return Object.fromEntries(
    names.flatMap((name) => (typeof fields[TRAVELLING[name]] === 'string' ? [[name, fields[TRAVELLING[name]]]] : [])),
  );
}

function fromBaggage(baggage: string | undefined): Travellers {
  const entries = (baggage ?? '').split(',').map((entry) => entry.split('=') as [string, string | undefined]);
  return Object.fromEntries(
    entries.filter(([name, value]) => value !== undefined && (names as string[]).includes(name)),
  );
}

const passedOn = ({ baggage }: Readonly<Record<string, string>>): Record<string, string> =>
  baggage === undefined ? {} : { baggage };

function toBaggage(known: Travellers): Record<string, string> {
  const entries = names.flatMap((name) => (known[name] === undefined ? [] : [`${name}=${known[name]}`]));
  return entries.length === 0 ? {} : { baggage: entries.join(',') };
}
