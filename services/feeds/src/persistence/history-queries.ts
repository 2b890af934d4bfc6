import type { CorporateAction } from '@ballast/kernel/corporate-actions';
import type { EntityManager } from 'typeorm';
import { actionsBySymbol } from '../domain/actions.js';
import { barsOfMonths, type SymbolBars } from '../domain/bar-month.js';
import { loadActions } from './action-queries.js';
import { loadMonths } from './bar-queries.js';

/** Before and after every date that a history can have. */
const ALL = { from: '1900-01-01', to: '2999-12-31' };

/** The symbols of a source, in order. */
export async function symbolsOf(manager: EntityManager, source: string): Promise<string[]> {
  const rows = await manager.query<{ symbol: string }[]>(
    `select distinct symbol from bar_month where source = $1 order by symbol`,
    [source],
  );
  return rows.map(({ symbol }) => symbol);
}

/** The whole history of each of some symbols, in their order. */
export async function barsOfSymbols(
  manager: EntityManager,
  source: string,
  symbols: readonly string[],
): Promise<SymbolBars[]> {
  return barsOfMonths(await loadMonths(manager, source, ALL.from, ALL.to, symbols));
}

/** All actions that are known now of each of some symbols. */
export async function actionsOfSymbols(
  manager: EntityManager,
  source: string,
  symbols: readonly string[],
): Promise<Map<string, CorporateAction[]>> {
  return actionsBySymbol(await loadActions(manager, source, ALL.from, ALL.to, symbols));
}
