import type { Command } from 'commander';
import type { Client, Json } from '../client.js';
import { CliError, EXIT } from '../errors.js';
import { hashPrefix } from '../options/values.js';
import { print } from '../output/document.js';
import { bytes } from '../output/format.js';
import { cell, columnsOf, objectsOf, renderRecord } from '../output/record.js';
import { renderPairs, renderTable, type Column } from '../output/table.js';
import { withSession } from '../session.js';
import { addBookCommand, addNoun, checkedBook, type Cli, type BookOption } from './command.js';

const HASH_LENGTH = 64;
/** Symbols or sessions that are named in one line. */
const NAMED_MAX = 5;

const LIST_COLUMNS = [
  ...columnsOf({ PACK: 'hash', KIND: 'kind' }),
  { title: 'SIZE', of: (row: Json) => bytes(Number(row['bytes'])), numeric: true },
];

const VERDICT_COLUMNS = columnsOf({ PACK: 'hash', STATE: 'state', FOUND: 'found', 'NEXT STEP': 'nextStep' });

/** `ballast pack list|show|diff|verify` */
export function packCommands(program: Command, cli: Cli): void {
  const { io } = cli;
  const noun = addNoun(program, 'pack', 'The immutable files of prices that cycles looked at.', [
    'pack list',
    'pack verify',
  ]);
  addBookCommand(noun, 'list', 'List the pack store: packs (arrow) and long lists of events (json).', [
    'pack list',
  ]).action(async (raw: BookOption) => {
    const { format, book } = checkedBook('pack list', raw, () => null);
    const packs = await withSession(io, { book }, ({ client }) => client.list('/api/v1/packs'));
    print(io, format, packs, () => renderTable(LIST_COLUMNS, packs, 'the store is empty'));
  });
  addBookCommand(noun, 'show <hash>', 'Show what is in a pack; the first digits of its hash are enough.', [
    'pack show 0b5d7f',
  ]).action(async (hash: string, raw: BookOption) => {
    const { format, book } = checkedBook('pack show', raw, (faults) => hashPrefix(faults, '<hash>', hash, HASH_LENGTH));
    const pack = await withSession(io, { book }, async ({ client }) =>
      client.get(`/api/v1/packs/${await wholeHash(client, hash)}`),
    );
    print(io, format, pack, () => renderRecord(pack));
  });
  addBookCommand(noun, 'diff <before> <after>', 'Compare two packs: symbols, sessions, restated values, scores.', [
    'pack diff 0b5d7f 91ac20',
  ]).action(async (before: string, after: string, raw: BookOption) => {
    const { format, book } = checkedBook('pack diff', raw, (faults) => [
      hashPrefix(faults, '<before>', before, HASH_LENGTH),
      hashPrefix(faults, '<after>', after, HASH_LENGTH),
    ]);
    const diff = await withSession(io, { book }, async ({ client }) =>
      client.get(`/api/v1/packs/${await wholeHash(client, before)}/diff/${await wholeHash(client, after)}`),
    );
    print(io, format, diff, () => renderDiff(diff));
  });
  addBookCommand(noun, 'verify [hash]', 'Hash one file of the store, or all of them; exit 1 where one was changed.', [
    'pack verify',
    'pack verify 0b5d7f',
  ]).action(async (hash: string | undefined, raw: BookOption) => {
    const { format, book } = checkedBook('pack verify', raw, (faults) =>
      hash === undefined ? null : hashPrefix(faults, '<hash>', hash, HASH_LENGTH),
    );
    const verdicts = await withSession(io, { book }, ({ client }) => verify(client, hash));
    print(io, format, verdicts, () => renderTable(VERDICT_COLUMNS, verdicts, 'the store is empty'));
    if (!verdicts.every(({ state }) => state === 'ok')) cli.exit = EXIT.failure;
  });
}

const RESTATED_COLUMNS = columnsOf({
  ...{ SYMBOL: 'symbol', DATE: 'date', SERIES: 'series', BEFORE: 'before', AFTER: 'after' },
});
const QUALITY_COLUMNS = columnsOf({ SYMBOL: 'symbol', 'QUALITY BEFORE': 'before', AFTER: 'after' });

function renderDiff(diff: Json): string {
  const part = (name: string): Json => (diff[name] ?? {}) as Json;
  const pairs = [
    ['before', packText(part('before'))],
    ['after', packText(part('after'))],
    ['symbols', changesText(part('symbols'))],
    ['sessions', changesText(part('sessions'))],
    ['restated', `${cell(part('restated')['count'])} values of ${cell(part('restated')['symbols'])} symbols`],
    ['quality', `${cell(part('quality')['count'])} scores moved`],
  ] as const;
  return (
    renderPairs(pairs) +
    listed('restated values', part('restated'), RESTATED_COLUMNS) +
    listed('scores that moved', part('quality'), QUALITY_COLUMNS)
  );
}

function listed(title: string, part: Json, columns: Column<Json>[]): string {
  const rows = objectsOf(part['first']) ?? [];
  if (rows.length === 0) return '';
  const more = Number(part['count']) > rows.length ? `, the first ${rows.length}` : '';
  return `\n${title} (${cell(part['count'])}${more})\n${renderTable(columns, rows)}`;
}

const packText = (pack: Json): string =>
  `${cell(pack['hash'])} of ${cell(pack['asOf'])}, ${cell(pack['source'])}${pack['synthetic'] === true ? ' (synthetic)' : ''}`;

/** `20 in both, 1 added (C), none removed`. */
function changesText(part: Json): string {
  const side = (name: 'added' | 'removed'): string => {
    const { count, first } = (part[name] ?? {}) as Json;
    if (count === 0) return `none ${name}`;
    const named = Array.isArray(first) ? first.slice(0, NAMED_MAX).map(cell) : [];
    return `${cell(count)} ${name} (${named.join(', ')}${Number(count) > named.length ? ', ...' : ''})`;
  };
  return `${cell(part['common'])} in both, ${side('added')}, ${side('removed')}`;
}

async function verify(client: Client, hash: string | undefined): Promise<Json[]> {
  const hashes =
    hash === undefined
      ? (await client.list('/api/v1/packs')).map((pack) => cell(pack['hash']))
      : [await wholeHash(client, hash)];
  const verdicts: Json[] = [];
  for (const each of hashes) verdicts.push(await client.get(`/api/v1/packs/${each}/verify`));
  return verdicts;
}

async function wholeHash(client: Client, hash: string): Promise<string> {
  if (hash.length === HASH_LENGTH) return hash;
  const packs = await client.list('/api/v1/packs');
  const matches = packs.map((pack) => cell(pack['hash'])).filter((each) => each.startsWith(hash));
  const [only] = matches;
  if (only !== undefined && matches.length === 1) return only;
  throw new CliError({
    code: only === undefined ? 'PACK_NOT_FOUND' : 'PACK_AMBIGUOUS',
    what: only === undefined ? `No pack's hash begins with ${hash}.` : `${matches.length} packs begin with ${hash}.`,
    nextStep: only === undefined ? 'See what there is with "ballast pack list".' : 'Give more digits.',
    exit: EXIT.failure,
  });
}
