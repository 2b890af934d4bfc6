import { FAMILIES, hashOf, keyOf, uuid5, type Envelope, type EventType, type Family } from '@ballast/contracts';
import { isJson, resolvePointer, type Json } from './json.js';
import { jsonSchemaOf } from './schemas.js';

/** Where the golden example of a type is kept, relative to the repository. */
export const samplePath = (type: string): string => `libs/contracts/samples/${type}.json`;

const INSTANT = '2026-11-20T14:30:00.000Z';
const DAY = '2026-11-20';

/** What a field of this name holds in an example. Each stands in for its shape only where the schema agrees. */
const BY_NAME: Readonly<Record<string, string | number>> = {
  portfolioId: 'main',
  account: 'main',
  universeId: 'default',
  strategyId: 'momentum',
  strategies: 'momentum',
  patternId: 'daily-rebalance',
  sourceId: 'central-bank',
  venue: 'alpaca',
  symbol: 'AAPL',
  symbols: 'AAPL',
  exchange: 'NASDAQ',
  sector: 'Technology',
  price: '187.42',
  referencePrice: '187.42',
  averagePrice: '187.4',
  arrivalPrice: '187.38',
  limitPrice: '187.5',
  averageCost: '171.05',
  quantity: '120',
  filledQuantity: '120',
  cumulativeQuantity: '120',
  leavesQuantity: '0',
  remaining: '40',
  from: '200',
  to: '120',
  notional: '22490.4',
  fees: '0.35',
  cash: '250310.25',
  equity: '1002310.55',
  weight: '0.245',
  residualCash: '0.216',
  slippageBp: '1.07',
  adv: '51230400',
  basis: '20526',
  proceeds: '22490.4',
  gain: '1964.4',
  realised: '1964.4',
  shortTerm: '1964.4',
  longTerm: '0',
  quality: 0.98,
  average: 0.98,
  lowest: 0.91,
  score: 1.284733915,
  volatility: 0.164,
  trendScore: 0.031,
  realisedVolatility: 0.148,
  index: 0.25,
  seed: 7,
  rows: 283_500,
  sessions: 1_260,
  slice: 0,
  attempt: 0,
  code: 'POSITION_SIZE_MAX',
  reason: 'what was compared, in one sentence with its numbers',
  message: 'what was seen, in one sentence with its numbers',
  nextStep: 'Look at it with "ballast status".',
  unit: 'ratio',
  observed: '0.071',
  limit: '0.05',
  ruleVersion: '1',
  limitsVersion: '1',
  open: '2026-11-20T14:30:00.000Z',
  close: '2026-11-20T21:00:00.000Z',
  decideBy: '2026-11-20T14:40:00.000Z',
  completeBy: '2026-11-20T20:30:00.000Z',
  expiresAt: '2026-11-20T14:45:00.000Z',
  lastSession: '2026-11-19',
  acquired: '2026-03-02',
  holdingStart: '2026-03-02',
  eventId: 'rate-decision-2026-11',
  keyId: 'risk-1',
  signature: 'bm90IGEgc2lnbmF0dXJlLCBhbiBleGFtcGxlIG9mIG9uZQ==',
  by: 'operator',
  actor: 'allocator',
  act: 'plan.proposed',
  stage: 'decide',
  executionId: '20261120143000000::f0c3',
  venueOrderId: '61e69015-8549-4bfd-b9c3-01e75843f47d',
  lotId: 'lot-1',
  source: 'prices_daily.csv',
  name: 'prices_daily.csv',
  type: 'feeds.snapshot.sealed.v1',
  key: 'default',
  consumer: 'allocator',
  error: 'TypeError: the volume of row 17 is not a number',
  title: 'Minutes of the committee',
  body: 'Inflation remains elevated. The committee will keep policy restrictive.',
  age_seconds: '95',
  limit_seconds: '60',
};

