import type { Command } from 'commander';
import type { Json } from '../client.js';
import { print } from '../output/document.js';
import { money, price, quantity } from '../output/format.js';
import { amounts, columnsOf, decimalOf } from '../output/record.js';
import { renderPairs, renderTable } from '../output/table.js';
import { withSession } from '../session.js';
import { addBookCommand, addNoun, checkedBook, type Cli, type BookOption } from './command.js';

const COLUMNS = [
  ...columnsOf({ SYMBOL: 'symbol' }),
  amounts('QUANTITY', 'quantity', quantity),
  amounts('AVERAGE COST', 'averageCost', price),
  amounts('PRICE', 'price', price),
  amounts('VALUE', 'marketValue', money),
  amounts('UNREALISED', 'unrealised', money),
];

/** `ballast position list` */
export function positionCommands(program: Command, { io }: Cli): void {
  const noun = addNoun(program, 'position', 'What a book holds.', ['position list']);
  addBookCommand(noun, 'list', 'List positions at the last marks, with cash and equity.', [
    'position list',
    'position list --book trial -o json',
  ]).action(async (raw: BookOption) => {
    const { format, book } = checkedBook('position list', raw, () => null);
    const found = await withSession(io, { book }, async ({ client }) => ({
      account: await client.get(`/api/v1/books/${book}`),
      positions: await client.list('/api/v1/positions', { book }),
    }));
    print(io, format, found, () => renderTable(COLUMNS, found.positions, 'no positions') + totals(found.account));
  });
}

const totals = (account: Json): string =>
  `\n${renderPairs(['cash', 'equity', 'realised', 'unrealised'].map((name) => [name, money(decimalOf(account, name))]))}`;
