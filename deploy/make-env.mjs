// Makes the secrets of a deployment once: .env for docker compose, and risk's signing key. What is there stays.
// Usage: node deploy/make-env.mjs [file, .env by default]
import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const file = resolve(process.argv[2] ?? join(here, '..', '.env'));
const keys = join(here, 'secrets');

if (existsSync(file)) {
  process.stderr.write(
    `${file} is there already and is left as it is: new passwords would not fit the databases that know the old ones.\n` +
      'To begin anew, delete it, deploy/secrets and the volumes ("docker compose down --volumes").\n',
  );
  process.exit(1);
}

// A letter first and nothing but letters and digits: NATS reads it as a value of its configuration, Postgres in a URL.
const secret = () => `s${randomBytes(24).toString('hex')}`;
// Containers run as whoever made the secrets, so that they can read them; never as root.
const root = process.getuid?.() === 0;
const uid = root ? 10001 : (process.getuid?.() ?? 10001);
const gid = root ? 10001 : (process.getgid?.() ?? 10001);

const names = readFileSync(join(here, 'env.example'), 'utf8')
  .split('\n')
  .map((line) => /^([A-Z][A-Z0-9_]*)=$/.exec(line)?.[1])
  .filter((name) => name !== undefined);
const fixed = { BALLAST_UID: uid, BALLAST_GID: gid };
const lines = names.map((name) => `${name}=${fixed[name] ?? secret()}`);
writeFileSync(file, `# Made by deploy/make-env.mjs. Keep it to yourself.\n${lines.join('\n')}\n`, {
  mode: 0o600,
  flag: 'wx',
});

mkdirSync(keys, { recursive: true, mode: 0o755 });
const privateKey = join(keys, 'risk-ed25519.pem');
const publicKey = join(keys, 'risk-ed25519.pub.pem');
if (!existsSync(privateKey)) {
  const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' });
  writeFileSync(privateKey, pem, { mode: 0o600, flag: 'wx' });
}
writeFileSync(publicKey, createPublicKey(readFileSync(privateKey)).export({ type: 'spki', format: 'pem' }), {
  mode: 0o644,
});
if (root) chownSync(privateKey, uid, gid);

process.stdout.write(`wrote ${lines.length} settings to ${file} and risk's signing key to ${keys}\n`);
