import type { Command } from 'commander';
import { CliError, EXIT } from '../errors.js';
import { findOrder, ORDER_ID_LENGTH } from '../explain.js';
import { addTerms, termsOf, type TermsFlags } from '../options/order-terms.js';
import { hashPrefix, oneOf, person, reason, shares, symbol, uuid, wholeNumber } from '../options/values.js';
import { print } from '../output/document.js';
import { cell, columnsOf, renderRecord } from '../output/record.js';
import { renderTable } from '../output/table.js';
import { withSession } from '../session.js';
import { addBookCommand, addNoun, checkedBook, type Cli, type BookOption } from './command.js';

interface ListFlags extends BookOption {
  readonly cycle?: string;
  readonly limit: string;
}

interface PlaceFlags extends BookOption, TermsFlags {
  readonly symbol: string;
  readonly side: string;
  readonly quantity: string;
  readonly reason?: string;
  readonly by?: string;
}

interface CancelFlags extends BookOption {
  readonly all?: boolean;
  readonly reason?: string;
  readonly by?: string;
}

/** The most orders that the host gives at once. */
const PAGE_MAX = 1_000;

/** `ballast order …` */
export function orderCommands(program: Command, cli: Cli): void {
  const noun = addNoun(program, 'order', 'Look at orders; place and cancel them by hand, with a reason.', [
    'order list',
    'order place --symbol AAPL --side buy --quantity 100 --reason "rebalance by hand"',
    'order cancel 3f9a0c12 --reason "wrong size"',
  ]);
  addReads(noun, cli);
  addPlace(noun, cli);
  addCancel(noun, cli);
}

function addReads(noun: Command, cli: Cli): void {
  const { io } = cli;
  addBookCommand(noun, 'list', 'List child orders, the latest first.', [
    'order list',
    'order list --cycle 1f0e… -o json',
  ])
    .option('--cycle <id>', 'only orders of this cycle')
    .option('--limit <n>', 'at most so many', '100')
    .action(async (raw: ListFlags) => {
      const { format, book, value } = checkedBook('order list', raw, (faults) => ({
        limit: wholeNumber(faults, '--limit', raw.limit, 1, 100_000) ?? PAGE_MAX,
        cycleId: raw.cycle === undefined ? undefined : uuid(faults, '--cycle', raw.cycle),
      }));
      const query = { book, cycleId: value.cycleId, limit: Math.min(value.limit, PAGE_MAX) };
      const orders = await withSession(io, { book }, ({ client }) => client.list('/api/v1/orders', query, value.limit));
      print(io, format, orders, () => renderTable(ORDER_COLUMNS, orders, 'no orders'));
    });
  addBookCommand(noun, 'get <id>', 'Show one order, by its client order id or the beginning of it.', [
    'order get 3f9a0c12',
  ]).action(async (id: string, raw: BookOption) => {
    const { format, book } = checkedBook('order get', raw, (faults) => hashPrefix(faults, '<id>', id, ORDER_ID_LENGTH));
    const order = await withSession(io, { book }, ({ client }) => findOrder(client, id));
    print(io, format, order, () => renderRecord({ ...order }));
  });
}

function addPlace(noun: Command, cli: Cli): void {
  const { io } = cli;
  const place = addBookCommand(noun, 'place', 'Ask for one order by hand; the guardrails judge it like a plan.', [
    'order place --symbol AAPL --side buy --quantity 100 --reason "rebalance by hand"',
    'order place --symbol AAPL --side sell --quantity 100 --limit 187.50 --time-in-force gtc --reason "take profit"',
  ])
    .requiredOption('--symbol <ticker>', 'what to trade')
    .requiredOption('--side <side>', 'buy or sell')
    .requiredOption('--quantity <n>', 'how many shares');
  addTerms(place)
    .option('--reason <text>', 'why; kept in the audit')
    .option('--by <name>', 'who asks; your user name by default')
    .action(async (raw: PlaceFlags) => {
      const { format, book, value } = checkedBook('order place', raw, (faults) => ({
        symbol: symbol(faults, '--symbol', raw.symbol),
        side: oneOf(faults, '--side', raw.side, ['buy', 'sell']),
        quantity: shares(faults, '--quantity', raw.quantity),
        terms: termsOf(faults, raw),
        reason: reason(faults, '--reason', raw.reason),
        by: person(faults, '--by', raw.by ?? io.user),
      }));
      const answer = await withSession(io, { book, needsRunning: true }, ({ client }) =>
        client.post('/api/v1/orders', { book, ...value }),
      );
      print(io, format, answer, () => renderRecord(answer));
    });
}

function addCancel(noun: Command, cli: Cli): void {
  const { io } = cli;
  addBookCommand(noun, 'cancel [id]', 'Cancel one working order, or all of a book with --all.', [
    'order cancel 3f9a0c12 --reason "wrong size"',
    'order cancel --all --book main --reason "venue is unwell"',
  ])
    .option('--all', 'every working order of the book')
    .option('--reason <text>', 'why; kept in the audit')
    .option('--by <name>', 'who asks; your user name by default')
    .action(async (id: string | undefined, raw: CancelFlags) => {
      const { format, book, value } = checkedBook('order cancel', raw, (faults) => {
        if ((id === undefined) !== (raw.all === true)) faults.add('<id>', 'give one order, or --all, and not both');
        if (id !== undefined) hashPrefix(faults, '<id>', id, ORDER_ID_LENGTH);
        return {
          reason: reason(faults, '--reason', raw.reason),
          by: person(faults, '--by', raw.by ?? io.user),
        };
      });
      const answer = await withSession(io, { book, needsRunning: true }, async ({ client }) => {
        if (id === undefined) return client.post('/api/v1/orders/cancel', { book, all: true, ...value });
        const { clientOrderId, portfolioId } = (await findOrder(client, id)).order;
        if (portfolioId !== book) throw otherBook(cell(portfolioId), book);
        return client.post('/api/v1/orders/cancel', { book, clientOrderId, ...value });
      });
      print(io, format, answer, () => renderRecord(answer));
    });
}

const otherBook = (actual: string, given: string): CliError =>
  new CliError({
    code: 'ORDER_OF_OTHER_BOOK',
    what: `The order belongs to the book ${actual}, not to ${given}.`,
    where: [{ field: '--book', message: `expected ${actual}` }],
    nextStep: `Add --book ${actual} if this is the order you mean.`,
    exit: EXIT.usage,
  });

const ORDER_COLUMNS = columnsOf({
  ORDER: 'clientOrderId',
  SYMBOL: 'symbol',
  SIDE: 'side',
  QUANTITY: 'quantity',
  FILLED: 'filledQuantity',
  AVERAGE: 'averagePrice',
  STATUS: 'status',
  SLICE: 'slice',
  CYCLE: 'cycleId',
});
