import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FilePackStore } from '@ballast/platform';
import { createSigningKeys } from '@ballast/risk-guardrails';
import { SimDatabase } from '@ballast/testing';
import { SimVenue } from './venue/sim-venue.js';
import { SERVICES } from '../services.js';
import { systemOf, type Bench } from './system.js';

/** Makes what the runs of a worker share, in a Postgres of its own. The returned function clears it away. */
export async function makeBench(adminUrl: string): Promise<{ bench: Bench; close: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'ballast-sim-'));
  const database = await SimDatabase.create(
    adminUrl,
    SERVICES.map((service) => service.name),
  );
  const keys = await createSigningKeys(join(folder, 'keys'));
  const bench = { database, packs: new FilePackStore(join(folder, 'packs')), keys };
  await migrate(bench);
  const close = async (): Promise<void> => {
    await database.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { bench, close };
}

async function migrate(bench: Bench): Promise<void> {
  const nobody = () => Promise.resolve();
  const { sim } = systemOf(0, bench, (made) => new SimVenue(made.random, made.clock, made.holds, new Map(), nobody));
  await sim.migrate();
}
