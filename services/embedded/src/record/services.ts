import { executionGateway, VENUE } from '@ballast/execution-gateway';
import { rng } from '@ballast/kernel/random';
import { SimulatedClock, type ServiceDefinition } from '@ballast/platform';
import { Holds } from '@ballast/testing';
import { SERVICES } from '../services.js';
import { SimVenue } from '../sim/venue/sim-venue.js';

/** The ten services with a venue in memory in the place of the real one. */
export function servicesWith(venue: () => SimVenue): ServiceDefinition[] {
  return SERVICES.map((service) => {
    if (service.name !== executionGateway.name) return service;
    const others = (service.providers ?? []).filter((each) => !(typeof each === 'object' && each.provide === VENUE));
    return { ...service, providers: [...others, { provide: VENUE, useFactory: venue }] };
  });
}

/** A replay asks the venue nothing, but its name is in the facts that are compared. */
const silentVenue = (): SimVenue =>
  new SimVenue(rng(0), new SimulatedClock('1970-01-01T00:00:00.000Z'), new Holds(), new Map(), () => Promise.resolve());

/** The services whose recordings are kept. Feeds reads bars that are no messages, so it cannot decide them again. */
export const RECORDED: readonly ServiceDefinition[] = servicesWith(silentVenue).filter(({ name }) => name !== 'feeds');
