import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** One source file of ours. `path` is relative to the repository, with `/`. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

/** Every file below a folder whose name ends in `.ts`, specs and declarations left out, sorted by path. */
export function sourcesBelow(root: string, folder: string): Source[] {
  return filesBelow(root, folder)
    .filter((path) => path.endsWith('.ts') && !/\.(spec|d)\.ts$/.test(path))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
}

/** Folders that hold what is made or fetched, and nothing that was written here. */
const MADE = new Set(['node_modules', 'dist', 'coverage', '.git', '.ballast', '.nx', '.cache']);

/** Every file below a folder, made ones left out, sorted; paths are relative to the repository, with `/`. */
export function filesBelow(root: string, folder = '.'): string[] {
  const names = readdirSync(join(root, folder)).filter((name) => !MADE.has(name));
  return names
    .flatMap((name) => {
      const path = join(folder, name);
      return statSync(join(root, path)).isDirectory() ? filesBelow(root, path) : [path.split(sep).join('/')];
    })
    .sort();
}

/** The repository's folder, seen from a file of it that has been built or not. */
export function repositoryOf(from: string): string {
  for (let folder = from; ; folder = join(folder, '..')) {
    if (existsIn(folder, 'nx.json') || existsIn(folder, 'jest.config.mjs')) return folder;
    if (folder === join(folder, '..')) throw new Error(`no repository of Ballast above ${from}`);
  }
}

const existsIn = (folder: string, name: string): boolean => readdirSync(folder).includes(name);

/** A path as messages show it. */
export const shown = (root: string, path: string): string => relative(root, path).split(sep).join('/');

/**
 * The comment that stands right before a declaration, without its stars, on one line;
 * empty where there is none.
 * @param declaration how the declaration begins, e.g. `export const PlanProposed`.
 */
export function commentBefore(text: string, declaration: RegExp): string {
  const found = new RegExp(
    `/\\*\\*((?:(?!\\*/)[\\s\\S])*)\\*/\\s*(?:@[A-Za-z]+\\((?:[^()]|\\([^()]*\\))*\\)\\s*)*(?:${declaration.source})\\b`,
  ).exec(text);
  return (found?.[1] ?? '')
    .split('\n')
    .map((line) => line.replace(/^\s*\*? ?/, '').trim())
    .join(' ')
    .replaceAll(/\{@link ([^}]+)\}/g, '`$1`')
    .trim();
}

/** The first sentence of a comment. */
export const firstSentence = (comment: string): string =>
  /^.*?[.:;](?=\s|$)/.exec(comment)?.[0].replace(/[:;]$/, '.') ?? comment;
