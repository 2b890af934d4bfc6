import { replayService, type ReplayOptions, type ServiceDefinition } from '@ballast/platform';
import { Violation } from '@ballast/testing';

/** Where a run was recorded, and where it may be replayed. */
export interface Recording extends Pick<ReplayOptions, 'env' | 'packs'> {
  readonly definitions: readonly ServiceDefinition[];
  readonly url: (service: string) => string;
  /** A database that this may fill; it is emptied by whoever owns it. */
  readonly spareUrl: (service: string) => string;
}

/**
 * Services whose tables are not made by their inbox alone: an import is staged by the work that reads the file, in
 * chunks outside of the inbox's transaction, so an answer that moves the staged rows cannot be replayed without them.
 */
const NOT_REPLAYABLE: readonly string[] = ['feeds'];

/** Every service decides the same again from its inbox alone. */
export async function replaysIdentically({ definitions, url, spareUrl, env, packs }: Recording): Promise<void> {
  for (const definition of definitions.filter(({ name }) => !NOT_REPLAYABLE.includes(name))) {
    const { name } = definition;
    const replayed = await replayService(definition, { from: url(name), into: spareUrl(name), env, packs });
    if (replayed.identical) continue;
    const { turn, type, eventId, expected, found } = replayed.difference;
    throw new Violation(
      'replays identically',
      `${name}, turn ${turn}, ${type} ${eventId}: recorded ${JSON.stringify(expected)}, replayed ${JSON.stringify(found)}`,
    );
  }
}
