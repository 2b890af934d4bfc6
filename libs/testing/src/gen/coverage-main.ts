import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LINES_PERCENT_MIN, reportCoverage } from './coverage.js';
import { repositoryOf } from './sources.js';

/** Prints the coverage that Jest wrote before, and ends with 1 where a part is below what it must reach. */
const low = reportCoverage(repositoryOf(dirname(fileURLToPath(import.meta.url))), (line) =>
  process.stdout.write(`${line}\n`),
);
for (const { part, percent } of low) {
  process.stderr.write(
    `${part} has ${percent.toFixed(1)} % of its lines covered, ${LINES_PERCENT_MIN} % are asked for\n`,
  );
}
process.exitCode = low.length === 0 ? 0 : 1;
