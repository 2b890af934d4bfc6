import { KernelError } from '../money/index.js';
import { runTaxLots } from '../tax-lots/index.js';
import { allocationCase } from './allocation-case.js';
import { calendarCase } from './calendar-case.js';
import { corporateActionsCase } from './corporate-actions-case.js';
import { dataQualityCase } from './data-quality-case.js';
import { dayTradesCase } from './day-trades-case.js';
import { listAt, objectAt } from './fields.js';
import type { Fields } from './fields.js';
import { guardrailsCase } from './guardrails-case.js';
import { impactCase } from './impact-case.js';
import { riskMeasuresCase } from './risk-measures-case.js';
import { twapCase } from './twap-case.js';

const KERNELS: ReadonlyMap<string, (input: Fields) => unknown> = new Map<string, (input: Fields) => unknown>([
  ['twap', twapCase],
  ['impact', impactCase],
  ['allocation', allocationCase],
  ['tax-lots', runTaxLots],
  ['calendar', calendarCase],
  ['corporate-actions', corporateActionsCase],
  ['data-quality', dataQualityCase],
  ['risk-measures', riskMeasuresCase],
  ['day-trades', dayTradesCase],
  ['guardrails', guardrailsCase],
]);

/** One case answered: its output, or why it has none. `name` is null where the case gave none. */
export type CalcResult =
  | { readonly name: string | null; readonly output: unknown }
  | { readonly name: string | null; readonly error: { readonly code: string; readonly message: string } };

/**
 * Answers `ballast calc <kernel>`: a document of cases in, one result a case in the same order out.
 *
 * A case that cannot be answered is an error in its place and never fails the others. Throws `UNKNOWN_KERNEL`, and
 * `INVALID_INPUT` where the document is not `{"cases": [...]}`. Shapes: the README of the reference cases.
 */
export function runCalc(kernel: string, document: unknown): { results: CalcResult[] } {
  const run = KERNELS.get(kernel);
  if (!run) {
    throw new KernelError('UNKNOWN_KERNEL', `${JSON.stringify(kernel)} is not one of ${calcKernels().join(', ')}.`);
  }
  const cases = listAt('cases', objectAt('The document', document)['cases']);
  return { results: cases.map((each, i) => answer(run, each, i)) };
}

/** The names that `runCalc` knows. */
export function calcKernels(): string[] {
  return [...KERNELS.keys()];
}

function answer(run: (input: Fields) => unknown, each: unknown, index: number): CalcResult {
  let name: string | null = null;
  try {
    const fields = objectAt(`cases[${index}]`, each);
    name = typeof fields['name'] === 'string' ? fields['name'] : null;
    return { name, output: run(objectAt(`cases[${index}].input`, fields['input'])) };
  } catch (error) {
    // A fault of ours must not take the other cases down either; it is told apart by its code.
    const code = error instanceof KernelError ? error.code : 'INTERNAL';
    return { name, error: { code, message: error instanceof Error ? error.message : String(error) } };
  }
}
