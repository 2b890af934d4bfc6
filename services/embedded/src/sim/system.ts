import { executionGateway, VENUE, VenueStream } from '@ballast/execution-gateway';
import { createLogger, type PackStore, type ServiceDefinition } from '@ballast/platform';
import type { SigningKeyFiles } from '@ballast/risk-guardrails';
import { Simulation, type SimDatabase } from '@ballast/testing';
import { SIMULATED_PACE } from '../host/simulated-pace.js';
import { SERVICES } from '../services.js';
import type { SimVenue } from './venue/sim-venue.js';

/** What the runs of a worker share. */
export interface Bench {
  readonly database: SimDatabase;
  readonly packs: PackStore;
  readonly keys: SigningKeyFiles;
}

/** A Monday, an hour into the session, so that a cycle may trade at once. */
export const START = '2024-03-04T15:30:00.000Z';
/** The last session that has closed by then. */
export const AS_OF = '2024-03-01';
export const SESSION_CLOSE = '2024-03-04T21:00:00.000Z';
/** A cycle that opens after the close trades in the next session; every deadline of that has passed by then. */
export const HORIZON = '2024-03-05T22:30:00.000Z';

/** Short schedules and small plans: a run has to be quick, and a rule is a rule at any size. */
export const environmentOf = (keys: SigningKeyFiles): Readonly<Record<string, string>> => ({
  EXECUTION_VENUE_URL: 'http://127.0.0.1:9',
  EXECUTION_VENUE_SECRET: 'secret-of-a-venue-in-memory',
  EXECUTION_RISK_PUBLIC_KEY_FILE: keys.publicKeyFile,
  EXECUTION_TWAP_SLICES: '2',
  EXECUTION_TWAP_HORIZON_MINUTES: '10',
  // Also the time that an order waits, in real time, for a stream that nobody opens meanwhile.
  EXECUTION_VENUE_DEADLINE_MS: '100',
  ...SIMULATED_PACE,
  RISK_SIGNING_KEY_FILE: keys.privateKeyFile,
  ALLOCATOR_NAMES_PER_STRATEGY: '2',
  ORCHESTRATOR_PORTFOLIO: 'main',
});

/** The system of a seed, with the venue that `venueOf` makes for it in the place of the real one. */
export function systemOf(
  seed: number,
  bench: Bench,
  venueOf: (sim: Simulation) => SimVenue,
  live?: (line: string) => void,
): { sim: Simulation; venue: SimVenue } {
  const environment = environmentOf(bench.keys);
  const given: { venue?: SimVenue } = {};
  const gateway = executionGateway as unknown as ServiceDefinition;
  const simulated: ServiceDefinition = {
    ...gateway,
    providers: [
      ...(gateway.providers ?? []).filter((each) => !(typeof each === 'object' && each.provide === VENUE)),
      { provide: VENUE, useFactory: () => given.venue },
    ],
  };
  const sim = new Simulation({
    seed,
    definitions: SERVICES.map((service) => (service.name === gateway.name ? simulated : service)),
    databaseUrl: bench.database.url,
    packs: bench.packs,
    env: () => environment,
    logger: (service) => createLogger({ service, level: 'silent' }),
    start: START,
    ...(live ? { live } : {}),
  });
  const venue = venueOf(sim);
  given.venue = venue;
  sim.add(venue);
  return { sim, venue };
}

/** Waits until the gateway has committed what the venue told it, or has died over it. */
export async function committed(sim: Simulation, account: string, frame: number): Promise<void> {
  const { life } = sim.service('execution-gateway');
  if (!life || life.dead) return;
  await Promise.race([life.running.app.get(VenueStream).heard(account, frame), life.died]);
}
