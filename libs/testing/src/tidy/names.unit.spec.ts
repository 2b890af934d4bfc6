import { FAMILIES, familyOf, REGISTRY, UPCASTERS } from '@ballast/contracts';
import { describe, expect, it } from '@jest/globals';
import { knownEvents } from '../gen/event-types.js';
import { saidIn } from '../gen/said.js';
import { sourcesBelow } from '../gen/sources.js';
import { below, FILES, isSpec, nameOf, pascalCase, ROOT, SERVICES, textOf, TYPESCRIPT } from './repository.js';

const SNAKE = /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/;
/** Nouns that end in s and are one thing. */
const SINGULAR = /(ss|us|is|news|series|status|bars)$/;
const UNITS = 'MS|SECONDS|MINUTES|HOURS|DAYS|SESSIONS|BYTES|KIB|MIB|USD|SHARES|BP|PCT|PERCENT|RATIO|FRACTION';
/** What has a unit by its nature. */
const NEEDS_UNIT =
  /(TIMEOUT|INTERVAL|DELAY|DEADLINE|HORIZON|AGE|TTL|PERIOD|DURATION|WINDOW|NOTIONAL|BUDGET)(_MIN|_MAX)?$/;

const sources = TYPESCRIPT.filter((path) => !isSpec(path));
const events = knownEvents(ROOT);

