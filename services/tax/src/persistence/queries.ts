import { Fault, type Writing } from '@ballast/platform';
import { decimal, formatDecimal } from '@ballast/kernel/money';
import { In, type EntityManager } from 'typeorm';
import { fillName, inVenueOrder, type Fill } from '../domain/fill.js';
import type { LotChanges, OpenLot, Outcome } from '../domain/lots.js';
import { DisposalEntity } from './entities/disposal.entity.js';
import { FillEntity } from './entities/fill.entity.js';
import { ImpactEntity } from './entities/impact.entity.js';
import { LotEntity } from './entities/lot.entity.js';

/**
 * Keeps a fill; false where it was kept before.
 * @throws Fault FILL_CONFLICT where the venue used the execution id for something else.
 */
export async function rememberFill(tx: EntityManager, fill: Fill): Promise<boolean> {
  const values = [
    ...[fill.venue, fill.executionId, fill.portfolioId, fill.account, fill.symbol, fill.side],
    ...[fill.quantity, fill.price, fill.fees, fill.filledAt],
  ];
  const inserted = await tx.query<unknown[]>(
    `insert into fill (venue, execution_id, portfolio_id, account, symbol, side, quantity, price, fees, filled_at, short)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, false) on conflict do nothing returning venue`,
    values,
  );
  if (inserted.length > 0) return true;
  const same = await tx.query<unknown[]>(
    `select from fill where venue = $1 and execution_id = $2 and portfolio_id = $3 and account = $4 and symbol = $5
        and side = $6 and quantity = $7 and price = $8 and fees = $9 and filled_at = $10`,
    values,
  );
  if (same.length > 0) return false;
  throw new Fault(
    'FILL_CONFLICT',
    `${fill.venue} told of execution ${fill.executionId} before, with other numbers; compare both with the venue, then skip or replay this one`,
  );
}

/** Tells whether a fill of the symbol that is later in the venue's order was heard before this one. */
export async function isLate(tx: EntityManager, fill: Fill): Promise<boolean> {
  const later = await tx.query<unknown[]>(
    `select from fill where account = $1 and symbol = $2 and filled_at >= $3
        and (filled_at, execution_id collate "C", venue collate "C") > ($3, $4 collate "C", $5 collate "C") limit 1`,
    [fill.account, fill.symbol, fill.filledAt, fill.executionId, fill.venue],
  );
  return later.length > 0;
}

/** Every fill of a symbol, and what was known of each but the new one. */
export async function fillsOf(tx: EntityManager, { account, symbol, ...fresh }: Fill) {
  const fills = await tx.findBy(FillEntity, { account, symbol });
  const disposals = await tx.findBy(DisposalEntity, { account, symbol });
  const pieces = new Map(disposals.map((each) => [fillName(each), each.pieces]));
  const known = fills
    .filter((fill) => fillName(fill) !== fillName(fresh))
    .map((fill) => [fillName(fill), { pieces: pieces.get(fillName(fill)) ?? [], short: fill.short }] as const);
  return { fills: fills as readonly Fill[], known: new Map(known) };
}

/** Open lots of some symbols, each symbol's in the order in which they were opened. */
export async function openLots(tx: EntityManager, account: string, symbols: readonly string[]) {
  const rows = await tx.findBy(LotEntity, { account, symbol: In([...symbols]) });
  const bySymbol = new Map<string, OpenLot[]>();
  for (const row of inVenueOrder(rows.map((each) => ({ ...each, filledAt: each.openedAt })))) {
    const known = bySymbol.get(row.symbol);
    if (known) known.push(lotOf(row));
    else bySymbol.set(row.symbol, [lotOf(row)]);
  }
  return bySymbol;
}

