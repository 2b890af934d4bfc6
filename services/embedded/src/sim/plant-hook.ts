import type { LoadHook } from 'node:module';

let planted: Readonly<Record<string, string>> = {};

/** Takes over the sources that are to be loaded instead, by URL; runs in the thread of the loader. */
export function initialize(sources: Readonly<Record<string, string>>): void {
  planted = sources;
}

/** Answers with the changed source for those files, and leaves every other alone. */
export const load: LoadHook = (url, context, next) => {
  const source = planted[url];
  return source === undefined ? next(url, context) : { format: 'module', source, shortCircuit: true };
};
