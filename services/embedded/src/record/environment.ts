import { createPrivateKey } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '@ballast/contracts';
import { createSigningKeys } from '@ballast/risk-guardrails';
import { SIMULATED_PACE } from '../host/simulated-pace.js';

/** What comes before the 32 bytes of an Ed25519 key in PKCS 8. */
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');
/** Anybody can make the key of this; it signs verdicts of recordings and nothing else. */
const SEED = sha256('the key of the recorded inboxes');

/**
 * Makes the environment that recordings are made in and replayed in. Verdicts are signed,
 * and execution checks them, so the key has to be the same every time.
 * In: a folder for the key files.
 */
export async function recordedEnvironment(folder: string): Promise<Readonly<Record<string, string>>> {
  await mkdir(folder, { recursive: true });
  const key = createPrivateKey({
    key: Buffer.concat([PKCS8_ED25519, Buffer.from(SEED, 'hex')]),
    format: 'der',
    type: 'pkcs8',
  });
  await writeFile(join(folder, 'risk-ed25519.pem'), key.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  const { privateKeyFile, publicKeyFile } = await createSigningKeys(folder);
  return {
    EXECUTION_VENUE_URL: 'http://127.0.0.1:9',
    EXECUTION_VENUE_SECRET: 'secret-of-a-venue-in-memory',
    EXECUTION_RISK_PUBLIC_KEY_FILE: publicKeyFile,
    EXECUTION_TWAP_SLICES: '3',
    EXECUTION_TWAP_HORIZON_MINUTES: '15',
    // Also the time that an order waits, in real time, for a stream that nobody opens meanwhile.
    EXECUTION_VENUE_DEADLINE_MS: '100',
    ...SIMULATED_PACE,
    RISK_SIGNING_KEY_FILE: privateKeyFile,
    // A name that two strategies want is trimmed to this, and one that a single strategy wants is not.
    RISK_LIMIT_NOTIONAL_PER_NAME: '0.15',
    // The first plan invests everything and has to be approved by a person; later ones are smaller.
    RISK_APPROVAL_NOTIONAL_USD_MIN: '400000',
    ALLOCATOR_NAMES_PER_STRATEGY: '3',
    ORCHESTRATOR_PORTFOLIO: 'main',
  };
}
