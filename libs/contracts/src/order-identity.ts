import { uuid5 } from './identity.js';
import type { Side } from './values.js';

/** What a parent order is named by: one a trade of a cycle, or of a request, which takes the cycle's place. */
export interface ParentName {
  readonly cycleId: string;
  readonly account: string;
  readonly symbol: string;
  readonly side: Side;
}

/** The id of a trade's parent order: whoever knows the trade knows it, before there is one. */
export const parentOrderIdOf = ({ cycleId, account, symbol, side }: ParentName): string =>
  uuid5('parent', cycleId, account, symbol, side);
