// Goal: the venue has no way to a live host: it listens, speaks to Postgres and reads files, and that is all it can do.
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from '@jest/globals';

const SRC = resolve('services/paper-broker/src');
const sources = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.endsWith('.ts') && !file.endsWith('.spec.ts'),
);

/** What a program would need to call somebody. A type or a server is not that. */
const CALLS = [
  /\bfetch\(/,
  /\bnew WebSocket\(/,
  /from '(node:)?(https|net|tls|dns|http2|child_process)'/,
  /\b(http|https)\.(request|get)\(/,
  /from '(axios|undici|got|@alpacahq\/.*)'/,
];

it('no source of it can open a connection but to its database', () => {
  expect(sources.length).toBeGreaterThan(40);
  const found = sources.flatMap((file) => {
    const text = readFileSync(join(SRC, file), 'utf8');
    return CALLS.filter((call) => call.test(text)).map((call) => `${file}: ${String(call)}`);
  });
  expect(found).toEqual([]);
  // The one import of http is of its types.
  const values = sources.filter((file) =>
    /^import (?!type).*from 'node:http'/m.test(readFileSync(join(SRC, file), 'utf8')),
  );
  expect(values).toEqual([]);
});

it('no setting of it takes a key or an address of a live venue', () => {
  const config = readFileSync(join(SRC, 'config.ts'), 'utf8');
  const settings = [...config.matchAll(/^ {2}([A-Z][A-Z0-9_]+):/gm)].map(([, name]) => name);
  expect(settings.length).toBeGreaterThan(25);
  expect(settings.filter((name) => /URL|KEY|TOKEN|SECRET/.test(name ?? ''))).toEqual([
    'DATABASE_URL',
    'PAPER_BROKER_SECRET',
  ]);
});
