// Copies what one service needs to run: its own build and that of each @ballast package it depends on, and of
// the other packages the manifest alone, because the lockfile knows them. Used by the Dockerfile.
// Usage: node deploy/pick.mjs <service> <empty folder>
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [service, out] = process.argv.slice(2);
if (!service || !out) {
  process.stderr.write('usage: node deploy/pick.mjs <service> <empty folder>\n');
  process.exit(2);
}
const root = fileURLToPath(new URL('../', import.meta.url));

const packages = new Map(
  ['libs', 'services'].flatMap((kind) =>
    readdirSync(join(root, kind))
      .filter((name) => existsSync(join(root, kind, name, 'package.json')))
      .map((name) => {
        const folder = `${kind}/${name}`;
        const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
        return [manifest.name, { folder, dependencies: Object.keys(manifest.dependencies ?? {}) }];
      }),
  ),
);

const needed = new Set();
const visit = (name) => {
  const found = packages.get(name);
  if (!found || needed.has(name)) return;
  needed.add(name);
  found.dependencies.forEach(visit);
};
visit(`@ballast/${service}`);
if (needed.size === 0) {
  process.stderr.write(`there is no package @ballast/${service}; see services/\n`);
  process.exit(2);
}

const copy = (path, options = {}) => {
  mkdirSync(dirname(join(out, path)), { recursive: true });
  cpSync(join(root, path), join(out, path), options);
};
for (const file of ['package.json', 'package-lock.json', '.npmrc']) copy(file);
for (const { folder } of packages.values()) copy(`${folder}/package.json`);
for (const name of needed) {
  const { folder } = packages.get(name);
  // Types and source maps are for people who build.
  const isCode = (path) => !/\.(d\.ts|map|tsbuildinfo)$/.test(path);
  copy(`${folder}/dist`, { recursive: true, filter: isCode });
}
const main = `services/${service}/dist/main.js`;
if (existsSync(join(root, main))) writeFileSync(join(out, 'main.js'), `import './${main}';\n`);
