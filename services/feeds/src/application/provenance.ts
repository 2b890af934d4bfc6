import type { EntityManager } from 'typeorm';
import { attributionsOf, SYNTHETIC, USER_FILE, type Attribution, type RightsRegistry } from '../domain/rights.js';
import { originsOf } from '../persistence/queries.js';

/**
 * The sources whose rights hold for a history: who gave each of its imports. A file is the operator's own, and where it is
 * named after a vendor it is the vendor's besides.
 */
export async function sourcesBehind(
  manager: EntityManager,
  rights: RightsRegistry,
  history: string,
): Promise<string[]> {
  const origins = await originsOf(manager, history);
  const sources = origins.flatMap(({ kind, vendor }) => {
    if (kind === 'synthetic') return [SYNTHETIC];
    if (kind === 'file') return rights.knows(history) ? [USER_FILE, history] : [USER_FILE];
    return [vendor ?? kind];
  });
  return origins.length === 0 ? [history] : [...new Set(sources)].sort();
}

/** What must stand beside the prices of a history. */
export const attributionsOfHistory = async (
  manager: EntityManager,
  rights: RightsRegistry,
  history: string,
): Promise<Attribution[]> => attributionsOf(rights, await sourcesBehind(manager, rights, history));
