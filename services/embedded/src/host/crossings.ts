/** A limit that is nearly reached, by its name. */
interface Alarm {
  readonly limit: string;
}

/**
 * Tells apart what is new. In: the names of the limits that were nearly reached when it was
 * looked last, and those that are now. Out: the ones that have come since, each told once
 * until it has fallen back, and the names to keep.
 */
export function crossings<A extends Alarm>(
  before: ReadonlySet<string>,
  alarms: readonly A[],
): { readonly crossed: readonly A[]; readonly full: ReadonlySet<string> } {
  return {
    crossed: alarms.filter(({ limit }) => !before.has(limit)),
    full: new Set(alarms.map(({ limit }) => limit)),
  };
}