/** What a shape holds where the field's name says nothing. */
const BY_SHAPE: Readonly<Record<string, (path: string) => string>> = {
  Uuid: (path) => uuid5('sample', path),
  Sha256: (path) => hashOf(['sample', path]),
  ClientOrderId: (path) => hashOf(['sample', path]).slice(0, 32),
  Instant: () => INSTANT,
  SessionDate: () => DAY,
  TickerSymbol: () => 'AAPL',
  Slug: () => 'main',
  DecimalString: () => '1.5',
  NonNegativeDecimal: () => '1.5',
};

/**
 * The golden example of an event type: a whole envelope with one row a list and every
 * optional field. The same type always gives the same example; ids and hashes that
 * name the same thing are the same in all examples.
 */
export function sampleOf(type: EventType): Envelope {
  const schema = jsonSchemaOf(type, '');
  const service = FAMILIES[type.family as Family];
  const made = valueOf(schema, schema, 'data', '') as Record<string, unknown>;
  const data = 'service' in made ? { ...made, service } : made;
  const { cycleId } = data;
  return {
    specversion: '1.0',
    id: uuid5('sample', type.type),
    source: `/ballast/${service}`,
    type: type.type,
    subject: keyOf(type, data),
    time: INSTANT,
    datacontenttype: 'application/json',
    correlationid: typeof cycleId === 'string' ? cycleId : uuid5('sample', 'cause', type.type),
    causationid: uuid5('sample', 'cause', type.type),
    keyseq: 1,
    data,
  };
}

function valueOf(document: Json, node: Json, name: string, shape: string): unknown {
  if (typeof node['$ref'] === 'string') {
    const target = resolvePointer(document, node['$ref']);
    if (!isJson(target)) throw new RangeError(`the reference ${node['$ref']} points nowhere`);
    return valueOf(document, target, name, node['$ref'].replace('#/$defs/', ''));
  }
  if ('const' in node) return node['const'];
  if (Array.isArray(node['enum'])) return node['enum'][0];
  const alternatives = node['anyOf'] ?? node['oneOf'];
  if (Array.isArray(alternatives)) {
    const spoken = (alternatives as Json[]).find((each) => each['type'] !== 'null');
    return valueOf(document, spoken!, name, shape);
  }
  const types = [node['type']].flat();
  if (types.includes('object')) return objectOf(document, node);
  if (types.includes('array')) return [valueOf(document, node['items'] as Json, name, shape)];
  if (types.includes('boolean')) return false;
  if (types.includes('number') || types.includes('integer')) return numberOf(node, name);
  if (types.includes('string')) return textOf(node, name, shape);
  throw new RangeError(`no example can be made for "${name}" of the schema ${JSON.stringify(node)}`);
}

function objectOf(document: Json, node: Json): Json {
  const fields = isJson(node['properties']) ? node['properties'] : null;
  if (!fields) {
    // A record: its names are free, so the example has some that alerts and audit entries use.
    const value = isJson(node['additionalProperties']) ? node['additionalProperties'] : {};
    const names = value['type'] === 'string' ? ['age_seconds', 'limit_seconds'] : ['trades', 'residualCash'];
    return Object.fromEntries(names.map((name) => [name, String(BY_NAME[name] ?? 12)]));
  }
  const made = Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [name, valueOf(document, field as Json, name, '')]),
  );
  // A list of rows says how many there are and what they hash to.
  const isRows = 'inline' in made && 'count' in made && 'hash' in made;
  return isRows ? { ...made, count: (made['inline'] as unknown[]).length, hash: hashOf(made['inline']) } : made;
}

function numberOf(node: Json, name: string): number {
  const named = BY_NAME[name];
  if (typeof named === 'number') return named;
  return Math.max(1, Number(node['minimum'] ?? 1));
}

function textOf(node: Json, name: string, shape: string): string {
  const named = BY_NAME[name];
  if (typeof named === 'string' && fits(node, named)) return named;
  const shaped = BY_SHAPE[shape];
  if (shaped) return shaped(name);
  const plain = `the ${name}`;
  if (!fits(node, plain)) throw new RangeError(`no example is known for "${name}" with ${JSON.stringify(node)}`);
  return plain;
}

function fits(node: Json, text: string): boolean {
  return node['pattern'] === undefined || new RegExp(String(node['pattern'])).test(text);
}
