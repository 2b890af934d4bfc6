import { createPrivateKey, createPublicKey, generateKeyPairSync, randomUUID } from 'node:crypto';
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface SigningKeyFiles {
  /** For risk-guardrails alone; only its owner may read it. */
  readonly privateKeyFile: string;
  /** For whoever verifies verdicts. */
  readonly publicKeyFile: string;
}

/**
 * Makes the keys that verdicts are signed and verified with, for the host to call
 * before it starts the services: `risk-ed25519.pem` (0600) and `risk-ed25519.pub.pem`.
 * Keys that are there stay; a public key that is missing is made from the private one.
 */
export async function createSigningKeys(dir: string): Promise<SigningKeyFiles> {
  const privateKeyFile = join(dir, 'risk-ed25519.pem');
  const publicKeyFile = join(dir, 'risk-ed25519.pub.pem');
  await mkdir(dir, { recursive: true });
  const fresh = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' });
  await writeOnce(privateKeyFile, fresh, 0o600);
  const publicKey = createPublicKey(createPrivateKey(await readFile(privateKeyFile, 'utf8')));
  await writeOnce(publicKeyFile, publicKey.export({ type: 'spki', format: 'pem' }), 0o644);
  return { privateKeyFile, publicKeyFile };
}

/** Puts a whole file in its place unless there is one: two hosts at once end up with the same key. */
async function writeOnce(file: string, content: string | Buffer, mode: number): Promise<void> {
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, content, { mode, flag: 'wx' });
  try {
    await link(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await unlink(draft);
  }
}
