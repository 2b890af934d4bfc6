import { fact, familyOf, MessageParked, type Instant } from '@ballast/contracts';
import type { EntityManager } from 'typeorm';
import { KNOWN_ALERTS, knownAlert } from '../alerts/alerts.js';
import { codeOf, messageOf } from '../errors.js';
import type { Writes } from '../persistence/writes.js';
import { finishTasks, saveCollected } from './batch.js';
import { Collector } from './context.js';
import type { Incoming } from './message.js';
import { saveSettled } from './store.js';

/** What of an error's message is kept. */
const MESSAGE_LENGTH_MAX = 2_000;

/** Sets a message aside that cannot be handled: it is said, a person is told, and later ones of its key wait for it. */
export function park(
  service: string,
  { tx, writes, now }: { readonly tx: EntityManager; readonly writes: Writes; readonly now: Instant },
  message: Incoming,
  error: unknown,
): Collector<never> {
  const family = familyOf(service);
  const collected = new Collector<never>(tx, writes, now, message.body, [message.body], service, family as never);
  const { eventId, key, type } = message;
  const [code, what] = [codeOf(error), messageOf(error).slice(0, MESSAGE_LENGTH_MAX)];
  const parked = { code, consumer: service, eventId, type, key, error: what, at: now };
  if (family) collected.emit([fact(MessageParked[family], parked) as never]);
  collected.alert({
    ...knownAlert('MESSAGE_PARKED', `${service} could not handle ${type} ${eventId}: ${what}`, { eventId, key }, now),
    nextStep: KNOWN_ALERTS.MESSAGE_PARKED.nextStep.replaceAll('<id>', eventId),
  });
  saveSettled(writes, [{ message, state: 'parked', handledAt: null, resultHash: null, reply: undefined }], now);
  writes.send(
    `insert into dead_letter (event_id, code, error, parked_at) values ($1, $2, $3, $4)
     on conflict (event_id) do update set code = excluded.code, error = excluded.error, parked_at = excluded.parked_at,
       resolution = null, resolved_by = null, resolved_at = null`,
    [eventId, code, what, now],
  );
  if (message.finishesTask) finishTasks(writes, [message], now);
  saveCollected(writes, [collected], [{}]);
  return collected;
}

/** Keeps who brought a parked message to an end, and how. */
export function resolveParked(
  writes: Writes,
  eventId: string,
  { resolution, by, now }: { readonly resolution: 'replayed' | 'skipped'; readonly by: string; readonly now: Instant },
): void {
  writes.send(`update dead_letter set resolution = $2, resolved_by = $3, resolved_at = $4 where event_id = $1`, [
    eventId,
    resolution,
    by,
    now,
  ]);
}
