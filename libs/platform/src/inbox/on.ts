import type { EventType, Family, LocalType } from '@ballast/contracts';
import { EventPattern } from '@nestjs/microservices';

/** What {@link On} leaves behind for the inbox to read from Nest's list of handlers. */
export interface HandlerExtras {
  readonly handles: EventType<Family, unknown> | LocalType<unknown>;
}

/**
 * Marks a controller method as the handler of an event type, or of a local message.
 * It receives `@Payload() event` and `@Ctx() ctx: InboxContext`; one handler a type.
 */
export const On = (type: EventType<Family, never> | EventType | LocalType<never> | LocalType): MethodDecorator =>
  EventPattern(type.type, { handles: type } satisfies HandlerExtras as Record<string, unknown>) as MethodDecorator;
