import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generate } from './generate.js';
import { repositoryOf } from './sources.js';

/**
 * `npm run gen` writes every generated file; with `--check` it writes nothing, lists what is
 * not current and ends with 1.
 */
const check = process.argv.slice(2).includes('--check');
const unknown = process.argv.slice(2).filter((argument) => argument !== '--check');
if (unknown.length > 0) {
  process.stderr.write(`gen: unknown argument ${unknown.join(' ')}; it takes --check or nothing\n`);
  process.exit(2);
}
const faults = await generate(repositoryOf(dirname(fileURLToPath(import.meta.url))), {
  check,
  say: (line) => process.stderr.write(`${line}\n`),
});
for (const fault of faults) process.stderr.write(`gen: ${fault}\n`);
process.exitCode = faults.length === 0 ? 0 : 1;
