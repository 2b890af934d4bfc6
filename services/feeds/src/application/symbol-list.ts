import { TickerSymbol } from '@ballast/contracts';
import { z } from 'zod';

/** Symbols of a query, separated by commas, each once and in order; at most `max`. */
export const SymbolList = (max: number) =>
  z
    .string()
    .transform((text) => [...new Set(text.split(',').map((symbol) => symbol.trim()))].sort())
    .pipe(z.array(TickerSymbol).min(1).max(max));
