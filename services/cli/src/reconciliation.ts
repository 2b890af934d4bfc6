import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, Json } from './client.js';
import { CliError, EXIT } from './errors.js';
import { cell } from './output/record.js';
import type { Time } from './flatten.js';

/** What came of comparing books. */
export interface Reconciliation {
  readonly reconciliationId: string;
  readonly status: 'green' | 'broken' | 'unavailable';
  readonly breaks: readonly Json[];
}

const POLL_MS = 500;
/** A venue that is away is asked eight times within some two minutes before it counts as such. */
const PATIENCE_MS = 180_000;

/**
 * Asks for a comparison of an account's books with the venue's, and waits for what came of it.
 * @throws CliError RECONCILIATION_PENDING where it takes longer than a venue that is away does.
 */
export async function followReconciliation(
  client: Client,
  account: string,
  time: Time = { now: () => performance.now(), pause: (ms) => sleep(ms) },
): Promise<Reconciliation> {
  const begun = time.now();
  const reconciliationId = cell((await client.post('/api/v1/execution/reconcile', { account }))['reconciliationId']);
  while (time.now() - begun < PATIENCE_MS) {
    const found = await client.find(`/api/v1/execution/reconciliations/${reconciliationId}`);
    if (found) return found as unknown as Reconciliation;
    await time.pause(POLL_MS);
  }
  throw new CliError({
    code: 'RECONCILIATION_PENDING',
    what: `The comparison ${reconciliationId} of ${account} has not ended within ${PATIENCE_MS / 1_000} s.`,
    nextStep: 'It goes on; see "ballast recon show" in a while, and the state of the venue with "ballast status".',
    exit: EXIT.unavailable,
  });
}
