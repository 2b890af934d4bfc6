import { filtersHeardBy, type DurableOptions, type Provisioned, type Provisioner } from '@ballast/platform';
import { SERVICES } from '../services.js';

/** The durable of each service that hears anything, as its wiring list says. */
export const DURABLES: readonly DurableOptions[] = SERVICES.map((definition) => ({
  durable: definition.name,
  filters: filtersHeardBy(definition),
})).filter(({ filters }) => filters.length > 0);

/** Makes both streams and all durables. Out: what was found or done, by name. */
export async function ensureAll(provisioner: Provisioner): Promise<Map<string, Provisioned>> {
  const outcomes = new Map([
    ['the stream', await provisioner.ensureStream()],
    ['the stream of ticks', await provisioner.ensureTicks()],
  ]);
  for (const each of DURABLES) outcomes.set(each.durable, await provisioner.ensureDurable(each));
  return outcomes;
}
