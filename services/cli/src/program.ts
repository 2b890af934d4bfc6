import { readFileSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { alertCommands } from './commands/alert.js';
import { auditCommands } from './commands/audit.js';
import { calcCommand } from './commands/calc.js';
import { withExamples, type Cli } from './commands/command.js';
import { cycleCommands } from './commands/cycle.js';
import { dataCommands } from './commands/data.js';
import { dlqCommands } from './commands/dlq.js';
import { doctorCommand } from './commands/doctor.js';
import { executionCommands } from './commands/execution.js';
import { haltCommands } from './commands/halt.js';
import { lotCommands } from './commands/lot.js';
import { orderCommands } from './commands/order.js';
import { packCommands } from './commands/pack.js';
import { positionCommands } from './commands/position.js';
import { reconCommands } from './commands/recon.js';
import { resetCommand } from './commands/reset.js';
import { startCommand } from './commands/start.js';
import { statusCommand } from './commands/status.js';
import { EXIT, reportOf, type ErrorReport, type ExitCode } from './errors.js';
import type { Io } from './io.js';
import { renderProblem } from './output/problem.js';
import { hostFinder } from './session.js';

/**
 * Runs one command line and resolves with the exit code. Nothing is thrown: what goes
 * wrong is said on standard error with its code, where it was, and the next step.
 * @param args what was typed after `ballast`.
 */
export async function run(args: readonly string[], io: Io): Promise<ExitCode> {
  const cli: Cli = { io, exit: EXIT.ok };
  try {
    await programOf(cli).parseAsync([...args], { from: 'user' });
    return cli.exit;
  } catch (error) {
    if (error instanceof CommanderError && isHelp(error)) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    const report = error instanceof CommanderError ? wrongUsage(error) : reportOf(error);
    io.err(renderProblem(report));
    return report.exit;
  }
}

/** Help and version were printed already; help that was not asked for is an answer to wrong usage. */
const isHelp = ({ code }: CommanderError): boolean =>
  code === 'commander.help' || code === 'commander.helpDisplayed' || code === 'commander.version';

/** Everything else that commander refuses is wrong usage: an unknown word, a missing value. */
export function wrongUsage({ code, message }: CommanderError): ErrorReport {
  return {
    code: code
      .replace(/^commander\./, '')
      .replace(/([a-z])([A-Z])/g, '$1_$2')
      .toUpperCase(),
    what: message.replace(/^error: /, '').replace(/\n+/g, ' '),
    where: [],
    nextStep: 'See "ballast --help", or add --help to a command.',
    exit: EXIT.usage,
  };
}

function programOf(cli: Cli): Command {
  const program = new Command('ballast')
    .description(
      'Ballast trades on paper: every order explained, every cycle replayed, none lost or doubled.\n' +
        'Data goes to standard output, everything else to standard error.\n' +
        'Exit codes: 0 ok, 1 failure, 2 usage, 3 declined, 6 blocked by policy, 9 dependency unavailable.',
    )
    .version(version(), '-V, --version')
    .exitOverride()
    .showSuggestionAfterError(true)
    .configureOutput({
      writeOut: (text) => cli.io.out(text),
      writeErr: (text) => cli.io.err(text),
      // Errors are shown once, in the form that all of ours have.
      outputError: () => undefined,
    });
  program.hook('preAction', (_, command) => takeRunningBook(command, cli.io));
  withExamples(program, ['cycle run', 'cycle run --days 5 --json', 'cycle explain 3f9a0c12', 'doctor']);
  cycleCommands(program, cli);
  orderCommands(program, cli);
  executionCommands(program, cli);
  positionCommands(program, cli);
  lotCommands(program, cli);
  haltCommands(program, cli);
  reconCommands(program, cli);
  alertCommands(program, cli);
  auditCommands(program, cli);
  dlqCommands(program, cli);
  packCommands(program, cli);
  dataCommands(program, cli);
  calcCommand(program, cli);
  startCommand(program, cli);
  statusCommand(program, cli);
  doctorCommand(program, cli);
  resetCommand(program, cli);
  return program;
}

/** A command that names no book looks into that of the host that runs; where none does, into the default. */
async function takeRunningBook(command: Command, io: Io): Promise<void> {
  const source = command.getOptionValueSource('book');
  const takesBook = command.options.some((option) => option.attributeName() === 'book');
  if (!takesBook || (source !== undefined && source !== 'default')) return;
  const { resolveHome, runningHost } = await hostFinder();
  const running = await runningHost(resolveHome(io.env));
  if (running) command.setOptionValue('book', running.book);
}

function version(): string {
  const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string };
  return manifest.version;
}
