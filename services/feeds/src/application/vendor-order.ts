import type { DaysAsked } from '../domain/reference/window.js';
import type { StartReferenceImport, VendorInput, VendorKind } from '../messages-reference.js';

/** The order to fetch reference facts from a vendor, under its name; they are known from the day of the order. */
export const vendorOrder = (
  kind: VendorKind,
  name: VendorInput['name'],
  symbols: readonly string[] | null,
  { from, to }: DaysAsked,
): StartReferenceImport => ({
  ...{ kind, market: 'US', source: name, path: null, format: 'csv', knownOn: null, validFrom: null, scope: null },
  vendor: { name, symbols: symbols && [...new Set(symbols)].sort(), from, to },
});
