import type { Command } from 'commander';
import { EXIT } from '../errors.js';
import { flattenUntilFlat, leftText } from '../flatten.js';
import { person, reason } from '../options/values.js';
import { print } from '../output/document.js';
import { columnsOf, renderRecord } from '../output/record.js';
import { renderTable } from '../output/table.js';
import { withSession } from '../session.js';
import { addBookCommand, addNoun, checkedBook, confirm, type Cli, type BookOption } from './command.js';

interface OnFlags extends BookOption {
  readonly reason?: string;
  readonly by?: string;
  readonly cancel?: boolean;
  readonly flatten?: boolean;
}

interface OffFlags extends BookOption {
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
  ]);
  addOn(noun, cli);
  addOff(noun, cli);
  addBookCommand(noun, 'status', 'Show whether an account is halted, since when, by whom and why.', [
    'halt status',
  ]).action(async (raw: BookOption) => {
    const { format, book } = checkedBook('halt status', raw, () => null);
    const halts = await withSession(cli.io, { book }, ({ client }) => client.list('/api/v1/halt'));
    print(cli.io, format, halts, () => renderTable(COLUMNS, halts, 'no account was ever halted'));
  });
}

function addOn(noun: Command, cli: Cli): void {
  const { io } = cli;
  addBookCommand(noun, 'on', 'Stop new orders of an account at once.', [
    'halt on --reason "quotes are stale"',
    'halt on --reason "flash crash" --cancel --flatten',
  ])
    .option('--reason <text>', 'why; kept in the audit')
    .option('--by <name>', 'who halts; your user name by default')
    .option('--cancel', 'cancel working orders too')
    .option('--flatten', 'cancel working orders, then close every position; exit 1 where something is left')
    .action(async (raw: OnFlags) => {
      const { format, book, value } = checkedBook('halt on', raw, (faults) => ({
        reason: reason(faults, '--reason', raw.reason),
        by: person(faults, '--by', raw.by ?? io.user),
      }));
      const answers = await withSession(io, { book }, async ({ client }) => {
        // The halt alone comes first: whatever becomes of the rest, no new order leaves.
        const halt = await client.post('/api/v1/halt', { account: book, on: true, ...value });
        io.err(`the account ${book} is halted: no new order leaves\n`);
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
  addBookCommand(noun, 'off', "Let orders go again; asks to type the account's name.", [
    'halt off --reason "quotes are back"',
    'halt off --reason "quotes are back" --confirm main',
  ])
    .option('--reason <text>', 'why; kept in the audit')
    .option('--by <name>', 'who lifts the halt; your user name by default')
    .option('--confirm <name>', "the account's name again, where nobody can be asked")
    .action(async (raw: OffFlags) => {
      const { format, book, value } = checkedBook('halt off', raw, (faults) => ({
        reason: reason(faults, '--reason', raw.reason),
        by: person(faults, '--by', raw.by ?? io.user),
      }));
      await confirm(
        io,
        `New orders of the account ${book} will be sent again.`,
        book,
        raw.confirm,
        `--confirm ${book}`,
      );
      const body = { account: book, on: false, ...value, confirm: book };
      const answer = await withSession(io, { book }, ({ client }) => client.post('/api/v1/halt', body));
      print(io, format, answer, () => renderRecord(answer));
    });
}

const COLUMNS = columnsOf({
  ACCOUNT: 'account',
  HALTED: 'halted',
  EPOCH: 'epoch',
  SINCE: 'at',
  BY: 'by',
  DOOR: 'door',
  REASON: 'reason',
});
