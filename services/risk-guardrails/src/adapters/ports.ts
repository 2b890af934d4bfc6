/** Signs what may be executed. Ed25519 is deterministic: the same text always has the same signature. */
export interface Signer {
  /** First 16 hexadecimal digits of the SHA-256 of the public key (DER, SPKI). */
  readonly keyId: string;
  /** The signature of a text, in base64. */
  sign(text: string): string;
}

export const SIGNER = Symbol('SIGNER');
