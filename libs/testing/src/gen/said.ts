import type { KnownEvent } from './event-types.js';
import type { Source } from './sources.js';

/**
 * The event types that a service's sources say: the constants named in the first argument
 * of `fact(…)`. A call whose type is a variable counts for every constant of the service's
 * family that its file imports as a value.
 */
export function saidIn(sources: readonly Source[], events: readonly KnownEvent[], family: string): KnownEvent[] {
  const own = events.filter(({ type, everyFamily }) => type.family === family && !everyFamily);
  const said = sources.flatMap(({ text }) =>
    firstArguments(text, 'fact').flatMap((argument) => {
      const named = own.filter(({ constant }) => mentions(argument, constant));
      return named.length > 0 ? named : own.filter(({ constant }) => importsAsValue(text, constant));
    }),
  );
  return own.filter((event) => said.includes(event));
}

const mentions = (text: string, name: string): boolean => new RegExp(`(?<![\\w.])${name}\\b`).test(text);

function importsAsValue(text: string, constant: string): boolean {
  return [...text.matchAll(/import \{([^}]*)\} from '@ballast\/contracts'/g)].some((match) =>
    match[1]!.split(',').some((each) => each.trim() === constant),
  );
}

/** The text of the first argument of every call of a function. */
function firstArguments(text: string, name: string): string[] {
  return [...text.matchAll(new RegExp(`(?<![\\w.])${name}\\(`, 'g'))].map((match) => {
    const start = match.index + match[0].length;
    let depth = 0;
    for (let end = start; end < text.length; end++) {
      const char = text[end]!;
      if ('([{'.includes(char)) depth++;
      if ((char === ',' && depth === 0) || (')]}'.includes(char) && depth-- === 0)) return text.slice(start, end);
    }
    return text.slice(start);
  });
}
