import type { LoadHook } from 'node:module';

let planted: { readonly url: string; readonly source: string } | undefined;

/** Takes over what {@link plantFault} wants replaced; runs in the thread of the loader. */
export function initialize(data: { url: string; source: string }): void {
  planted = data;
}

/** Answers with the changed source for the one file, and leaves every other alone. */
export const load: LoadHook = (url, context, next) =>
  planted && url === planted.url
    ? { format: 'module', source: planted.source, shortCircuit: true }
    : next(url, context);
