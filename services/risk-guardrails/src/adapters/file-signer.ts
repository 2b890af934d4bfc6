import { createHash, createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { ConfigFault, messageOf } from '@ballast/platform';
import type { Signer } from './ports.js';

/** Signs with a private key that was read from a file once. */
export class FileSigner implements Signer {
  readonly keyId: string;
  readonly #key: KeyObject;

  private constructor(key: KeyObject) {
    this.#key = key;
    this.keyId = keyIdOf(createPublicKey(key));
  }

  /** @throws ConfigFault where the file is missing or holds no Ed25519 private key. */
  static async read(file: string): Promise<FileSigner> {
    const pem = await readFile(file, 'utf8').catch((error: unknown) => {
      throw unusable(file, `no readable file (${messageOf(error)})`);
    });
    return new FileSigner(privateKeyOf(file, pem));
  }

  sign(text: string): string {
    return sign(null, Buffer.from(text, 'utf8'), this.#key).toString('base64');
  }
}

/** The short name of a public key, which travels with every signature. */
export const keyIdOf = (publicKey: KeyObject): string =>
  createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex')
    .slice(0, 16);

function privateKeyOf(file: string, pem: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch (error) {
    throw unusable(file, `a file without a private key (${messageOf(error)})`);
  }
  if (key.asymmetricKeyType !== 'ed25519') throw unusable(file, `a key of type ${key.asymmetricKeyType}`);
  return key;
}

const unusable = (file: string, found: string): ConfigFault =>
  new ConfigFault('risk-guardrails', [
    {
      variable: 'RISK_SIGNING_KEY_FILE',
      found: `${JSON.stringify(file)}: ${found}`,
      expected: 'the path of an Ed25519 private key (PEM, PKCS 8)',
      nextStep:
        'Run "npm start" or "npm run processes" once, which make the keys in the data folder, ' +
        'or make one with "openssl genpkey -algorithm ed25519 -out risk-ed25519.pem".',
    },
  ]);
