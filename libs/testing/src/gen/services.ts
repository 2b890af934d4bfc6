import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { EventType, LocalType } from '@ballast/contracts';
import { messageOf, type ServiceDefinition } from '@ballast/platform';

/** Folders below services/ that are no service on the platform: the world, the host of all, the command line. */
export const NO_PLATFORM_SERVICE: readonly string[] = ['paper-broker', 'embedded', 'cli'];

/** The names of the services on the platform, sorted. */
export const platformServices = (root: string): string[] =>
  readdirSync(join(root, 'services'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !NO_PLATFORM_SERVICE.includes(entry.name))
    .map((entry) => entry.name)
    .filter((name) => existsSync(join(root, 'services', name, 'package.json')))
    .sort();

/** A service as it was built, or why it cannot be looked at. */
export type Loaded =
  | { readonly service: string; readonly definition: ServiceDefinition }
  | { readonly service: string; readonly fault: string };

/** Loads the built definition of a service. */
export async function loadDefinition(root: string, service: string): Promise<Loaded> {
  const file = join(root, 'services', service, 'dist', 'index.js');
  if (!existsSync(file)) return { service, fault: `services/${service} is not built; run "npm run build"` };
  try {
    const definition = definitionIn((await import(pathToFileURL(file).href)) as object, service);
    if (definition) return { service, definition };
    return { service, fault: `services/${service}/src/index.ts exports no definition named "${service}"` };
  } catch (error) {
    return { service, fault: `services/${service} cannot be loaded: ${messageOf(error)}` };
  }
}

/** The definition of a service among the exports of its package. */
export const definitionIn = (exported: object, service: string): ServiceDefinition | undefined =>
  Object.values(exported).find(
    (value): value is ServiceDefinition =>
      typeof value === 'object' &&
      value !== null &&
      'controllers' in value &&
      (value as { name?: unknown }).name === service,
  );

/** A handler: the class, and the message that it handles. */
export interface Handler {
  readonly controller: string;
  readonly handles: EventType | LocalType;
}

/** Where Nest keeps what `@On` says about a method. */
const EXTRAS = 'microservices:pattern_extras';

/** Every handler of a definition, read from what `@On` left on its controllers, in the order of the wiring list. */
export function handlersOf(definition: ServiceDefinition): Handler[] {
  return definition.controllers.flatMap((controller) => {
    const prototype = controller.prototype as Readonly<Record<string, unknown>>;
    return Object.getOwnPropertyNames(prototype).flatMap((name) => {
      const method = prototype[name];
      if (typeof method !== 'function') return [];
      const extras = Reflect.getMetadata(EXTRAS, method) as { handles?: EventType | LocalType } | undefined;
      return extras?.handles ? [{ controller: controller.name, handles: extras.handles }] : [];
    });
  });
}

/** Tells a fact of the bus from a message that stays within its service. */
export const isFact = (handles: EventType | LocalType): handles is EventType => 'family' in handles;

/** The event types that a service hears, sorted by type. */
export const heardBy = (definition: ServiceDefinition): EventType[] =>
  handlersOf(definition)
    .map(({ handles }) => handles)
    .filter(isFact)
    .sort((a, b) => (a.type < b.type ? -1 : 1));

/** The version of the workspace. */
export const workspaceVersion = (root: string): string =>
  (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version;
