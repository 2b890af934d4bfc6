import { readFile } from 'node:fs/promises';
import { hashOf, PlanApproved, PlanTrimmed, Trade, type DataOf, type Envelope } from '@ballast/contracts';
import type { ChainedEntry } from '@ballast/kernel/ledger';
import { unpackRows } from '@ballast/platform';
import { checkMachinery, type Simulation } from '@ballast/testing';
import { everyOrderApproved, type Approval } from './checkers/approvals.js';
import { cashAgrees, fillsAgree, ledgerHolds, positionsAgree, type Held, type OwnFill } from './checkers/books.js';
import { auditHasEveryStage, auditIsChained, everyCycleEnds, type AuditRow, type CycleRow } from './checkers/cycles.js';
import { nothingSentWhileHalted } from './checkers/halts.js';
import {
  filledWithinOrdered,
  intentsOnce,
  ordersAgree,
  placedOnce,
  type OwnOrder,
  type OwnParent,
} from './checkers/orders.js';
import { replaysIdentically } from './checkers/replay.js';
import { AT_THE_DATABASE, BOOK, type People } from './people.js';
import { environmentOf, type Bench } from './system.js';
import type { SimVenue } from './venue/sim-venue.js';

/** What a run has led to, for the summary: a run in which nothing was traded proves little. */
export interface Reached {
  readonly closed: number;
  readonly aborted: number;
  readonly orders: number;
  readonly fills: number;
  readonly halts: number;
}

/** All that is looked at, in the order in which a person would want to hear of it. */
export async function check(
  sim: Simulation,
  bench: Bench,
  venue: SimVenue,
  people: People,
  replay: boolean,
): Promise<Reached> {
  const { database } = bench;
  const names = sim.services.map((service) => service.name);
  await people.end();
  const orders = await database.rows<OwnOrder>(
    'execution-gateway',
    `select client_order_id, parent_order_id, cycle_id, account, symbol, side, slice, quantity, filled_quantity, approved_hash, state
       from child_order where state <> 'planned' order by client_order_id`,
  );
  const sent = orders.filter((order) => order.state !== 'planned');
  const theirs = [...venue.book.orders.values()];
  placedOnce(venue.book.placements);
  nothingSentWhileHalted(people.halts);
  intentsOnce(theirs, orders);
  await checkMachinery(database, names, sim.bus);
  const parents = await database.rows<OwnParent>(
    'execution-gateway',
    `select parent_order_id, symbol, quantity from parent_order order by parent_order_id`,
  );
  filledWithinOrdered(theirs, orders, parents);
  ordersAgree(theirs, sent);
  everyOrderApproved(sent, await approvals(bench), await readFile(bench.keys.publicKeyFile, 'utf8'));
  await checkBooks(bench, venue);
  const cycles = await database.rows<CycleRow>('orchestrator', `select * from cycle_meta order by opened_at, cycle_id`);
  everyCycleEnds(cycles);
  await checkAudit(sim, bench, cycles);
  if (replay) await checkReplay(sim, bench, people);
  return {
    closed: cycles.filter((cycle) => cycle.status === 'closed').length,
    aborted: cycles.filter((cycle) => cycle.status === 'aborted').length,
    orders: theirs.length,
    fills: venue.book.fills.length,
    halts: people.halts.length,
  };
}

async function approvals({ database, packs }: Bench): Promise<Approval[]> {
  const rows = await database.rows<{ body: string }>(
    'risk-guardrails',
    `select body from outbox where body::json ->> 'type' = any($1) order by tx, seq`,
    [[PlanApproved.type, PlanTrimmed.type]],
  );
  return Promise.all(
    rows.map(async ({ body }) => {
      const verdict = (JSON.parse(body) as Envelope<DataOf<typeof PlanApproved>>).data;
      return { verdict, trades: await unpackRows(packs, verdict.trades, Trade) };
    }),
  );
}

async function checkBooks({ database }: Bench, { book }: SimVenue): Promise<void> {
  const fills = book.fills.filter((fill) => fill.account === BOOK);
  const positions = book.positions(BOOK);
  for (const service of ['execution-gateway', 'portfolio', 'tax']) {
    const own = await database.rows<OwnFill>(
      service,
      `select execution_id, symbol, side, quantity, price, fees from fill order by execution_id`,
    );
    fillsAgree(service, fills, own);
  }
  const held = await database.rows<Held>('portfolio', `select symbol, quantity from position order by symbol`);
  positionsAgree('the portfolio', positions, held);
  positionsAgree(
    'the lots',
    positions,
    await database.rows<Held>('tax', `select symbol, quantity from lot order by symbol`),
  );
  const [account] = await database.rows<{ opening_cash: string; cash: string; ledger_hash: string }>(
    'portfolio',
    `select opening_cash, cash, ledger_hash from account where portfolio_id = $1`,
    [BOOK],
  );
  cashAgrees(account!.opening_cash, fills, book.cash(BOOK), account!.cash);
  const entries = await database.rows<ChainedEntry>(
    'portfolio',
    `select previous_hash as "previousHash", entry, hash from ledger_entry where portfolio_id = $1 order by sequence`,
    [BOOK],
  );
  ledgerHolds(entries, hashOf({ ledger: BOOK }), account!.ledger_hash);
}

async function checkAudit(sim: Simulation, { database }: Bench, cycles: readonly CycleRow[]): Promise<void> {
  const own: AuditRow[] = [];
  for (const { name } of sim.services) {
    own.push(
      ...(await database.rows<AuditRow>(
        name,
        `select audit_id, '${name}' as service, act, cycle_id from audit order by at, audit_id`,
      )),
    );
  }
  auditHasEveryStage(cycles, own);
  const chained = await database.rows<{ audit_id: string }>('console', `select audit_id from audit_entry`);
  const answer = await sim.request('console', 'GET', '/api/v1/audit/verify');
  const verification = answer?.body as { ok: boolean };
  auditIsChained(own, new Set(chained.map((row) => row.audit_id)), {
    ok: verification.ok,
    detail: JSON.stringify(verification),
  });
}

/** Replays every service. What an operator did at the database did not come through the inbox, and cannot come again. */
async function checkReplay(sim: Simulation, { database, packs, keys }: Bench, people: People): Promise<void> {
  if (people.halts.some((halt) => halt.how === AT_THE_DATABASE)) return;
  const definitions = sim.services.map((service) => service.definition);
  const env = environmentOf(keys);
  await database.withSpare((spareUrl) => replaysIdentically({ definitions, url: database.url, spareUrl, env, packs }));
}
