import { canonicalJson, uuid5, type LocalType } from '@ballast/contracts';
import type { Clock } from '../clock/clock.js';
import { Problem } from '../http/problem.js';
import type { Inbox } from '../inbox/inbox.js';
import type { Refusal } from '../inbox/context.js';
import { fromWithin, type Received } from '../inbox/message.js';
import { messageOf } from '../errors.js';

/** Where commands of the outside come in: they pass the inbox like everything else, and wait for its answer. */
export class Door {
  constructor(
    private readonly service: string,
    private readonly inbox: Inbox,
    private readonly clock: Clock,
    private readonly traceHeaders: () => Record<string, string>,
  ) {}

  /**
   * Hands a command to its handler and returns what the handler replied.
   * @param key what the command is about; used for reading only.
   * @param idempotencyKey the same key is the same command: it is handled once, and a repeat gets the first answer.
   * @throws Problem what the handler refused with; 422 IDEMPOTENCY_KEY_REUSED where the key came with other
   *   data before; 503 TRY_AGAIN where a dependency is away; 500 COMMAND_PARKED where the handler failed.
   */
  async command<D>(type: LocalType<D>, key: string, data: D, idempotencyKey: string): Promise<unknown> {
    const id = uuid5(this.service, type.type, idempotencyKey);
    const message = { id, type: type.type, key, data, at: this.clock.now(), correlationId: id, causationId: id };
    const [received] = (await this.inbox.receive([
      fromWithin(this.service, 'command', message, this.traceHeaders()),
    ])) as [Received];
    switch (received.status) {
      case 'duplicate':
        this.#sameData(received.body?.data, data, idempotencyKey);
        return answerOf(received.reply);
      case 'handled':
        return answerOf(received.reply);
      case 'parked':
        throw new Problem({
          status: 500,
          code: 'COMMAND_PARKED',
          title: 'The command could not be handled',
          detail: `It was put aside as ${id} with ${received.code}; nothing was done.`,
          nextStep: `Look at it with "ballast dlq show ${id}".`,
        });
      case 'retry':
        throw new Problem({
          status: 503,
          code: 'TRY_AGAIN',
          title: 'A dependency is away',
          detail: messageOf(received.error),
          nextStep: 'Send the same request with the same Idempotency-Key again; it will not be done twice.',
          headers: { 'retry-after': '2' },
        });
      case 'waiting':
        throw new Error('a command has no key order to wait for');
    }
  }

  #sameData(before: unknown, now: unknown, key: string): void {
    if (before === undefined || canonicalJson(before) === canonicalJson(now)) return;
    throw new Problem({
      status: 422,
      code: 'IDEMPOTENCY_KEY_REUSED',
      title: 'The Idempotency-Key was used for something else',
      detail: `"${key}" came with other data before.`,
      nextStep: 'Use a fresh key for a new request; repeat a request unchanged.',
    });
  }
}

function answerOf(reply: { status: number; body: unknown } | undefined): unknown {
  if (reply && reply.status >= 400) throw new Problem(reply.body as Refusal);
  return reply?.body;
}
