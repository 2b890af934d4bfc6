import type { Command } from 'commander';
import type { Client, Json } from '../client.js';
import { CliError, EXIT } from '../errors.js';
import { exitOfOrder, followOrder, untilPlanned } from '../follow-order.js';
import { addTerms, termsOf, type TermsFlags } from '../options/order-terms.js';
import {
  amount,
  oneOf,
  orderId,
  person,
  reason,
  shares,
  symbol,
  uuid,
  wholeNumber,
  type Faults,
} from '../options/values.js';
import { findOrder } from '../orders.js';
import { print } from '../output/document.js';
import { ORDER_COLUMNS, renderOrder } from '../output/order.js';
import { cell, renderRecord } from '../output/record.js';
import { renderTable } from '../output/table.js';
import { withSession } from '../session.js';
import { addBookCommand, addNoun, checkedBook, type Cli, type BookOption } from './command.js';

interface OrderOption extends BookOption {
  readonly json?: boolean;
}

interface ListFlags extends OrderOption {
  readonly cycle?: string;
  readonly symbol?: string;
  readonly side?: string;
  readonly status?: string;
  readonly limit: string;
}

interface GetFlags extends OrderOption {
  readonly follow?: boolean;
}

interface PlaceFlags extends OrderOption, TermsFlags {
  readonly symbol: string;
  readonly side: string;
  readonly quantity?: string;
  readonly notional?: string;
  readonly reason?: string;
  readonly by?: string;
  readonly follow?: boolean;
}

interface CancelFlags extends OrderOption {
  readonly all?: boolean;
  readonly reason?: string;
  readonly by?: string;
}

/** The most orders that the host gives at once. */
const PAGE_MAX = 1_000;
const SIDES = ['buy', 'sell'] as const;
const STATUSES = ['pending', 'active', 'complete'] as const;

/** `ballast order …` */
export function orderCommands(program: Command, cli: Cli): void {
  const noun = addNoun(program, 'order', 'Look at orders; place and cancel them by hand, with a reason.', [
    'order list --status active',
    'order place --symbol AAPL --side buy --quantity 100 --reason "rebalance by hand" --follow',
    'order cancel 3f9a0c12 --reason "wrong size"',
  ]);
  addList(noun, cli);
  addGet(noun, cli);
  addPlace(noun, cli);
  addCancel(noun, cli);
}

/** A command about orders, which can answer in JSON by a short word. */
const addOrderCommand = (noun: Command, usage: string, description: string, examples: readonly string[]): Command =>
  addBookCommand(noun, usage, description, examples).option(
    '--json',
    'one JSON document on standard output (the same as -o json)',
  );

const formatted = <T extends OrderOption>(raw: T): T => (raw.json === true ? { ...raw, output: 'json' } : raw);

function addList(noun: Command, { io }: Cli): void {
  addOrderCommand(noun, 'list', 'List orders with how far each came, the latest first.', [
    'order list',
    'order list --status active --symbol AAPL',
    'order list --cycle 1f0e… -o json',
  ])
    .option('--cycle <id>', 'only orders of this cycle')
    .option('--symbol <ticker>', 'only orders of this symbol')
    .option('--side <side>', 'only buys, or only sells')
    .option(
      '--status <word>',
      'pending (slices are still to leave), active (all have left, some work) or complete (all have ended)',
    )
    .option('--limit <n>', 'at most so many', '100')
    .action(async (raw: ListFlags) => {
      const { format, book, value } = checkedBook('order list', formatted(raw), (faults) => ({
        limit: wholeNumber(faults, '--limit', raw.limit, 1, 100_000) ?? PAGE_MAX,
        cycleId: raw.cycle === undefined ? undefined : uuid(faults, '--cycle', raw.cycle),
        symbol: raw.symbol === undefined ? undefined : symbol(faults, '--symbol', raw.symbol),
        side: raw.side === undefined ? undefined : oneOf(faults, '--side', raw.side, SIDES),
        status: raw.status === undefined ? undefined : oneOf(faults, '--status', raw.status, STATUSES),
      }));
      const query = { book, ...value, limit: Math.min(value.limit, PAGE_MAX) };
      const orders = await withSession(io, { book }, ({ client }) => client.list('/api/v1/orders', query, value.limit));
      print(io, format, orders, () => renderTable(ORDER_COLUMNS, orders, 'no orders'));
    });
}

function addGet(noun: Command, cli: Cli): void {
  const { io } = cli;
  addOrderCommand(
    noun,
    'get <id>',
    'Show one order, by its id or the beginning of it: how far it came and its slices, or one slice with its history.',
    ['order get 3f9a0c12', 'order get 3f9a0c12 --follow'],
  )
    .alias('show')
    .option('--follow', 'wait until it has ended; exit 0 only where it was filled whole')
    .action(async (id: string, raw: GetFlags) => {
      const { format, book } = checkedBook('order get', formatted(raw), (faults) => orderId(faults, '<id>', id));
      const needsRunning = raw.follow === true;
      const found = await withSession(io, { book, needsRunning }, async ({ client }) => {
        const now = await findOrder(client, id);
        if (raw.follow !== true) return now;
        return followed(cli, client, cell(now.order['orderId']));
      });
      print(io, format, found, () => renderOrder(found));
    });
}

