import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { formatted, type Output } from './output.js';
import { withGenerated } from './readme.js';

/** The page that shows what can become of an order, relative to the repository. */
export const LIFECYCLE_PAGE = 'docs/concepts/order-lifecycle.md';

type Meanings = Readonly<Record<string, string>>;
interface Cell {
  readonly to?: string;
  readonly stay?: string;
  readonly effects: readonly string[];
}

/** What the execution gateway says of its orders: its states, events and table, with what each word means. */
export interface OrderLifecycle {
  readonly STATE_MEANING: Meanings;
  readonly EVENT_MEANING: Meanings;
  readonly RULE_MEANING: Meanings;
  readonly STAY_MEANING: Meanings;
  readonly EFFECT_MEANING: Meanings;
  readonly ORDER_TABLE: Readonly<Record<string, Readonly<Record<string, Cell>>>>;
  readonly FOREIGN_ROW: Readonly<Record<string, Cell>>;
}

/** The tables of the page: one of every event in every state, and one of each kind of word in it. */
export function lifecycleTables(lifecycle: OrderLifecycle): string {
  const { ORDER_TABLE, FOREIGN_ROW, EVENT_MEANING } = lifecycle;
  const columns: [string, Readonly<Record<string, Cell>>][] = [
    ...Object.entries(ORDER_TABLE),
    ['foreign', FOREIGN_ROW],
  ];
  return [
    '## The table',
    table(
      ['event', ...columns.map(([state]) => state)],
      Object.keys(EVENT_MEANING).map((event) => [`**${event}**`, ...columns.map(([, row]) => shown(row[event]!))]),
    ),
    ...words('States', 'state', lifecycle.STATE_MEANING),
    ...words('Events', 'event', EVENT_MEANING),
    ...words('Where it leads', 'rule', lifecycle.RULE_MEANING),
    ...words('Why it stays', 'word', lifecycle.STAY_MEANING),
    ...words('What it sets going', 'effect', lifecycle.EFFECT_MEANING),
  ].join('\n\n');
}

/** The page with its tables as they are now. */
export async function lifecyclePage(root: string, lifecycle: OrderLifecycle): Promise<string> {
  const text = withGenerated(readFileSync(join(root, LIFECYCLE_PAGE), 'utf8'), lifecycleTables(lifecycle));
  return formatted(root, LIFECYCLE_PAGE, text);
}

/** The page, made of the gateway as it was built. */
export async function lifecycleOutput(root: string): Promise<Output | { readonly fault: string }> {
  const file = join(root, 'services/execution-gateway/dist/domain/order-table.js');
  if (!existsSync(file)) return { fault: 'services/execution-gateway is not built; run "npm run build"' };
  const lifecycle = (await import(pathToFileURL(file).href)) as OrderLifecycle;
  return { path: LIFECYCLE_PAGE, content: await lifecyclePage(root, lifecycle) };
}

const shown = ({ to, stay, effects }: Cell): string =>
  [to === undefined ? `_${stay}_` : `**${to}**`, ...effects].join(' · ');

const words = (title: string, column: string, meanings: Meanings): string[] => [
  `## ${title}`,
  table(
    [column, 'meaning'],
    Object.entries(meanings).map(([word, meaning]) => [word, meaning]),
  ),
];

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
