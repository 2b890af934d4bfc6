import { addMilliseconds } from '@ballast/kernel/calendar';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { MachineClock } from '../adapters/ports.js';
import { invalid, isRefusal } from '../domain/refusal.js';
import { placeOrderLate } from './desk.js';
import type { Fault, FaultMenu } from './faults.js';
import type { Venue } from './venue.js';

export interface FaultyParts {
  readonly menu: FaultMenu;
  readonly venue: Venue;
  readonly machine: MachineClock;
  /** Whether a request shows the venue's secret: nobody else may ask for a fault. */
  readonly isAuthorized: (request: FastifyRequest) => boolean;
}

/** Seconds until a client may ask again after a 429. */
const RATE_LIMIT_SECONDS = 60;

/** Lets requests to /v2 go wrong before they are handled, or after, when they have been done. */
export function attachFaults(server: FastifyInstance, parts: FaultyParts): void {
  const { menu, machine } = parts;
  if (!menu.enabled) return;
  const afterwards = new WeakMap<FastifyRequest, Fault>();
  server.addHook('preHandler', async (request, reply) => {
    if (!request.url.startsWith('/v2/') || !parts.isAuthorized(request)) return;
    const fault = menu.forRequest(request.headers, `${request.method} ${pathOf(request)}`);
    if (fault === null) return;
    if (isRefusal(fault)) return reply.status(fault.status).send(fault.body);
    if (fault.name === 'lose-request') return drop(reply);
    if (fault.name === 'rate-limit') return limit(reply, machine);
    if (fault.name === 'accept-after-ms') return acceptLater(request, reply, fault.delayMs, parts);
    afterwards.set(request, fault);
  });
  server.addHook('onSend', async (request, reply, payload) => {
    const fault = afterwards.get(request);
    afterwards.delete(request);
    if (!fault) return payload;
    if (fault.name === 'answer-after-ms') await machine.sleep(fault.delayMs);
    if (fault.name === 'lose-answer') request.raw.socket.destroy();
    if (fault.name !== '5xx-after-accept') return payload;
    reply.status(503).header('content-type', 'application/json; charset=utf-8');
    return JSON.stringify({ code: 50310000, message: 'service unavailable' });
  });
}

/** Keeps an order back, as a network would; it is judged when it arrives, on the venue's clock and over a restart too. */
async function acceptLater(
  request: FastifyRequest,
  reply: FastifyReply,
  delayMs: number,
  { venue }: FaultyParts,
): Promise<unknown> {
  const account = String(request.headers['apca-api-key-id'] ?? '');
  if (request.method !== 'POST' || pathOf(request) !== '/v2/orders' || !venue.account(account)) {
    const refusal = invalid('accept-after-ms is for POST /v2/orders of an open account');
    return reply.status(refusal.status).send(refusal.body);
  }
  await venue.run((uow) => placeOrderLate(uow, account, request.body, addMilliseconds(uow.now, delayMs)));
  return drop(reply);
}

function limit(reply: FastifyReply, machine: MachineClock): FastifyReply {
  const reset = Math.ceil(Date.parse(machine.now()) / 1000) + RATE_LIMIT_SECONDS;
  return reply
    .headers({ 'X-Ratelimit-Limit': '200', 'X-Ratelimit-Remaining': '0', 'X-Ratelimit-Reset': String(reset) })
    .status(429)
    .send({ code: 42910000, message: 'rate limit exceeded' });
}

/** Ends the connection without a word, as a network would. */
function drop(reply: FastifyReply): FastifyReply {
  reply.hijack();
  reply.request.raw.socket.destroy();
  return reply;
}

const pathOf = (request: FastifyRequest): string => request.url.split('?')[0] ?? '';
