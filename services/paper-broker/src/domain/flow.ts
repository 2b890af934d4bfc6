import type { Instant } from '@ballast/kernel/calendar';
import type { Decimal } from '@ballast/kernel/money';
import type { Side } from './order.js';

/** Shares that orders here took from the quotes of a symbol at one instant, on one side. */
export interface FlowSlice {
  readonly at: Instant;
  readonly side: Side;
  readonly qty: Decimal;
}

/** What orders here took from the quotes of a symbol in one session, in order of time: what its prices are moved by. */
export interface Flow {
  /** The session; slices of another one move nothing any more. */
  readonly date: string;
  readonly slices: readonly FlowSlice[];
}

export const NO_FLOW: Flow = { date: '', slices: [] };

/**
 * The most slices that a session keeps of a symbol. Beyond it the two oldest of one side become one at the later moment,
 * so that a day of any number of fills is followed in bounded work; a minute has room for two and a half.
 */
export const FLOW_SLICES_MAX = 1_000;

/** The slices of a session: none where the flow is of another. */
export function slicesIn(flow: Flow, date: string): readonly FlowSlice[] {
  return flow.date === date ? flow.slices : [];
}

/** The flow after a fill. What fills at one instant on one side is one slice, in however many pieces it came. */
export function withSlice(flow: Flow, date: string, slice: FlowSlice): Flow {
  const slices = slicesIn(flow, date);
  const same = slices.findLastIndex(({ at, side }) => at === slice.at && side === slice.side);
  if (same >= 0) {
    return { date, slices: slices.map((each, i) => (i === same ? { ...each, qty: each.qty.plus(slice.qty) } : each)) };
  }
  return { date, slices: bounded([...slices, slice]) };
}

function bounded(slices: readonly FlowSlice[]): readonly FlowSlice[] {
  if (slices.length <= FLOW_SLICES_MAX) return slices;
  const first = ({ side }: FlowSlice): number => slices.findIndex((each) => each.side === side);
  const later = slices.findIndex((slice, i) => first(slice) < i);
  const [earlier, kept] = [slices[first(slices[later]!)]!, slices[later]!];
  const merged = { ...kept, qty: kept.qty.plus(earlier.qty) };
  return slices.flatMap((each) => (each === earlier ? [] : [each === kept ? merged : each]));
}
