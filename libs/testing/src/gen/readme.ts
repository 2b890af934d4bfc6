import { FAMILIES, familyOf, subjectOf, type EventType } from '@ballast/contracts';
import type { ServiceDefinition } from '@ballast/platform';
import type { KnownEvent } from './event-types.js';
import type { Inspection } from './inspect.js';
import { saidIn } from './said.js';
import { handlersOf, isFact } from './services.js';
import { commentBefore, firstSentence, type Source } from './sources.js';

export const GENERATED_START = '<!-- generated:start -->';
export const GENERATED_END = '<!-- generated:end -->';

/** What a service's tables are made of. */
export interface Described {
  readonly definition: ServiceDefinition;
  readonly inspection: Inspection;
  readonly sources: readonly Source[];
  readonly events: readonly KnownEvent[];
  /** Tables that every service has. */
  readonly platformTables: readonly string[];
  /** Metrics that every service has. */
  readonly platformMetrics: readonly string[];
}

/**
 * A README with new text between its markers.
 * @throws RangeError where it has no markers, or has them in the wrong order.
 */
export function withGenerated(readme: string, generated: string): string {
  const start = readme.indexOf(GENERATED_START);
  const end = readme.indexOf(GENERATED_END);
  if (start === -1 || end < start) {
    throw new RangeError(`the README needs the lines ${GENERATED_START} and ${GENERATED_END}`);
  }
  return `${readme.slice(0, start + GENERATED_START.length)}\n\n${generated.trim()}\n\n${readme.slice(end)}`;
}

/** The tables of a service's README: hears, says, does, HTTP, owns, settings, metrics. */
export function serviceTables(described: Described): string {
  const { definition, inspection, platformTables, platformMetrics, sources } = described;
  const own = inspection.tables.filter((name) => !platformTables.includes(name));
  const metrics = inspection.metrics.filter(({ name }) => !platformMetrics.includes(name));
  return [
    section('Hears', ['from', 'what', 'meaning'], hears(described)),
    section('Says', ['subject', 'what'], says(described)),
    section(
      'Does to the world',
      ['task', 'what'],
      (definition.runners ?? []).map((runner) => [`\`${runner.name}\``, commentOfClass(sources, runner.name)]),
    ),
    section(
      'HTTP',
      ['request', 'what'],
      inspection.routes.map(({ method, path, controller }) => [
        `\`${method} ${path}\``,
        commentOfClass(sources, controller),
      ]),
    ),
    section(
      'Owns',
      ['table', 'what'],
      own.map((name) => [`\`${name}\``, commentOfTable(sources, name)]),
    ),
    section(
      'Settings',
      ['variable', 'value', 'unit', 'default', 'what'],
      inspection.env.map((row) => [`\`${row.name}\``, row.type, row.unit, row.default, row.description]),
    ),
    section(
      'Metrics',
      ['metric', 'kind', 'what'],
      metrics.map(({ name, kind, help }) => [`\`${name}\``, kind, help]),
    ),
    'Beside these it has what every service has: the tables and metrics of the platform, alerts, parked messages and audit entries, `/health`, `/metrics`, `/ops` and `/openapi.json`.',
  ].join('\n\n');
}

function section(title: string, columns: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return `## ${title}\n\nNothing.`;
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [`## ${title}\n`, line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n');
}

const cell = (text: string): string => text.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|').trim();

function hears({ definition, sources }: Described): string[][] {
  return handlersOf(definition)
    .map(({ controller, handles }) => {
      const why = commentOfClass(sources, controller);
      if (isFact(handles)) return [FAMILIES[handles.family], `\`${handles.type}\``, why];
      return ['itself', `\`${handles.type}\``, why];
    })
    .sort((a, b) => Number(a[0] === 'itself') - Number(b[0] === 'itself') || (a[1]! < b[1]! ? -1 : 1));
}

function says({ definition, sources, events }: Described): string[][] {
  const family = familyOf(definition.name);
  if (family === null) return [];
  return saidIn(sources, events, family).map(({ type, description }) => [
    `\`${subjectPattern(type)}\``,
    firstSentence(description),
  ]);
}

/** The subject with the fields of the key in place of the key. */
const subjectPattern = (type: EventType): string => subjectOf(type, '') + `<${type.key.join(', ')}>`;

/** The first sentence of what stands above a class. */
export function commentOfClass(sources: readonly Source[], name: string): string {
  const found = sources
    .map(({ text }) => commentBefore(text, new RegExp(`export class ${name}`)))
    .find((each) => each !== '');
  return firstSentence(found ?? '');
}

function commentOfTable(sources: readonly Source[], table: string): string {
  const entity = sources.find(({ text }) => new RegExp(`@Entity\\((\\{[^}]*name: )?'${table}'`).test(text));
  const name = /export class (\w+)/.exec(entity?.text ?? '')?.[1];
  return name === undefined ? '' : commentOfClass(sources, name);
}
