import type { Instant } from '@ballast/contracts';
import type { Bus } from '../bus/bus.js';
import type { Clock } from '../clock/clock.js';
import type { Checkpoint } from '../inbox/inbox.js';
import type { Incoming } from '../inbox/message.js';
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
  /** Calls on the world that a service has under way at once; 16 unless told. */
  readonly workers?: number;
  /** Told once where another instance of a service has become active: what runs here of it has stopped, and should be started anew to stand by. */
  readonly superseded?: (service: string, detail: string) => void;
  /** Called at the moments where the simulator may kill a service; does nothing elsewhere. */
  readonly checkpoint?: (service: string, point: Checkpoint) => void | Promise<void>;
  /** In a replay, the recorded moment of a message; without it a message is handled at the clock's present moment. */
  readonly momentOf?: (message: Incoming) => Instant;
  /** `stepped`: no loop runs, and whoever made the host takes every step. */
  readonly drive: 'loops' | 'stepped';
}
