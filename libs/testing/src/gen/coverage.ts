import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Lines {
  readonly total: number;
  readonly covered: number;
}

/** Lines of a part of the system, and how many of them a test ran. */
export interface PartCoverage extends Lines {
  readonly part: string;
  readonly percent: number;
}

/** What each part must reach, by unit and property tests of the rules or of the handlers that ask them. */
export const LINES_PERCENT_MIN = 90;

/**
 * Adds files up to parts: a library as a whole, the domain of each service.
 * @param files line counts by path relative to the repository.
 * @param isTypeOnly tells whether a file has nothing that could run; it is not counted.
 */
export function coverageByPart(
  files: ReadonlyMap<string, Lines>,
  isTypeOnly: (path: string) => boolean,
): PartCoverage[] {
  const parts = new Map<string, Lines>();
  for (const [path, { total, covered }] of files) {
    if (isTypeOnly(path)) continue;
    const part = path.split('/').slice(0, 2).join('/');
    const known = parts.get(part) ?? { total: 0, covered: 0 };
    parts.set(part, { total: known.total + total, covered: known.covered + covered });
  }
  return [...parts]
    .map(([part, lines]) => ({
      part,
      ...lines,
      percent: lines.total === 0 ? 100 : (100 * lines.covered) / lines.total,
    }))
    .sort((a, b) => (a.part < b.part ? -1 : 1));
}

/** Tells whether a source has nothing but types: no test can run it, and none has to. */
export const isTypeOnlySource = (text: string): boolean =>
  !/^(export )?(default |async )?(const|let|function|class|abstract class|enum)\b/m.test(text) &&
  !/^export (\*|\{)(?!.* type )/m.test(text);

/**
 * Reads what Jest counted (`coverage/coverage-summary.json`) and prints a line a part.
 * @returns the parts below {@link LINES_PERCENT_MIN}.
 */
export function reportCoverage(root: string, say: (line: string) => void): PartCoverage[] {
  const file = join(root, 'coverage', 'coverage-summary.json');
  const summary = JSON.parse(readFileSync(file, 'utf8')) as Record<string, { lines: Lines }>;
  const files = new Map(
    Object.entries(summary)
      .filter(([path]) => path !== 'total')
      .map(([path, { lines }]) => [path.slice(root.length + 1).replaceAll('\\', '/'), lines]),
  );
  const parts = coverageByPart(files, (path) => isTypeOnlySource(readFileSync(join(root, path), 'utf8')));
  say(`line coverage of kernel and domain (at least ${LINES_PERCENT_MIN} %):`);
  for (const { part, percent, covered, total } of parts) {
    say(`  ${part.padEnd(28)} ${percent.toFixed(1).padStart(5)} %  ${covered} of ${total} lines`);
  }
  return parts.filter(({ percent }) => percent < LINES_PERCENT_MIN);
}
