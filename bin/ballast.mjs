#!/usr/bin/env node
// The committed entry of the command line, so that `npx ballast` works right after `npm ci`.
// Plain JavaScript that old Node versions can parse: it must be able to say that they are too old.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const OLDEST = [20, 19];
const EXIT_UNAVAILABLE = 9;

const root = new URL('../', import.meta.url);
const main = new URL('services/cli/dist/main.js', root);

function fail(lines) {
  process.stderr.write(`${lines.join('\n')}\n`);
  process.exit(EXIT_UNAVAILABLE);
}

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
  fail([
    `error NODE_TOO_OLD: Ballast needs Node ${OLDEST.join('.')} or newer, and this is ${process.versions.node}.`,
    '  next:  Install a newer Node, or run "npm ci" and start it through npm, which brings one ("npm run -s cycle").',
  ]);
}

if (!existsSync(main)) {
  const compiler = fileURLToPath(new URL('node_modules/typescript7/bin/tsc', root));
  if (!existsSync(compiler)) {
    fail([
      'error NOT_INSTALLED: The packages of Ballast are not installed.',
      '  next:  Run "npm ci" in the repository.',
    ]);
  }
  process.stderr.write('building Ballast once; this takes some seconds\n');
  const built = spawnSync(process.execPath, [compiler, '-b'], {
    cwd: fileURLToPath(root),
    // What the compiler prints is no data of the command.
    stdio: ['ignore', 2, 2],
  });
  if (built.status !== 0 || !existsSync(main)) {
    fail([
      'error BUILD_FAILED: Ballast could not be built.',
      '  next:  Run "npm ci" again, then "npm run build" to see why.',
    ]);
  }
}

await import(main.href);
