import { describe, expect, it } from '@jest/globals';
import { SERVICES } from '../services.js';
import { ownerOf } from './owner.js';

const services = [
  { name: 'desk', paths: ['/api/v1/orders', '/api'] },
  { name: 'gateway', paths: ['GET /api/v1/orders', 'POST /api/v1/orders/:id/cancel', '/api/v1/halt'] },
  { name: 'silent' },
];

describe('who answers a request', () => {
  it.each([
    ['POST', '/api/v1/orders', 'desk'],
    ['POST', '/api/v1/orders/cancel', 'desk'],
    ['POST', '/api/v1/orders/abc/cancel', 'gateway'],
    ['POST', '/api/v1/orders/abc/other', 'desk'],
    ['GET', '/api/v1/orders', 'gateway'],
    ['GET', '/api/v1/orders?book=main', 'gateway'],
    ['GET', '/api/v1/orders/abc/slices', 'gateway'],
    ['GET', '/api/v1/ordersheet', 'desk'],
    ['DELETE', '/api/v1/halt', 'gateway'],
    ['GET', '/metrics', undefined],
  ])('%s %s: %s', (method, url, owner) => {
    expect(ownerOf(services, method, url)?.name).toBe(owner);
  });

  it('is one service of ours, whichever is asked first', () => {
    const claims = SERVICES.flatMap(({ paths }) => paths ?? []);
    expect(new Set(claims).size).toBe(claims.length);
  });
});
