import { leansOnFacts, monitorAccount, type Stop } from '../domain/account-monitor.js';
import type { ChildOrder } from '../domain/child-order.js';
import type { Halt } from '../domain/halt.js';
import type { ParentOrder } from '../domain/schedule.js';
import { isFresh, isReady, type Watch } from '../domain/watch.js';
import { heldAndSent } from '../persistence/accounts.js';
import { haltedSymbols, spentSince } from '../persistence/watch.js';
import { beginLook } from './look.js';
import type { Desk, ExecutionContext } from './take-news.js';

/** What of the slices that are due can be decided now. */
export interface Gate {
  readonly due: readonly ChildOrder[];
  readonly parents: readonly ParentOrder[];
  /** Why nothing of a parent leaves, by its id. */
  readonly stops: ReadonlyMap<string, Stop>;
}

interface AtGate {
  readonly watch: Watch | null;
  readonly halt: Pick<Halt, 'halted'> | null;
  readonly due: readonly ChildOrder[];
  readonly parents: readonly ParentOrder[];
}

/**
 * Holds slices back until the account's books were compared with the venue's and its word on the account is fresh; what is
 * held back stays planned, and is looked at again after the look that is asked for here or is under way. What would be void
 * in any case does not wait: of a halted account, or after the session. Nothing is void for an old word.
 */
export async function passGate(ctx: ExecutionContext, desk: Desk, at: AtGate): Promise<Gate> {
  const { watch, halt } = at;
  if (!watch) return { due: at.due, parents: at.parents, stops: new Map() };
  const isVoid = ({ purpose, sessionClose }: ParentOrder): boolean =>
    sessionClose <= ctx.now || (halt?.halted === true && purpose !== 'flatten');
  const ends = at.parents.filter(isVoid);
  const ready = at.parents.filter((parent) => !isVoid(parent) && isReady(watch, parent.purpose));
  if (ready.length === 0) return pick(at, ends, new Map());
  const ageMs = desk.config.EXECUTION_ACCOUNT_AGE_SECONDS_MAX * 1_000;
  if (!isFresh(watch, ctx.now, ageMs)) {
    await lookAgain(ctx, watch);
    return pick(at, ends, new Map());
  }
  const stops = await stopsOf(ctx, desk, watch, at, ready);
  const doubted = ready.filter(({ parentOrderId }) => isOld(stops.get(parentOrderId), parentOrderId, at.due, watch));
  if (doubted.length > 0) await lookAgain(ctx, watch);
  const decided = ready.filter((parent) => !doubted.includes(parent));
  return pick(at, [...ends, ...decided], stops);
}

/** A venue that cannot be asked is asked again at its own pace. */
async function lookAgain(ctx: ExecutionContext, watch: Watch): Promise<void> {
  if (watch.status !== 'unavailable') await beginLook(ctx, watch.account);
}

/** Whether a stop is drawn from a word that is older than the slices: what was sold since may pay for what is bought. */
function isOld(stop: Stop | undefined, parentOrderId: string, due: readonly ChildOrder[], { factsAt }: Watch): boolean {
  if (!stop || !leansOnFacts(stop)) return false;
  return due.some((order) => order.parentOrderId === parentOrderId && order.dueAt > factsAt!);
}

async function stopsOf(
  ctx: ExecutionContext,
  { config, venue }: Desk,
  { account, facts, factsAt }: Watch,
  { due }: AtGate,
  parents: readonly ParentOrder[],
): Promise<ReadonlyMap<string, Stop>> {
  const buys = parents.some(({ side }) => side === 'buy');
  const shorts = facts!.shortingEnabled !== true && parents.some(({ side }) => side === 'sell');
  return monitorAccount({
    now: ctx.now,
    facts: facts!,
    marketHours: config.EXECUTION_MARKET_HOURS,
    venue: venue.rules,
    collarBp: config.EXECUTION_BUYING_POWER_COLLAR_BP,
    spent: buys ? await spentSince(ctx.tx, account, factsAt!) : '0',
    holdings: shorts ? await heldAndSent(ctx.tx, account) : { positions: [], working: [] },
    halted: await haltedSymbols(ctx.tx, account),
    parents,
    due,
  });
}

function pick({ due }: AtGate, parents: readonly ParentOrder[], stops: Gate['stops']): Gate {
  const ids = new Set(parents.map(({ parentOrderId }) => parentOrderId));
  return { due: due.filter(({ parentOrderId }) => ids.has(parentOrderId)), parents, stops };
}