const lotOf = (row: LotEntity): OpenLot => ({
  id: fillName(row),
  symbol: row.symbol,
  acquired: row.acquired,
  holdingStart: row.holdingStart,
  qty: decimal(row.quantity),
  openedQty: decimal(row.openedQuantity),
  openedBasis: decimal(row.openedBasis),
  fill: { venue: row.venue, executionId: row.executionId, account: row.account, filledAt: row.openedAt },
});

/** Brings the lots of a symbol from one state to the next. */
export function saveLots(to: Writing, { gone, kept }: LotChanges): void {
  if (gone.length > 0) {
    to.write(
      `delete from lot using unnest($1::text[], $2::text[]) as old (venue, execution_id)
        where lot.venue = old.venue and lot.execution_id = old.execution_id`,
      [gone.map((lot) => lot.fill.venue), gone.map((lot) => lot.fill.executionId)],
    );
  }
  if (kept.length === 0) return;
  to.write(
    `insert into lot (venue, execution_id, account, symbol, quantity, opened_quantity, opened_basis, acquired,
                      holding_start, opened_at)
     select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::numeric[], $6::numeric[], $7::numeric[],
                          $8::date[], $9::date[], $10::timestamptz[])
     on conflict (venue, execution_id) do update set quantity = excluded.quantity`,
    [
      ...[kept.map((lot) => lot.fill.venue), kept.map((lot) => lot.fill.executionId)],
      ...[kept.map((lot) => lot.fill.account), kept.map((lot) => lot.symbol)],
      ...[kept.map((lot) => formatDecimal(lot.qty)), kept.map((lot) => formatDecimal(lot.openedQty))],
      ...[kept.map((lot) => formatDecimal(lot.openedBasis)), kept.map((lot) => lot.acquired)],
      ...[kept.map((lot) => lot.holdingStart), kept.map((lot) => lot.fill.filledAt)],
    ],
  );
}

/** Keeps what sales came to, in the place of what was known of them. */
export function saveOutcomes(to: Writing, outcomes: readonly Outcome[]): void {
  const sales = outcomes.filter(({ fill }) => fill.side === 'sell');
  if (sales.length === 0) return;
  const venues = sales.map(({ fill }) => fill.venue);
  const executions = sales.map(({ fill }) => fill.executionId);
  to.write(
    `update fill set short = new.short from unnest($1::text[], $2::text[], $3::boolean[]) as new (venue, execution_id, short)
      where fill.venue = new.venue and fill.execution_id = new.execution_id`,
    [venues, executions, sales.map(({ short }) => short)],
  );
  to.write(
    `insert into disposal (venue, execution_id, account, symbol, pieces)
     select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::jsonb[])
     on conflict (venue, execution_id) do update set pieces = excluded.pieces`,
    [
      ...[venues, executions, sales.map(({ fill }) => fill.account), sales.map(({ fill }) => fill.symbol)],
      sales.map(({ pieces }) => JSON.stringify(pieces)),
    ],
  );
}

/** Sales of an account that still wait for a buy. */
export const shortSales = (tx: EntityManager, account: string): Promise<Fill[]> =>
  tx.find(FillEntity, { where: { account, short: true }, order: { filledAt: 'ASC', executionId: 'ASC' } });

type Part = Partial<Pick<ImpactEntity, 'tradeDate' | 'plan' | 'impact' | 'assessedAt'>>;

/** Adds a part to what is known of a cycle's plan, and returns all of it; parts may come in any order. */
export async function rememberPart(
  tx: EntityManager,
  { cycleId, portfolioId }: { cycleId: string; portfolioId: string },
  part: Part,
): Promise<ImpactEntity> {
  const known = await tx.findOneBy(ImpactEntity, { cycleId });
  const nothing = { tradeDate: null, plan: null, impact: null, assessedAt: null };
  const impact = Object.assign(known ?? tx.create(ImpactEntity, { cycleId, portfolioId, ...nothing }), part);
  if (known) await tx.update(ImpactEntity, { cycleId }, part as never);
  else await tx.insert(ImpactEntity, impact as never);
  return impact;
}