describe('names', () => {
  it('of files are small letters with dashes', () => {
    const ours = FILES.filter((path) => /^(libs|services)\/.*\.(ts|sql)$/.test(path));
    const odd = ours.filter((path) => !/^[a-z0-9][a-z0-9-]*(\.[a-z0-9-]+)*$/.test(nameOf(path)));
    expect(odd).toEqual([]);
  });

  it('of tables are singular and in snake case, and the entity stands in a file of its name', () => {
    const faults = below('services')
      .filter((path) => path.endsWith('.entity.ts'))
      .flatMap((path) => {
        const tables = [...textOf(path).matchAll(/@Entity\(\s*(?:\{[^}]*name:\s*)?'([^']+)'/g)].map(
          (match) => match[1]!,
        );
        const [table] = tables;
        if (tables.length !== 1 || table === undefined) return [`${path} must have one @Entity('<table>')`];
        const name = nameOf(path).replace('.entity.ts', '');
        return [
          ...(SNAKE.test(table) ? [] : [`${path}: the table "${table}" is not in snake case`]),
          ...(/s$/.test(table) && !SINGULAR.test(table) ? [`${path}: the table "${table}" is not singular`] : []),
          ...(table.replaceAll('_', '-') === name
            ? []
            : [`${path}: the table is "${table}"; name the file ${table.replaceAll('_', '-')}.entity.ts`]),
          ...(textOf(path).includes(`export class ${pascalCase(name)}Entity`)
            ? []
            : [`${path} must export class ${pascalCase(name)}Entity`]),
        ];
      });
    expect(faults).toEqual([]);
  });

  it('of columns are in snake case, and instants end in _at', () => {
    const faults = below('services')
      .filter((path) => path.endsWith('.entity.ts'))
      .flatMap((path) =>
        [...textOf(path).matchAll(/@(?:Primary)?Column\(\{([^}]*)\}\)/g)].flatMap(([, options]) => {
          const name = /name: '([^']+)'/.exec(options!)?.[1];
          if (name === undefined) return [`${path}: a column has no name; say it in snake case`];
          const isInstant = /type: '(timestamptz|timestamp[^']*)'/.test(options!);
          return [
            ...(SNAKE.test(name) ? [] : [`${path}: the column "${name}" is not in snake case`]),
            ...(isInstant && !/_(at|by|until)$|^at$/.test(name)
              ? [`${path}: the instant "${name}" must end in _at`]
              : []),
            ...(isInstant && !/precision: 3/.test(options!)
              ? [`${path}: the instant "${name}" must have precision 3`]
              : []),
          ];
        }),
      );
    expect(faults).toEqual([]);
  });

  it('of migrations carry their time, and file, class and name agree', () => {
    const faults = SERVICES.flatMap((service) => below(`services/${service}/src/persistence/migrations`)).flatMap(
      (path) => {
        const match = /^([a-z0-9-]+)-(\d{13})\.ts$/.exec(nameOf(path));
        if (!match) return [`${path} must be named <what>-<13 digits of milliseconds>.ts`];
        const name = `${pascalCase(match[1]!)}${match[2]!}`;
        const text = textOf(path);
        return text.includes(`class ${name} `) && text.includes(`readonly name = '${name}'`)
          ? []
          : [`${path} must hold class ${name} of that name`];
      },
    );
    expect(faults).toEqual([]);
  });

  it('of variables begin with the service and have their unit last', () => {
    const faults = SERVICES.flatMap((service) => {
      const path = `services/${service}/src/config.ts`;
      const family = familyOf(service)!;
      return [...textOf(path).matchAll(/^\s{2,4}([A-Z][A-Z0-9_]+):/gm)].flatMap(([, name]) => [
        ...(name!.startsWith(`${family.toUpperCase()}_`)
          ? []
          : [`${path}: ${name} must begin with ${family.toUpperCase()}_`]),
        ...(new RegExp(`_(${UNITS})_(?!(MIN|MAX)$)`).test(name!)
          ? [`${path}: the unit of ${name} must stand last, or before MIN or MAX`]
          : []),
        ...(NEEDS_UNIT.test(name!) ? [`${path}: ${name} does not say its unit`] : []),
      ]);
    });
    expect(faults).toEqual([]);
  });

  it('of metrics are ballast_<what>_<unit>', () => {
    const faults = sources.flatMap((path) =>
      [...textOf(path).matchAll(/\.(counter|gauge|histogram)\(\s*'([^']+)'/g)].flatMap(([, kind, name]) => {
        if (!/^ballast_[a-z][a-z0-9_]*$/.test(name!)) return [`${path}: the metric ${name} must begin with ballast_`];
        if (/_(ms|milliseconds|minutes|kb|mb|kib|mib|percent|pct)$/.test(name!))
          return [`${path}: ${name} is not in a base unit (seconds, bytes, ratio)`];
        if (kind === 'counter' && !name!.endsWith('_total')) return [`${path}: the counter ${name} must end in _total`];
        if (kind !== 'counter' && name!.endsWith('_total'))
          return [`${path}: ${name} ends in _total and is no counter`];
        if (kind === 'histogram' && !/_(seconds|bytes|ratio|rows|bp|usd)$/.test(name!))
          return [`${path}: the histogram ${name} does not say its unit`];
        return [];
      }),
    );
    expect(faults).toEqual([]);
  });

  it('of event types that sources write out are in the registry', () => {
    const families = Object.keys(FAMILIES).join('|');
    const written = new RegExp(`['"\`](?:${families})\\.[a-z]+\\.[a-z]+\\.v\\d+['"\`]`, 'g');
    const faults = sources
      .filter((path) => !path.startsWith('libs/'))
      .flatMap((path) =>
        [...textOf(path).matchAll(written)]
          .map(([quoted]) => quoted.slice(1, -1))
          .filter((type) => !REGISTRY.has(type))
          .map((type) => `${path}: nobody defined ${type}`),
      );
    expect(faults).toEqual([]);
  });

  it('of local messages are <kind>.<what> and unique in their service', () => {
    const faults = SERVICES.flatMap((service) => {
      const names = sourcesBelow(ROOT, `services/${service}/src`).flatMap(({ path, text }) =>
        [...text.matchAll(/(?<![\w.])local\(\s*'([^']+)'/g)].map(([, name]) => ({ path, name: name! })),
      );
      return names.flatMap(({ path, name }, i) => [
        ...(/^[a-z]+(-[a-z]+)*(\.[a-z]+(-[a-z]+)*)?$/.test(name)
          ? []
          : [`${path}: the local message "${name}" must be like command.halt-on`]),
        ...(names.findIndex((each) => each.name === name) === i ? [] : [`${path}: "${name}" is defined twice`]),
      ]);
    });
    expect(faults).toEqual([]);
  });
});

describe('event types', () => {
  it('are each said by their owner and by nobody else', () => {
    const faults = SERVICES.flatMap((service) => {
      const family = familyOf(service)!;
      const code = sourcesBelow(ROOT, `services/${service}/src`);
      const said = saidIn(code, events, family);
      return events
        .filter(
          // A version that is brought to a newer one was said by a program before this one.
          ({ type, everyFamily }) =>
            type.family === family &&
            !everyFamily &&
            !UPCASTERS.has(type.type) &&
            !said.some((each) => each.type === type),
        )
        .map(
          ({ type, constant }) =>
            `services/${service} never says ${type.type}; say fact(${constant}, …) or take it out of contracts`,
        );
    });
    expect(faults).toEqual([]);
  });
});
