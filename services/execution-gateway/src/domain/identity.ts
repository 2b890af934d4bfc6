import { hashOf, type ParentName } from '@ballast/contracts';

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
