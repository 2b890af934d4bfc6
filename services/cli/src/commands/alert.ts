import type { Command } from 'commander';
import { wholeNumber } from '../options/values.js';
import { print } from '../output/document.js';
import { columnsOf } from '../output/record.js';
import { renderTable } from '../output/table.js';
import { withSession } from '../session.js';
import { addBookCommand, addNoun, checkedBook, type Cli, type BookOption } from './command.js';

const COLUMNS = columnsOf({
  AT: 'raisedAt',
  SEVERITY: 'severity',
  CODE: 'code',
  FAMILY: 'family',
  STATE: 'state',
  MESSAGE: 'message',
  'NEXT STEP': 'nextStep',
});

/** The most alerts that the host gives at once. */
const PAGE_MAX = 500;

/** `ballast alert list` */
export function alertCommands(program: Command, { io }: Cli): void {
  const noun = addNoun(program, 'alert', 'What a person should know.', ['alert list']);
  addBookCommand(noun, 'list', 'List alerts, the latest first, with numbers and next steps.', ['alert list --limit 5'])
    .option('--limit <n>', 'at most so many', '50')
    .action(async (raw: BookOption & { limit: string }) => {
      const { format, book, value } = checkedBook(
        'alert list',
        raw,
        (faults) => wholeNumber(faults, '--limit', raw.limit, 1, 10_000) ?? PAGE_MAX,
      );
      const alerts = await withSession(io, { book }, ({ client }) =>
        client.list('/api/v1/alerts', { limit: Math.min(value, PAGE_MAX) }, value),
      );
      print(io, format, alerts, () => renderTable(COLUMNS, alerts, 'no alerts'));
    });
}
