import { randomBytes } from 'node:crypto';
import {
  dropDatabase,
  provisionDatabase,
  replayService,
  type Difference,
  type PackStore,
  type PackVerdict,
  type RunningService,
} from '@ballast/platform';
import { SERVICES } from '../services.js';

export interface ReplaySources {
  readonly adminUrl: string;
  /** The recorded schema of each service. */
  readonly database: (service: string) => string;
  readonly password: (service: string) => string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly packs: PackStore;
  readonly services: readonly RunningService[];
}

/** What the replay of a cycle found, service by service. */
export interface ReplayedCycle {
  readonly cycleId: string;
  readonly identical: boolean;
  readonly services: readonly {
    readonly service: string;
    readonly messages: number;
    readonly difference: Difference | null;
  }[];
  /** The prices are not decided again but recognised: the pack must still be what its name says. */
  readonly packs: readonly ({ readonly pack: string } & PackVerdict)[];
}

/**
 * Whose decisions are not made again: feeds reads bars that are no messages, so its pack
 * is verified by its hash instead.
 */
const NOT_REPLAYED = new Set(['feeds']);

/**
 * Runs every decision up to the end of a cycle again, from the recorded inboxes and the
 * packs, in a database of its own that is dropped at the end. Null where no service has
 * heard of the cycle.
 */
export async function replayCycle(cycleId: string, sources: ReplaySources): Promise<ReplayedCycle | null> {
  const turns = await Promise.all(sources.services.map((service) => lastTurn(service, cycleId)));
  if (turns.every((turn) => turn === null)) return null;
  const database = `ballast_replay_${randomBytes(6).toString('hex')}`;
  const { adminUrl, env, packs, password } = sources;
  const into = await provisionDatabase({ adminUrl, database, services: SERVICES.map(({ name }) => name), password });
  const results: ReplayedCycle['services'][number][] = [];
  try {
    for (const [i, { name, definition }] of sources.services.entries()) {
      const untilTurn = turns[i];
      if (NOT_REPLAYED.has(name) || untilTurn === null || untilTurn === undefined) continue;
      const replayed = await replayService(definition, {
        from: sources.database(name),
        into: into(name),
        env,
        packs,
        untilTurn,
      });
      results.push({
        service: name,
        messages: replayed.identical ? replayed.messages : replayed.difference.turn,
        difference: replayed.identical ? null : replayed.difference,
      });
    }
  } finally {
    await dropDatabase(adminUrl, database);
  }
  const verified = await verifyPacks(cycleId, sources);
  const identical =
    results.every(({ difference }) => difference === null) && verified.every(({ state }) => state === 'ok');
  return { cycleId, identical, services: results, packs: verified };
}

async function lastTurn({ dataSource }: RunningService, cycleId: string): Promise<number | null> {
  const [row] = await dataSource.query<{ turn: number | null }[]>(
    `select max(turn) as turn from inbox where correlation_id = $1`,
    [cycleId],
  );
  return row?.turn ?? null;
}

async function verifyPacks(cycleId: string, { services, packs }: ReplaySources): Promise<ReplayedCycle['packs']> {
  const signal = services.find(({ name }) => name === 'signal')!;
  const sealed = await signal.dataSource.query<{ pack: string }[]>(
    `select distinct body -> 'data' ->> 'packId' as pack from inbox
      where correlation_id = $1 and type like 'feeds.snapshot.sealed.%'`,
    [cycleId],
  );
  return Promise.all(sealed.map(async ({ pack }) => ({ pack, ...(await packs.verify(pack)) })));
}
