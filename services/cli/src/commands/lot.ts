import type { Command } from 'commander';
import { symbol as symbolOf } from '../options/values.js';
import { print } from '../output/document.js';
import { money, quantity } from '../output/format.js';
import { amounts, columnsOf } from '../output/record.js';
import { renderTable } from '../output/table.js';
import { withSession } from '../session.js';
import { addBookCommand, addNoun, checkedBook, type Cli, type BookOption } from './command.js';

interface ListFlags extends BookOption {
  readonly symbol?: string;
}

const COLUMNS = [
  ...columnsOf({ SYMBOL: 'symbol', LOT: 'lotId' }),
  amounts('QUANTITY', 'quantity', quantity),
  ...columnsOf({ ACQUIRED: 'acquired', 'HELD SINCE': 'holdingStart' }),
  amounts('BASIS', 'basis', money),
];

/** `ballast lot list` */
export function lotCommands(program: Command, { io }: Cli): void {
  const noun = addNoun(program, 'lot', 'The tax lots of a book.', ['lot list --symbol AAPL']);
  addBookCommand(noun, 'list', 'List open tax lots.', ['lot list', 'lot list --symbol AAPL -o yaml'])
    .option('--symbol <ticker>', 'only lots of this symbol')
    .action(async (raw: ListFlags) => {
      const {
        format,
        book,
        value: symbol,
      } = checkedBook('lot list', raw, (faults) =>
        raw.symbol === undefined ? undefined : symbolOf(faults, '--symbol', raw.symbol),
      );
      const lots = await withSession(io, { book }, ({ client }) => client.list('/api/v1/lots', { book, symbol }));
      print(io, format, lots, () => renderTable(COLUMNS, lots, 'no open lots'));
    });
}
