import { nounFilter, type EventType } from '@ballast/contracts';
import { PATTERN_EXTRAS_METADATA } from '@nestjs/microservices/constants.js';
import type { HandlerExtras } from '../inbox/on.js';
import type { ServiceDefinition } from './define-service.js';

/** The subject filters of a service's durable, read from its wiring list without starting it: what a provisioner creates. */
export function filtersHeardBy(definition: Pick<ServiceDefinition, 'controllers'>): string[] {
  const heard = definition.controllers.flatMap((controller) =>
    Object.getOwnPropertyNames(controller.prototype).flatMap((name) => {
      const method = (controller.prototype as Record<string, unknown>)[name];
      if (typeof method !== 'function') return [];
      const extras = Reflect.getMetadata(PATTERN_EXTRAS_METADATA, method) as Partial<HandlerExtras> | undefined;
      return extras?.handles && 'family' in extras.handles ? [extras.handles as EventType] : [];
    }),
  );
  return [...new Set(heard.map(nounFilter))].sort();
}
