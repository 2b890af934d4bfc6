import { execFileSync } from 'node:child_process';
import { breakingChanges } from './compatibility.js';
import type { Json } from './json.js';

/** Where the published schemas were read from, or why they could not be. */
export type Published =
  { readonly from: string; readonly schemas: ReadonlyMap<string, Json> } | { readonly skipped: string };

const FOLDER = 'libs/contracts/schemas';

/**
 * The schemas as they were published: those of the last commit while the working tree
 * differs from it, and of the commit before where it does not, so that a clean checkout
 * judges the change that it was made of.
 */
export function publishedSchemas(root: string): Published {
  const git = (...args: string[]): string =>
    execFileSync('git', args, {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      maxBuffer: 64 << 20,
    });
  try {
    const clean = git('status', '--porcelain', '--', FOLDER) === '';
    const commit = git('rev-parse', '--short', clean ? 'HEAD~1' : 'HEAD').trim();
    const files = git('ls-tree', '-r', '--name-only', commit, '--', FOLDER).split('\n').filter(Boolean);
    const schemas = new Map(files.map((file) => [file, JSON.parse(git('show', `${commit}:${file}`)) as Json]));
    return { from: commit, schemas };
  } catch (error) {
    const reason = error instanceof Error ? error.message.split('\n')[0]! : String(error);
    return { skipped: `the published schemas cannot be read from git (${reason})` };
  }
}

/**
 * What the present schemas break of the published ones.
 * @returns one sentence a difference: file, place and what to do about it; empty where nothing breaks.
 */
export function brokenPromises(published: ReadonlyMap<string, Json>, present: ReadonlyMap<string, Json>): string[] {
  return [...published].flatMap(([file, old]) => {
    const now = present.get(file);
    const changes = now ? breakingChanges(old, now) : ['the type was removed, and outboxes still hold its events'];
    return changes.map((change) => `${file}: ${change}. Define a new version beside it, and an upcaster.`);
  });
}
