import type { Command } from 'commander';
import { usageError } from '../errors.js';
import { Faults, oneOf, wholeNumber } from '../options/values.js';
import { embedded } from '../session.js';
import { withExamples, type Cli } from './command.js';
import { withSwitches } from './switches.js';

interface StartFlags {
  readonly port?: string;
  readonly schedule?: string;
  readonly processes?: boolean;
}

/** `ballast start`: keeps the system up until Ctrl-C. */
export function startCommand(program: Command, { io }: Cli): void {
  const command = program
    .command('start')
    .description('Keep the system up in real time, print its addresses, and drain on Ctrl-C.')
    .option('--port <n>', 'the port of its address on loopback; 0 for a free one')
    .option('--schedule <when>', 'daily runs a cycle after each session, off only when it is asked for one')
    .option('--processes', 'one process a service, with NATS permissions on')
    .action(async (raw: StartFlags) => {
      const faults = new Faults();
      const port = raw.port === undefined ? undefined : wholeNumber(faults, '--port', raw.port, 0, 65_535);
      const schedule =
        raw.schedule === undefined ? undefined : oneOf(faults, '--schedule', raw.schedule, ['daily', 'off']);
      if (faults.found.length > 0) throw usageError('start', faults.found);
      const { keepUp, resolveHome } = await embedded();
      await keepUp({
        home: resolveHome(io.env),
        env: io.env,
        processes: raw.processes === true,
        log: (line) => io.err(`${line}\n`),
        ...(port === undefined ? {} : { port }),
        ...(schedule === undefined ? {} : { schedule }),
      });
    });
  withSwitches(withExamples(command, ['start', 'start --port 4400 --schedule daily']));
}
