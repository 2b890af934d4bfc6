import { setTimeout as pause } from 'node:timers/promises';
import type { CycleSummary, EmbeddedHost } from '@ballast/embedded';
import { nextSessionOpening, sessionAt } from '@ballast/kernel/calendar';
import type { Command } from 'commander';
import type { Client, Json } from '../client.js';
import { CliError, EXIT, type ExitCode } from '../errors.js';
import { explainOrder } from '../explain.js';
import type { Io } from '../io.js';
import { ownHostOptions, parseRunOptions, type RawRunOptions, type RunRequest } from '../options/run-options.js';
import { lastClosedSession, orderId, uuid, wholeNumber } from '../options/values.js';
import { print, type Format } from '../output/document.js';
import { renderExplanation } from '../output/explanation.js';
import { ProgressView } from '../output/progress.js';
import { cell, columnsOf, renderRecord } from '../output/record.js';
import { renderDays, renderSummary } from '../output/summary.js';
import { renderTable } from '../output/table.js';
import { readPlan } from '../plan-view.js';
import { withSession } from '../session.js';
import {
  addBookCommand,
  addCommand,
  addNoun,
  checked,
  checkedBook,
  type BookOption,
  type Cli,
  type OutputOption,
} from './command.js';
import { withSwitches } from './switches.js';

/** The kind of cycle that the running host is asked for. */
const PATTERN = 'daily-rebalance';

const POLL_MS = 500;
/** The most cycles that the host gives at once. */
const PAGE_MAX = 200;

interface RunFlags extends RawRunOptions, OutputOption {
  readonly json?: boolean;
}

/** `ballast cycle …` */
export function cycleCommands(program: Command, cli: Cli): void {
  const noun = addNoun(program, 'cycle', 'Run trading cycles, look at them, explain and replay them.', [
    'cycle run',
    'cycle list',
    'cycle explain 3f9a0c12',
  ]);
  addRun(noun, cli);
  addReads(noun, cli);
}

function addRun(noun: Command, cli: Cli): void {
  const run = addCommand(
    noun,
    'run',
    'Run one paper cycle, or one a day for some days; asks a running host where there is one.',
    [
      'cycle run',
      'cycle run --data prices.csv.gz --as-of 2017-06-30 --universe 250 --days 5',
      'cycle run --symbols AAPL,MSFT,BRK.B --cash 250000 --book trial --json',
    ],
  )
    .option('--data <file>', 'daily bars as CSV: date,symbol,open,high,low,close,volume; .gz too')
    .option('--sectors <file>', 'sectors as CSV: symbol,sector')
    .option('--as-of <date>', 'the session to decide about, YYYY-MM-DD; the last one of the data by default')
    .option('--symbols <list>', 'tickers between commas')
    .option('--universe <n>', 'the N most liquid symbols')
    .option('--strategies <list>', 'strategies between commas, e.g. momentum,low-volatility')
    .option('--cash <amount>', 'dollars that a new book starts with')
    .option('--book <name>', 'the account, with a ledger of its own; main by default')
    .option('--override <reason>', 'go on with prices that are stale or in error; the reason goes into the audit')
    .option('--by <name>', 'with --override: who answers for it; your user name by default')
    .option('--fresh', 'start the book from nothing')
    .option('--workers <n>', 'how many calls to the venue may be under way at once')
    .option('--days <n>', 'run so many sessions one after another on a simulated clock')
    .option('--json', 'one JSON document on standard output (the same as -o json)')
    .action(async (raw: RunFlags) => {
      const { format } = checked('cycle run', raw.json === true ? { output: 'json' } : raw, () => null);
      const options = parseRunOptions(raw, cli.io);
      cli.exit = await runCycles(cli.io, raw, options, format);
    });
  withSwitches(run);
}

async function runCycles(io: Io, raw: RawRunOptions, options: RunRequest, format: Format): Promise<ExitCode> {
  const { book, fresh, workers } = options;
  const start = { book, fresh, verbose: true, ...(workers === undefined ? {} : { workers }) };
  return withSession(io, start, async ({ own, client, home }) => {
    if (own) return runOwn(io, own, client, options, format, raw.days !== undefined);
    const alone = ownHostOptions(raw);
    if (alone.length > 0) throw hostInTheWay(home, alone);
    return runThere(io, client, options, format);
  });
}

