import type { HistoryAction } from '@ballast/kernel/data-quality';
import type { EntityManager } from 'typeorm';
import { explanationsBySymbol } from '../domain/actions.js';
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

/** What explains the moves of each of some symbols, as it is known now. */
export async function explanationsOfSymbols(
  manager: EntityManager,
  source: string,
  symbols: readonly string[],
): Promise<Map<string, HistoryAction[]>> {
  return explanationsBySymbol(await loadActions(manager, source, ALL.from, ALL.to, symbols));
}
