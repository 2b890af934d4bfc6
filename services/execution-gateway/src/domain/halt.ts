import {
  fact,
  HaltLifted,
  HaltRaised,
  SymbolHalted,
  SymbolReleased,
  type DataOf,
  type Fact,
  type Instant,
} from '@ballast/contracts';

export type HaltDoor = DataOf<typeof HaltRaised>['door'];

/** Whether orders of an account may leave. Each change of it is an epoch. */
export interface Halt {
  readonly account: string;
  readonly halted: boolean;
  readonly epoch: number;
  readonly by: string;
  readonly reason: string;
  readonly door: HaltDoor;
  readonly at: Instant;
}

export interface HaltRequest {
  readonly on: boolean;
  readonly by: string;
  readonly reason: string;
  readonly door: HaltDoor;
}

/** Raises or lifts a halt; asking for what is already so changes nothing and says nothing. */
export function switchHalt(
  halt: Halt,
  request: HaltRequest,
  now: Instant,
): { state: Halt; facts: Fact<'execution'>[] } {
  if (halt.halted === request.on) return { state: halt, facts: [] };
  const { by, reason, door } = request;
  const state: Halt = { account: halt.account, halted: request.on, epoch: halt.epoch + 1, by, reason, door, at: now };
  const { halted: _, ...said } = state;
  return { state, facts: [fact(request.on ? HaltRaised : HaltLifted, said)] };
}

/** Whether orders of an account in one symbol may leave. */
export interface SymbolHalt {
  readonly account: string;
  readonly symbol: string;
  readonly halted: boolean;
  readonly epoch: number;
  readonly by: string;
  readonly reason: string;
  readonly door: DataOf<typeof SymbolHalted>['door'];
  readonly at: Instant;
}

/** Raises or lifts the halt of a symbol that may never have been halted; asking for what is already so says nothing. */
export function switchSymbolHalt(
  before: SymbolHalt | null,
  request: Omit<SymbolHalt, 'epoch' | 'at'>,
  now: Instant,
): { state: SymbolHalt; facts: Fact<'execution'>[] } {
  const state: SymbolHalt = { ...request, epoch: (before?.epoch ?? 0) + 1, at: now };
  if ((before?.halted ?? false) === request.halted) return { state: before ?? { ...state, epoch: 0 }, facts: [] };
  const { halted, ...said } = state;
  return { state, facts: [fact(halted ? SymbolHalted : SymbolReleased, said)] };
}