const hostInTheWay = (home: string, options: readonly string[]): CliError =>
  new CliError({
    code: 'HOST_RUNNING',
    what: `A host runs on ${home}, and ${options.join(', ')} would change its clock or its data.`,
    where: options.map((field) => ({ field, message: 'cannot be used while a host runs on this data folder' })),
    nextStep: 'Leave them out to ask that host for a cycle; or stop it; or set BALLAST_HOME to another folder.',
    exit: EXIT.failure,
  });

async function runOwn(
  io: Io,
  host: EmbeddedHost,
  client: Client,
  options: RunRequest,
  format: Format,
  asList: boolean,
): Promise<ExitCode> {
  const view = new ProgressView(io);
  const days = await host.runDays(options, view.show).finally(() => view.end());
  const last = days.at(-1);
  if (last === undefined) {
    throw new CliError({
      code: 'NO_CYCLE',
      what: 'The host ran no cycle and did not say why.',
      nextStep: 'Look into the logs in the data folder, and run "ballast doctor".',
      exit: EXIT.failure,
    });
  }
  const plan = format === 'table' ? await readPlan(client, last.cycleId) : null;
  print(io, format, asList ? days : last, () =>
    days.length > 1
      ? `${renderDays(days)}\n${renderSummary(last, plan, options.book)}`
      : renderSummary(last, plan, options.book),
  );
  return exitOfRun(days);
}

/** A run is as good as its worst day: aborted, then vetoed, then declined. */
export function exitOfRun(days: readonly Pick<CycleSummary, 'verdict'>[]): ExitCode {
  const is = (verdict: CycleSummary['verdict']): boolean => days.some((day) => day.verdict === verdict);
  if (is('aborted')) return EXIT.failure;
  if (is('vetoed')) return EXIT.blocked;
  return is('declined') ? EXIT.declined : EXIT.ok;
}

async function runThere(io: Io, client: Client, options: RunRequest, format: Format): Promise<ExitCode> {
  const now = new Date().toISOString();
  const { symbols, universe, strategies, cash, book, override } = options;
  // First cash opens a book; a book that is there refuses it, and nothing is traded with cash that nobody has.
  if (cash !== undefined) await client.post('/api/v1/books', { book, cash }, `open-${book}-${cash}`);
  const answer = await client.post('/v1/execute', {
    patternId: PATTERN,
    asOf: options.asOf ?? lastClosedSession(now),
    trigger: 'operator',
    ...(symbols ? { universe: { symbols } } : universe === undefined ? {} : { universe: { size: universe } }),
    ...(strategies ? { strategies } : {}),
    ...(override ? { override } : {}),
    portfolioId: book,
  });
  const cycleId = cell(answer['cycleId']);
  if (sessionAt(now) === null) {
    io.err(`NYSE is closed; the next session opens at ${nextSessionOpening(now).open}, and orders leave then.\n`);
    io.err(`Follow the cycle with "ballast cycle watch ${cycleId}".\n`);
    const cycle = await client.get(`/api/v1/cycles/${cycleId}`);
    print(io, format, cycle, () => renderRecord(cycle));
    return EXIT.ok;
  }
  return watch(io, client, cycleId, format);
}

async function watch(io: Io, client: Client, cycleId: string, format: Format): Promise<ExitCode> {
  let shown = '';
  for (;;) {
    const cycle = await client.get(`/api/v1/cycles/${cycleId}`);
    const status = cell(cycle['status']);
    if (status !== shown) io.err(`${new Date().toISOString()} ${status}\n`);
    shown = status;
    if (hasEnded(cycle)) {
      print(io, format, cycle, () => renderRecord(cycle));
      return exitOfCycle(cycle);
    }
    await pause(POLL_MS);
  }
}

