import type { Client } from './client.js';

/** Lists answer a page at a time; this reads all of them. `path` has a query already. */
export async function all<T>(client: Client, path: string): Promise<T[]> {
  const found: T[] = [];
  for (let next: string | null = ''; next !== null;) {
    const more: string = next === '' ? '' : `&after=${encodeURIComponent(next)}`;
    const page: { items: T[]; next: string | null } = await client.get(`${path}${more}`);
    found.push(...page.items);
    next = page.next;
  }
  return found;
}
