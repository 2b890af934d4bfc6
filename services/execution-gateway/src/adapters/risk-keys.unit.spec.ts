import { afterAll, describe, expect, it } from '@jest/globals';
import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keyIdOf, RiskKeys } from './risk-keys.js';

const folder = mkdtempSync(join(tmpdir(), 'ballast-risk-keys-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const pem = (key: KeyObject): string => String(key.export({ type: 'spki', format: 'pem' }));
const signed = (key: KeyObject, text: string): string => sign(null, Buffer.from(text), key).toString('base64');

describe('the keys of risk', () => {
  const [one, other] = [generateKeyPairSync('ed25519'), generateKeyPairSync('ed25519')];
  const keys = RiskKeys.read(file('two.pem', pem(one.publicKey) + pem(other.publicKey)));

  it('hold for their own signatures, several in one file', () => {
    for (const { publicKey, privateKey } of [one, other]) {
      expect(keys.holds(keyIdOf(publicKey), 'text', signed(privateKey, 'text'))).toBe(true);
    }
  });

  it.each([
    ['another text', keyIdOf(one.publicKey), 'texts', signed(one.privateKey, 'text')],
    ['the other key', keyIdOf(other.publicKey), 'text', signed(one.privateKey, 'text')],
    ['a key that is not there', '0'.repeat(16), 'text', signed(one.privateKey, 'text')],
    ['no signature', keyIdOf(one.publicKey), 'text', ''],
    ['a signature that is none', keyIdOf(one.publicKey), 'text', 'not base64 at all'],
  ])('hold nothing for %s', (_, keyId, text, signature) => {
    expect(keys.holds(keyId, text, signature)).toBe(false);
  });

  it('are refused where there are none, or of another kind', () => {
    const exchange = generateKeyPairSync('x25519');
    expect(() => RiskKeys.read(join(folder, 'missing.pem'))).toThrow(/RISK_PUBLIC_KEY_FILE/);
    expect(() => RiskKeys.read(file('empty.pem', ''))).toThrow(/no block/);
    expect(() => RiskKeys.read(file('exchange.pem', pem(exchange.publicKey)))).toThrow(/not Ed25519/);
  });
});