/** The orchestrator ends a cycle by closing or aborting it, and says when. */
const hasEnded = (cycle: Json): boolean =>
  typeof cycle['endedAt'] === 'string' || cycle['status'] === 'closed' || cycle['status'] === 'aborted';

/** What a cycle that has ended means for whoever waited for it. */
export function exitOfCycle(cycle: Json): ExitCode {
  if (cycle['status'] === 'aborted') return EXIT.failure;
  if (cycle['outcome'] === 'vetoed') return EXIT.blocked;
  return cycle['outcome'] === 'declined' ? EXIT.declined : EXIT.ok;
}

function addReads(noun: Command, cli: Cli): void {
  const { io } = cli;
  addBookCommand(noun, 'list', 'List cycles, the latest first.', [
    'cycle list',
    'cycle list --book trial --limit 5 -o json',
  ])
    .option('--limit <n>', 'at most so many', '20')
    .action(async (raw: BookOption & { limit: string }) => {
      const { format, book, value } = checkedBook(
        'cycle list',
        raw,
        (faults) => wholeNumber(faults, '--limit', raw.limit, 1, 1_000) ?? 20,
      );
      const query = { book, limit: Math.min(value, PAGE_MAX) };
      const cycles = await withSession(io, { book }, ({ client }) => client.list('/api/v1/cycles', query, value));
      print(io, format, cycles, () =>
        renderTable(CYCLE_COLUMNS, cycles, 'no cycles yet: run one with "ballast cycle run"'),
      );
    });
  addBookCommand(noun, 'get <id>', 'Show one cycle with its plan and its verdict.', ['cycle get 1f0e… -o yaml']).action(
    async (id: string, raw: BookOption) => {
      const { format, book } = checkedBook('cycle get', raw, (faults) => uuid(faults, '<id>', id));
      const found = await withSession(io, { book }, async ({ client }) => ({
        cycle: await client.get(`/api/v1/cycles/${id}`),
        plan: await client.find(`/api/v1/plans/${id}`),
        verdict: await client.find(`/api/v1/verdicts/${id}`),
      }));
      print(io, format, found, () => renderRecord(found));
    },
  );
  addBookCommand(noun, 'watch <id>', 'Follow a cycle until it ends; the exit code says how.', [
    'cycle watch 1f0e…',
  ]).action(async (id: string, raw: BookOption) => {
    const { format, book } = checkedBook('cycle watch', raw, (faults) => uuid(faults, '<id>', id));
    cli.exit = await withSession(io, { book, needsRunning: true }, ({ client }) => watch(io, client, id, format));
  });
  addBookCommand(
    noun,
    'explain <order>',
    'Walk from an order back to the signal, with every number that was compared.',
    ['cycle explain 3f9a0c12', 'cycle explain 3f9a0c12 -o json'],
  ).action(async (order: string, raw: BookOption) => {
    const { format, book } = checkedBook('cycle explain', raw, (faults) => orderId(faults, '<order>', order));
    const explanation = await withSession(io, { book }, ({ client }) => explainOrder(client, order));
    print(io, format, explanation, () => renderExplanation(explanation));
  });
  addBookCommand(noun, 'replay <id>', 'Run every decision of a cycle again from inboxes and pack, and compare.', [
    'cycle replay 1f0e…',
  ]).action(async (id: string, raw: BookOption) => {
    const { format, book } = checkedBook('cycle replay', raw, (faults) => uuid(faults, '<id>', id));
    const result = await withSession(io, { book }, ({ client }) => client.post(`/api/v1/cycles/${id}/replay`, {}));
    print(io, format, result, () => renderRecord(result));
    // Anything but a plain yes is a difference.
    if (result['identical'] !== true) cli.exit = EXIT.failure;
  });
}

const CYCLE_COLUMNS = columnsOf({
  CYCLE: 'cycleId',
  BOOK: 'portfolioId',
  'AS OF': 'asOf',
  TRIGGER: 'trigger',
  STATUS: 'status',
  OUTCOME: 'outcome',
  OPENED: 'openedAt',
  ENDED: 'endedAt',
  CODE: 'code',
});
