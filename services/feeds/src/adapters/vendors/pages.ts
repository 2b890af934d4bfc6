import type { VendorHttp } from './vendor-http.js';

/** Pages of one question: at 10,000 bars a page more than all sessions that one import may have. */
const PAGES_MAX = 10_000;

/** A part of an answer, and how to ask for the next one. */
export interface Page<T> {
  readonly rows: readonly T[];
  /** The vendor's token or address of the next page; undefined on the last. */
  readonly next: string | undefined;
}

/**
 * Asks page after page and passes on those that have rows.
 * @param ask asks for the first page, or for the one that the page before named.
 * @throws ImportRefused VENDOR_SPEAKS_OTHERWISE where a vendor names the same page again or has no end; as `ask`.
 */
export async function* eachPage<T>(
  http: VendorHttp,
  path: string,
  ask: (next: string | undefined) => Promise<Page<T>>,
): AsyncGenerator<readonly T[]> {
  const seen = new Set<string>();
  for (let next: string | undefined; ;) {
    const page = await ask(next);
    if (page.rows.length > 0) yield page.rows;
    next = page.next;
    if (next === undefined) return;
    if (seen.has(next)) throw http.speaksOtherwise(path, 'names a next page that it has named before');
    if (seen.size === PAGES_MAX) throw http.speaksOtherwise(path, `has more than ${PAGES_MAX} pages`);
    seen.add(next);
  }
}
