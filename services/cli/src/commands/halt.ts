import type { Command } from 'commander';
import { EXIT } from '../errors.js';
import { flattenUntilFlat, leftText } from '../flatten.js';
import { person, reason, symbol, type Faults } from '../options/values.js';
import { print } from '../output/document.js';
import { columnsOf, renderRecord } from '../output/record.js';
import { renderTable } from '../output/table.js';
import { withSession } from '../session.js';
import { addBookCommand, addNoun, checkedBook, confirm, type Cli, type BookOption } from './command.js';

interface OnFlags extends BookOption {
  readonly symbol?: string;
  readonly reason?: string;
  readonly by?: string;
  readonly cancel?: boolean;
  readonly flatten?: boolean;
}

interface OffFlags extends BookOption {
  readonly symbol?: string;
  readonly reason?: string;
  readonly by?: string;
  readonly confirm?: string;
}

/** `ballast halt on|off|status` */
export function haltCommands(program: Command, cli: Cli): void {
  const noun = addNoun(program, 'halt', 'Stop new orders of an account, and let them go again.', [
    'halt on --reason "quotes are stale"',
    'halt status',
    'halt off --reason "quotes are back" --confirm main',
    'halt off --symbol AAPL --reason "the break is explained"',
  ]);
  addOn(noun, cli);
  addOff(noun, cli);
  addBookCommand(noun, 'status', 'Show which accounts and symbols are halted, since when, by whom and why.', [
    'halt status',
  ]).action(async (raw: BookOption) => {
    const { format, book } = checkedBook('halt status', raw, () => null);
    const halts = await withSession(cli.io, { book }, async ({ client }) => [
      ...(await client.list('/api/v1/halt')),
      ...(await client.list('/api/v1/halt/symbols')),
    ]);
    print(cli.io, format, halts, () => renderTable(COLUMNS, halts, 'no account was ever halted'));
  });
}

function addOn(noun: Command, cli: Cli): void {
  const { io } = cli;
  addBookCommand(noun, 'on', 'Stop new orders of an account, or of one symbol of it, at once.', [
    'halt on --reason "quotes are stale"',
    'halt on --symbol AAPL --reason "its prices look wrong"',
    'halt on --reason "flash crash" --cancel --flatten',
  ])
    .option('--symbol <ticker>', 'only orders of this symbol')
    .option('--reason <text>', 'why; kept in the audit')
    .option('--by <name>', 'who halts; your user name by default')
    .option('--cancel', 'cancel working orders too')
    .option('--flatten', 'cancel working orders, then close every position; exit 1 where something is left')
    .action(async (raw: OnFlags) => {
      const { format, book, value } = checkedBook('halt on', raw, (faults) => ({
        ...symbolOf(faults, raw, raw.cancel === true || raw.flatten === true),
        reason: reason(faults, '--reason', raw.reason),
        by: person(faults, '--by', raw.by ?? io.user),
      }));
      const answers = await withSession(io, { book }, async ({ client }) => {
        // The halt alone comes first: whatever becomes of the rest, no new order leaves.
        const halt = await client.post('/api/v1/halt', { account: book, on: true, ...value });
        const what = value.symbol === undefined ? `the account ${book}` : `${value.symbol} in the account ${book}`;
        io.err(`${what} is halted: no new order leaves\n`);
        const cancel =
          raw.cancel === true || raw.flatten === true
            ? await client.post('/api/v1/orders/cancel', { book, all: true, ...value })
            : null;
        const flatten =
          raw.flatten === true ? await flattenUntilFlat(client, book, value, (line) => io.err(`${line}\n`)) : null;
        if (flatten) io.err(`${leftText(book, flatten)}\n`);
        if (flatten?.flat === false) cli.exit = EXIT.failure;
        return { halt, ...(cancel ? { cancel } : {}), ...(flatten ? { flatten } : {}) };
      });
      print(io, format, answers, () => renderRecord(answers));
    });
}

function addOff(noun: Command, { io }: Cli): void {
  addBookCommand(noun, 'off', 'Let orders go again; asks to type the name of the account or symbol.', [
    'halt off --reason "quotes are back"',
    'halt off --reason "quotes are back" --confirm main',
    'halt off --symbol AAPL --reason "the break is explained" --confirm AAPL',
  ])
    .option('--symbol <ticker>', 'lift only the halt of this symbol')
    .option('--reason <text>', 'why; kept in the audit')
    .option('--by <name>', 'who lifts the halt; your user name by default')
    .option('--confirm <name>', 'the name of the account or symbol again, where nobody can be asked')
    .action(async (raw: OffFlags) => {
      const { format, book, value } = checkedBook('halt off', raw, (faults) => ({
        ...symbolOf(faults, raw, false),
        reason: reason(faults, '--reason', raw.reason),
        by: person(faults, '--by', raw.by ?? io.user),
      }));
      const name = value.symbol ?? book;
      const what = value.symbol === undefined ? `the account ${book}` : `${name} in the account ${book}`;
      await confirm(io, `New orders of ${what} will be sent again.`, name, raw.confirm, `--confirm ${name}`);
      const body = { account: book, on: false, ...value, confirm: name };
      const answer = await withSession(io, { book }, ({ client }) => client.post('/api/v1/halt', body));
      print(io, format, answer, () => renderRecord(answer));
    });
}

/** The symbol that is meant, where it is one; cancelling and closing are for the whole account. */
function symbolOf(faults: Faults, { symbol: text }: { readonly symbol?: string }, whole: boolean): { symbol?: string } {
  if (text === undefined) return {};
  if (whole) faults.add('--symbol', 'goes without --cancel and --flatten, which are for the whole account');
  const found = symbol(faults, '--symbol', text);
  return found === undefined ? {} : { symbol: found };
}

const COLUMNS = columnsOf({
  ACCOUNT: 'account',
  SYMBOL: 'symbol',
  HALTED: 'halted',
  EPOCH: 'epoch',
  SINCE: 'at',
  BY: 'by',
  DOOR: 'door',
  REASON: 'reason',
});
