import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { NO_PLATFORM_SERVICE, platformServices } from '../gen/services.js';
import { filesBelow } from '../gen/sources.js';

/** Jest runs at the root of the repository. */
export const ROOT = process.cwd();

/** Every file that was written here, by its path; what is installed or built is left out. */
export const FILES: readonly string[] = filesBelow(ROOT);

/** The services on the platform, all of one shape. */
export const SERVICES: readonly string[] = platformServices(ROOT);

/** Services of another shape: the world, the host of all, the command line. */
export const OTHER_SERVICES = NO_PLATFORM_SERVICE;

const texts = new Map<string, string>();

/** The text of a file of the repository. */
export function textOf(path: string): string {
  const known = texts.get(path) ?? readFileSync(join(ROOT, path), 'utf8');
  texts.set(path, known);
  return known;
}

/** Our TypeScript sources, specs included. */
export const TYPESCRIPT: readonly string[] = FILES.filter((path) => /\.ts$/.test(path) && !path.endsWith('.d.ts'));

export const isSpec = (path: string): boolean => /\.spec\.ts$/.test(path);

/** Files below a folder. */
export const below = (folder: string): readonly string[] => FILES.filter((path) => path.startsWith(`${folder}/`));

/** The name of a file without its folder. */
export const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** `on-plan-approved` → `OnPlanApproved`. */
export const pascalCase = (kebab: string): string =>
  kebab
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

/** How many lines of a text are code: neither blank nor a comment of their own. */
export const codeLines = (text: string): number =>
  text.split('\n').filter((line) => line.trim() !== '' && !/^\s*(\/\/|\/\*|\*)/.test(line)).length;

export interface Finding {
  readonly line: number;
  readonly node: ts.Node;
}

/** Every node of a TypeScript file that passes, with its line. Files without `word` are not parsed: it takes its time. */
export function nodesOf(path: string, word: string, passes: (node: ts.Node) => boolean): Finding[] {
  if (!new RegExp(`\\b${word}\\b`).test(textOf(path))) return [];
  const file = ts.createSourceFile(path, textOf(path), ts.ScriptTarget.ES2022, true);
  const found: Finding[] = [];
  const visit = (node: ts.Node): void => {
    if (passes(node)) found.push({ line: file.getLineAndCharacterOfPosition(node.getStart()).line + 1, node });
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** Where a pattern occurs in a file, as `path:line`. */
export const linesWith = (path: string, pattern: RegExp): string[] =>
  textOf(path)
    .split('\n')
    .flatMap((line, i) => (pattern.test(line) ? [`${path}:${i + 1}`] : []));
