import { describe, expect, it } from '@jest/globals';
import type { ConsumerInfo, StreamInfo } from '@nats-io/jetstream';
import { ticksConfig } from './ticks.js';
import { driftOf, isSetBack, limitAlarms, reduceFilters, requireServerVersion, streamConfig } from './provision.js';

describe('provisioning', () => {
  it('names every setting that differs, and takes absent for empty', () => {
    const asked = {
      storage: 'file',
      max_age: 5,
      deny_purge: false,
      subjects: ['b.>', 'a.>'],
      consumer_limits: {},
      description: '',
    };
    expect(driftOf(asked, { storage: 'file', max_age: 5, subjects: ['a.>', 'b.>'] })).toEqual([]);
    expect(driftOf(asked, { storage: 'memory', max_age: 5, deny_purge: true, subjects: ['a.>'] })).toEqual([
      { field: 'storage', asked: 'file', has: 'memory' },
      { field: 'deny_purge', asked: false, has: true },
      { field: 'subjects', asked: ['b.>', 'a.>'], has: ['a.>'] },
    ]);
  });

  it('names a setting that the server dropped', () => {
    const { duplicate_window, ...kept } = streamConfig();
    expect(driftOf(streamConfig(), kept)).toEqual([
      { field: 'duplicate_window', asked: duplicate_window, has: undefined },
    ]);
  });

  it('bounds the stream of ticks by memory and age, and lets the oldest go instead of refusing the newest', () => {
    const { storage, discard, max_bytes, max_age, duplicate_window } = ticksConfig();
    expect({ storage, discard }).toEqual({ storage: 'memory', discard: 'old' });
    expect(max_bytes).toBeGreaterThan(0);
    expect(max_age).toBeGreaterThan(duplicate_window);
    expect(duplicate_window).toBeGreaterThan(0);
    expect(Object.keys(ticksConfig()).sort()).toEqual(Object.keys(streamConfig()).sort());
  });

  it('drops filters that another one covers', () => {
    expect(
      reduceFilters(['risk.plan.>', 'risk.>', 'risk.plan.>', 'tax.lots.updated.v1.*', 'tax.lots.>', 'a.b']),
    ).toEqual(['a.b', 'risk.>', 'tax.lots.>']);
    expect(reduceFilters(['a.*', 'a.>'])).toEqual(['a.>']);
    expect(reduceFilters(['a.*.c', 'a.b.c'])).toEqual(['a.*.c']);
  });

  it.each([
    { ends: 5, floor: 5, delivered: 5, setBack: false },
    { ends: 6, floor: 4, delivered: 5, setBack: false },
    { ends: 4, floor: 5, delivered: 5, setBack: true },
    { ends: 4, floor: 2, delivered: 5, setBack: true },
    { ends: 0, floor: 0, delivered: 0, setBack: false },
  ])('sees a set-back: %j', ({ ends, floor, delivered, setBack }) => {
    const stream = { state: { last_seq: ends } } as StreamInfo;
    const durable = { ack_floor: { stream_seq: floor }, delivered: { stream_seq: delivered } } as ConsumerInfo;
    expect(isSetBack(stream, durable)).toBe(setBack);
  });

  it.each(['2.9.25', '1.4.1', undefined])('refuses server version %s', (version) => {
    expect(() => requireServerVersion(version)).toThrow('needs 2.10.0 or newer');
  });

  it.each(['2.10.0', '2.10.27', '2.12.15', '3.0.0-beta.1'])('takes server version %s', (version) => {
    expect(() => requireServerVersion(version)).not.toThrow();
  });

  it('raises an alarm from four fifths of a limit on', () => {
    const usage = (fraction: number) => ({ limit: 'max_bytes', used: fraction * 100, max: 100, fraction }) as const;
    expect(limitAlarms([usage(0.79), usage(0.8), usage(1)])).toEqual([usage(0.8), usage(1)]);
  });
});
