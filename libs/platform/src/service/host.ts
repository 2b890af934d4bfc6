import type { Bus } from '../bus/bus.js';
import type { Clock } from '../clock/clock.js';
import type { Checkpoint } from '../inbox/inbox.js';
import type { Secret } from '../config/secret.js';
import type { PackStore } from '../packs/pack-store.js';
import type { Logger } from 'pino';

/** What a process gives to the services that run in it. */
export interface Host {
  readonly clock: Clock;
  readonly bus: Bus;
  readonly packs: PackStore;
  /** The service's environment; its zod config reads nothing else. */
  readonly env: (service: string) => Readonly<Record<string, string | undefined>>;
  /** `postgres://` of the service's own role. */
  readonly databaseUrl: (service: string) => string;
  /** The bearer token that HTTP asks for. */
  readonly token: Secret;
  readonly logger: (service: string) => Logger;
  /** Called at the moments where the simulator may kill a service; does nothing elsewhere. */
  readonly checkpoint?: (service: string, point: Checkpoint) => void;
  /** `stepped`: no loop runs, and whoever made the host takes every step. */
  readonly drive: 'loops' | 'stepped';
}
