import { local, uuid5, type Instant } from '@ballast/contracts';
import { z } from 'zod';
import type { Inbox } from '../inbox/inbox.js';
import { fromWithin } from '../inbox/message.js';

/** This instance of the service became the active one: the first message that is handled under its epoch. */
export const Activated = local('activated', z.object({ epoch: z.int().min(0) }));

/**
 * Tells a service that has a handler for it that it begins, or begins again, under an epoch of its lease.
 * @throws what kept the inbox from taking it: a service that closes its doors by this message must not begin without.
 */
export async function tellActivated(service: string, inbox: Inbox, epoch: number, at: Instant): Promise<void> {
  if (!inbox.handled().some(({ type }) => type === Activated.type)) return;
  const id = uuid5('activated', service, epoch);
  const message = { id, type: Activated.type, key: service, data: { epoch }, at, correlationId: id, causationId: id };
  const [received] = await inbox.receive([fromWithin(service, 'command', message, {})]);
  if (received!.status === 'retry') throw received!.error;
}
