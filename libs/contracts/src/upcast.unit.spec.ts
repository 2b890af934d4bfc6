import { describe, expect, it } from '@jest/globals';
import type { Envelope } from './envelope.js';
import { upcast, UPCASTERS, type Upcaster } from './upcast.js';
import { REGISTRY } from './registry.js';

const envelope = (type: string, data: unknown): Envelope => ({
  specversion: '1.0',
  id: '4400b159-00ec-59d5-8927-ed3b05a16714',
  source: '/ballast/feeds',
  type,
  subject: 'main',
  time: '2026-11-20T14:30:00.000Z',
  datacontenttype: 'application/json',
  correlationid: 'c',
  causationid: '4400b159-00ec-59d5-8927-ed3b05a16714',
  keyseq: 7,
  data,
});

/** A made-up history: v1 spoke of cents, v2 of dollars, v3 also of the currency. */
const chain: ReadonlyMap<string, Upcaster> = new Map<string, Upcaster>([
  [
    'feeds.price.seen.v1',
    (old) => ({
      ...old,
      type: 'feeds.price.seen.v2',
      data: { price: ((old.data as { cents: number }).cents / 100).toFixed(2) },
    }),
  ],
  [
    'feeds.price.seen.v2',
    (old) => ({ ...old, type: 'feeds.price.seen.v3', data: { ...(old.data as object), currency: 'USD' } }),
  ],
]);

describe('upcast', () => {
  it('brings an event from any version to the newest, step by step', () => {
    const newest = envelope('feeds.price.seen.v3', { price: '12.50', currency: 'USD' });
    expect(upcast(envelope('feeds.price.seen.v1', { cents: 1250 }), chain)).toEqual(newest);
    expect(upcast(envelope('feeds.price.seen.v2', { price: '12.50' }), chain)).toEqual(newest);
  });

  it('leaves the newest version and strangers as they are', () => {
    const newest = envelope('feeds.price.seen.v3', { price: '1' });
    expect(upcast(newest, chain)).toBe(newest);
    const stranger = envelope('feeds.other.seen.v1', {});
    expect(upcast(stranger, chain)).toBe(stranger);
  });

  it('does not change the event that it was given', () => {
    const old = Object.freeze(envelope('feeds.price.seen.v1', Object.freeze({ cents: 1 })));
    upcast(old, chain);
    expect(old.type).toBe('feeds.price.seen.v1');
  });

  it('knows that an order was always for shares', () => {
    const old = envelope('console.order.requested.v1', { symbol: 'AAPL', quantity: '5' });
    const now = envelope('console.order.requested.v2', { symbol: 'AAPL', quantity: '5', notional: null });
    expect(upcast(old)).toEqual(now);
  });

  it('has, for every version before the newest, a step that leads on', () => {
    const newest = new Map<string, number>();
    for (const { family, noun, verb, version } of REGISTRY.values()) {
      const name = `${family}.${noun}.${verb}`;
      newest.set(name, Math.max(newest.get(name) ?? 0, version));
    }
    const missing = [...newest].flatMap(([name, version]) =>
      Array.from({ length: version - 1 }, (_, i) => `${name}.v${i + 1}`).filter((type) => !UPCASTERS.has(type)),
    );
    expect(missing).toEqual([]);
  });
});
