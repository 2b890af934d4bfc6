import { sha256 } from '@ballast/contracts';
import { Fault, messageOf } from '@ballast/platform';
import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { VerdictKeys } from './ports.js';

const PEM_BLOCK = /-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g;

/** The public keys that risk signs with. A file with several blocks lets keys be changed without a gap. */
export class RiskKeys implements VerdictKeys {
  readonly #keys: ReadonlyMap<string, KeyObject>;

  private constructor(keys: ReadonlyMap<string, KeyObject>) {
    this.#keys = keys;
  }

  /** Reads the keys of a PEM file, once. @throws Fault RISK_KEY_UNREADABLE where it has no Ed25519 public key. */
  static read(file: string): RiskKeys {
    let keys: KeyObject[];
    try {
      keys = [...readFileSync(file, 'utf8').matchAll(PEM_BLOCK)].map(([pem]) => createPublicKey(pem));
    } catch (error) {
      throw unreadable(file, messageOf(error), error);
    }
    if (keys.length === 0) throw unreadable(file, 'it has no block "BEGIN PUBLIC KEY"');
    if (keys.some((key) => key.asymmetricKeyType !== 'ed25519')) throw unreadable(file, 'a key in it is not Ed25519');
    return new RiskKeys(new Map(keys.map((key) => [keyIdOf(key), key])));
  }

  holds(keyId: string, text: string, signature: string): boolean {
    const key = this.#keys.get(keyId);
    return key !== undefined && verify(null, Buffer.from(text, 'utf8'), key, Buffer.from(signature, 'base64'));
  }
}

/** What a key is called: the first 16 hexadecimal digits of the SHA-256 of its DER form. */
export const keyIdOf = (key: KeyObject): string => sha256(key.export({ type: 'spki', format: 'der' })).slice(0, 16);

const unreadable = (file: string, what: string, cause?: unknown): Fault =>
  new Fault(
    'RISK_KEY_UNREADABLE',
    `EXECUTION_RISK_PUBLIC_KEY_FILE ${file}: ${what}; give the public key that risk-guardrails signs with`,
    { cause },
  );
