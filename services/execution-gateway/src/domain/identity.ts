import { hashOf, uuid5, type Side } from '@ballast/contracts';

/** What a parent order is named by: one a trade of a cycle. */
export interface ParentName {
  readonly cycleId: string;
  readonly account: string;
  readonly symbol: string;
  readonly side: Side;
}

/** The parent order of a trade; the same verdict always makes the same parents. */
export const parentOrderIdOf = ({ cycleId, account, symbol, side }: ParentName): string =>
  uuid5('parent', cycleId, account, symbol, side);

/**
 * The client order id of one attempt at one slice: the first 32 hexadecimal digits of a SHA-256.
 * Venues want it unique for ever, also after a cancel, which is why the attempt is in it.
 */
export const clientOrderIdOf = (
  parent: ParentName & { readonly parentOrderId: string },
  slice: number,
  attempt: number,
): string => {
  const { account, cycleId, parentOrderId, symbol, side } = parent;
  return hashOf([account, cycleId, parentOrderId, symbol, side, slice, attempt]).slice(0, 32);
};
