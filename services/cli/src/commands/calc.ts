import { calcKernels, runCalc } from '@ballast/kernel/calc';
import type { Command } from 'commander';
import { CliError, EXIT } from '../errors.js';
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
  ]).addHelpText('after', TWAP_HELP + IMPACT_HELP);
}

/** Shapes that no case file shows; those of the other kernels are in their cases. */
const TWAP_HELP = `Input of twap: {qty, n_slices, horizon_minutes, lot_size?, freeze_quantity?, min_interval_s?, jitter?}
  freeze_quantity   the most that the exchange takes in one order; a slice beyond it becomes several rows of one offset
  min_interval_s    fewer slices come out where they would be nearer together than this
  jitter            {seed, time?, size?}: each slice leaves within the fraction time (0 to 1) of its interval, at least a second
                    after the one before, and is larger or smaller by the fraction size (0 to below 1) at most; the same seed,
                    the same schedule
    -> [{i, qty, offset_s}], whose quantities add up to qty exactly

`;
const IMPACT_HELP = `Input of impact: {"model", ...}; sigma is a fraction a day, V, X and Theta are shares, T is days of 390 minutes.
  almgren-2005    {sigma, V, Theta, X, T}
  square-root     {sigma, V, X, Y?}
  propagator      {sigma, V, X, beta, t0_minutes, Y?}
    -> {I_bps, J_bps}: how far the price has moved when the order is done, and what it paid on average
  the same with schedule, the output of twap, instead of X and T; almgren-2005 also single_minutes and slice_minutes
    -> {single_bps, twap_bps, saving_bps, reduction, slices_bps}
  almgren-chriss  {X, T, N, sigma, eps, gamma, eta, lambda?, S0?} in currency, shares and days
    -> {E, V, kappa, trades, E_one, E_twap, reduction, reduction_excluding_spread}
  With a price the first three also answer in its currency: cost, or single_cost, twap_cost and saving_cost.
`;

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
