import { readFileSync, statSync } from 'node:fs';
import { Fault, messageOf } from '@ballast/platform';
import { RightsFile, RightsRegistry } from '../domain/rights.js';

/** Five hundred rules of the longest texts are less. */
const BYTES_MAX = 1024 * 1024;

/**
 * The rules that hold, with those of an operator's file, read once.
 * @param file JSON, `{"sources": [rule, …]}`; undefined where the operator has no contracts of their own.
 * @throws Fault RIGHTS_FILE_INVALID naming everything that is wrong in it: a rule that was misread might let data out.
 */
export function readRights(file: string | undefined): RightsRegistry {
  if (file === undefined) return new RightsRegistry();
  let content: unknown;
  try {
    if (statSync(file).size > BYTES_MAX) throw new Error(`it has more than ${BYTES_MAX} bytes`);
    content = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw invalid(file, messageOf(error), error);
  }
  const parsed = RightsFile.safeParse(content);
  if (parsed.success) return new RightsRegistry(parsed.data.sources);
  const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'the whole'}: ${message}`);
  throw invalid(file, faults.join('; '), parsed.error);
}

const invalid = (file: string, why: string, cause: unknown): Fault =>
  new Fault(
    'RIGHTS_FILE_INVALID',
    `FEEDS_RIGHTS_FILE ${file} cannot be used: ${why}. Correct it, or unset the variable to go by the rules that come with Ballast.`,
    { cause },
  );