/** How much is wanted: shares or money, one of both. */
function sizeOf(faults: Faults, { quantity, notional }: PlaceFlags): { quantity?: string; notional?: string } {
  if ((quantity === undefined) === (notional === undefined)) {
    faults.add('--quantity', 'say how many shares by --quantity, or for how much money by --notional, one of both');
    return {};
  }
  const [field, read] = quantity === undefined ? (['notional', amount] as const) : (['quantity', shares] as const);
  const size = read(faults, `--${field}`, (quantity ?? notional)!);
  return size === undefined ? {} : { [field]: size };
}

async function followed(cli: Cli, client: Client, id: string) {
  const ended = await followOrder(client, id, (line) => cli.io.err(`${line}\n`));
  cli.exit = exitOfOrder(ended);
  return ended;
}

function addPlace(noun: Command, cli: Cli): void {
  const { io } = cli;
  const place = addOrderCommand(noun, 'place', 'Ask for one order by hand; the guardrails judge it like a plan.', [
    'order place --symbol AAPL --side buy --quantity 100 --reason "rebalance by hand" --follow',
    'order place --symbol AAPL --side sell --quantity 100 --limit 187.50 --time-in-force gtc --reason "take profit"',
    'order place --symbol AAPL --side buy --notional 500 --reason "monthly savings"',
  ])
    .alias('submit')
    .requiredOption('--symbol <ticker>', 'what to trade')
    .requiredOption('--side <side>', 'buy or sell')
    .option('--quantity <n>', 'how many shares')
    .option(
      '--notional <dollars>',
      'for how much money, in place of a number of shares; for the day, where the venue takes it',
    );
  addTerms(place)
    .option('--reason <text>', 'why; kept in the audit')
    .option('--by <name>', 'who asks; your user name by default')
    .option('--follow', 'wait until it has ended; exit 0 only where it was filled whole, 6 where it was vetoed')
    .action(async (raw: PlaceFlags) => {
      const { format, book, value } = checkedBook('order place', formatted(raw), (faults) => ({
        symbol: symbol(faults, '--symbol', raw.symbol),
        side: oneOf(faults, '--side', raw.side, SIDES),
        ...sizeOf(faults, raw),
        terms: termsOf(faults, raw),
        reason: reason(faults, '--reason', raw.reason),
        by: person(faults, '--by', raw.by ?? io.user),
      }));
      await withSession(io, { book, needsRunning: true }, async ({ client }) => {
        const answer = await client.post('/api/v1/orders', { book, ...value });
        if (raw.follow !== true) return print(io, format, answer, () => renderRecord(answer));
        const asked = { requestId: cell(answer['requestId']), orderId: cell(answer['orderId']) };
        io.err(`asked for as ${asked.requestId}; the order will be ${asked.orderId}\n`);
        await untilPlanned(client, asked, (line) => io.err(`${line}\n`));
        const ended = await followed(cli, client, asked.orderId);
        return print(io, format, ended, () => renderOrder(ended));
      });
    });
}

function addCancel(noun: Command, cli: Cli): void {
  const { io } = cli;
  addOrderCommand(
    noun,
    'cancel [id]',
    'Cancel one order with all slices that are left of it, one slice, or everything of a book with --all.',
    ['order cancel 3f9a0c12 --reason "wrong size"', 'order cancel --all --book main --reason "venue is unwell"'],
  )
    .option('--all', 'every working order of the book')
    .option('--reason <text>', 'why; kept in the audit')
    .option('--by <name>', 'who asks; your user name by default')
    .action(async (id: string | undefined, raw: CancelFlags) => {
      const { format, book, value } = checkedBook('order cancel', formatted(raw), (faults) => {
        if ((id === undefined) !== (raw.all === true)) faults.add('<id>', 'give one order, or --all, and not both');
        if (id !== undefined) orderId(faults, '<id>', id);
        return {
          reason: reason(faults, '--reason', raw.reason),
          by: person(faults, '--by', raw.by ?? io.user),
        };
      });
      const answer = await withSession(io, { book, needsRunning: true }, async ({ client }): Promise<Json> => {
        if (id === undefined) return client.post('/api/v1/orders/cancel', { book, all: true, ...value });
        const { orderId: whole, portfolioId } = (await findOrder(client, id)).order;
        if (portfolioId !== book) throw otherBook(cell(portfolioId), book);
        return client.post(`/api/v1/orders/${cell(whole)}/cancel`, value);
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
