import type { Difference, Handled } from '@ballast/platform';

/** Values that differ are shown up to so many; one change of a rule often moves them all. */
const LINES_MAX = 20;
const VALUE_LENGTH_MAX = 120;

/** What to do about a difference. */
export const RECORD_AGAIN =
  'Where this change of behaviour is meant, run `npm run record` and commit the recordings together with it, ' +
  'with a sentence that says why the behaviour changes. Where it is not meant, the change is wrong.';

/**
 * Says in words how a message was handled otherwise than it is recorded: which message,
 * which values of which facts, and what to do.
 * In: the difference, with what was said then; a replay finds none where the recording is only an inbox.
 */
export function describeDifference(service: string, difference: Difference): string {
  const { turn, type, eventId, expected, found } = difference;
  const lines = differing(expected, found);
  const more = lines.length - LINES_MAX;
  return [
    `${service} handles its message ${turn}, ${type} (${eventId}), otherwise than it is recorded:`,
    ...lines.slice(0, LINES_MAX).map((line) => `  ${line}`),
    ...(more > 0 ? [`  and ${more} more`] : []),
    RECORD_AGAIN,
  ].join('\n');
}

function differing(expected: Handled, found: Handled): string[] {
  if (found.failure !== undefined) return [`it was handled, and is not now: ${found.failure}`];
  const lines: string[] = [];
  if (expected.said.length !== found.said.length) {
    lines.push(`it said ${subjects(expected)}, and says ${subjects(found)}`);
  }
  for (const [i, was] of expected.said.entries()) {
    const is = found.said[i];
    if (is === undefined) break;
    if (was.subject !== is.subject) {
      lines.push(`fact ${i + 1}: was ${was.subject}, is ${is.subject}`);
      break;
    }
    lines.push(...valuesThatDiffer(was.data, is.data, '').map((line) => `${was.subject}: ${line}`));
  }
  return lines.length > 0 ? lines : ['its facts are the same, but not the tasks that it leaves, or its answer'];
}

const subjects = ({ said }: Handled): string =>
  said.length === 0 ? 'nothing' : said.map(({ subject }) => subject).join(', ');

/** One line a value that differs, with its path. */
function valuesThatDiffer(was: unknown, is: unknown, path: string): string[] {
  if (isBranch(was) && isBranch(is) && Array.isArray(was) === Array.isArray(is)) {
    const names = [...new Set([...Object.keys(was), ...Object.keys(is)])];
    return names.flatMap((name) => valuesThatDiffer(was[name], is[name], path === '' ? name : `${path}.${name}`));
  }
  return was === is ? [] : [`${path}: was ${shown(was)}, is ${shown(is)}`];
}

const isBranch = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

function shown(value: unknown): string {
  if (value === undefined) return 'not there';
  const text = JSON.stringify(value);
  return text.length > VALUE_LENGTH_MAX ? `${text.slice(0, VALUE_LENGTH_MAX)}…` : text;
}
