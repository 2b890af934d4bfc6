import { calcKernels, runCalc } from '@ballast/kernel/calc';
import type { Command } from 'commander';
import { CliError, EXIT } from '../errors.js';
import { CALC_HELP } from './calc-help.js';
import { withExamples, type Cli } from './command.js';

/** `ballast calc <kernel>`: cases in on standard input, results out, without starting anything. */
export function calcCommand(program: Command, { io }: Cli): void {
  const command = program
    .command('calc <kernel>')
    .description(
      `Answer reference cases from standard input with one kernel: ${calcKernels().join(', ')}. ` +
        'A case that cannot be answered is an error in its place.',
    )
    .action(async (kernel: string) => {
      if (!calcKernels().includes(kernel)) throw unknownKernel(kernel);
      const document = parse(await io.input());
      io.out(`${JSON.stringify(runCalc(kernel, document))}\n`);
    });
  withExamples(command, [
    'calc twap < cases.json',
    `calc twap <<< '{"cases":[{"name":"a","input":{"qty":"100","n_slices":3,"horizon_minutes":30}}]}'`,
    `calc twap <<< '{"cases":[{"name":"b","input":{"qty":"7500","n_slices":3,"horizon_minutes":30,"lot_size":"75","freeze_quantity":"1800","jitter":{"seed":"s","time":0.5,"size":0.2}}}]}'`,
    `calc twap < orders.json | jq '{cases: [.results[] | {name, input: {model: "propagator", sigma: 0.02, V: "5000000", beta: 0.5, t0_minutes: 1, schedule: .output}}]}' | ballast calc impact`,
    `calc risk-measures <<< '{"cases":[{"name":"a","input":{"fn":"cvar_historical","returns":[-0.05,-0.02,0.01,0.03],"alpha":0.5}}]}'`,
    `calc day-trades <<< '{"cases":[{"name":"a","input":{"trades":"B250 S100 B50 S200"}}]}'`,
    `calc guardrails <<< '{"cases":[{"name":"a","input":{"order":{"symbol":"AAPL","side":"buy","qty":"700","price":"100"},"book":{"equity":"500000"},"limits":{"notionalPerNameMax":"0.10"}}}]}'`,
  ]).addHelpText('after', CALC_HELP);
}

const unknownKernel = (kernel: string): CliError =>
  new CliError({
    code: 'UNKNOWN_KERNEL',
    what: `There is no kernel ${JSON.stringify(kernel)}.`,
    where: [{ field: '<kernel>', message: `expected one of ${calcKernels().join(', ')}` }],
    nextStep: 'See "ballast calc --help".',
    exit: EXIT.usage,
  });

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CliError({
      code: 'INVALID_INPUT',
      what: 'Standard input is not JSON.',
      where: [{ field: 'standard input', message: error instanceof Error ? error.message : String(error) }],
      nextStep: 'Send {"cases":[{"name","input"}, …]}; "ballast calc --help" shows an example.',
      exit: EXIT.usage,
    });
  }
}
