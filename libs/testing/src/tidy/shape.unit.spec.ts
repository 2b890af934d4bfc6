import { describe, expect, it } from '@jest/globals';
import { below, FILES, isSpec, nameOf, pascalCase, ROOT, SERVICES, textOf } from './repository.js';
import { definitionIn } from '../gen/services.js';
import { GENERATED_END, GENERATED_START } from '../gen/readme.js';

const FILES_OF_EACH = [
  'package.json',
  'tsconfig.json',
  'README.md',
  'schema.sql',
  'src/main.ts',
  'src/module.ts',
  'src/config.ts',
  'src/index.ts',
];
const FOLDERS_OF_EACH = ['src/domain/', 'src/application/', 'src/persistence/entities/', 'src/persistence/migrations/'];
/** Beside what each service has. */
const ALSO_ALLOWED = ['src/messages.ts', 'src/adapters/', 'test/'];

const wired = ['on', 'run', 'get', 'post'];
const kind = (path: string): string => nameOf(path).split('-')[0]!;

describe.each(SERVICES)('services/%s', (service) => {
  const folder = `services/${service}`;
  const files = below(folder).map((path) => path.slice(folder.length + 1));
  const application = below(`${folder}/src/application`).filter((path) => !isSpec(path));

  it('has every part that a service has', () => {
    const missing = [
      ...FILES_OF_EACH.filter((file) => !files.includes(file)),
      ...FOLDERS_OF_EACH.filter((part) => !files.some((file) => file.startsWith(part))),
    ];
    expect(missing.map((part) => `${folder}/${part} is missing; see services/allocator for its form`)).toEqual([]);
  });

  it('has nothing beside them', () => {
    const known = [...FILES_OF_EACH, ...FOLDERS_OF_EACH, ...ALSO_ALLOWED, 'src/persistence/'];
    const strange = files
      .filter((file) => !known.some((part) => file === part || (part.endsWith('/') && file.startsWith(part))))
      .filter((file) => !/^src\/([a-z-]+\.(int|unit|sim)\.spec|(messages|config)-[a-z-]+)\.ts$/.test(file));
    expect(strange.map((file) => `${folder}/${file} has no place in a service; see STYLE.md`)).toEqual([]);
  });

  it('has package and entry points of the one form', () => {
    const manifest = JSON.parse(textOf(`${folder}/package.json`)) as Record<string, unknown>;
    expect(manifest).toMatchObject({
      name: `@ballast/${service}`,
      private: true,
      type: 'module',
      license: 'Apache-2.0',
      exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } },
    });
    expect(textOf(`${folder}/src/main.ts`)).toMatch(/await runService\(\w+\);/);
    expect(textOf(`${folder}/src/index.ts`)).toMatch(/export \{[^}]*\} from '\.\/module\.js';/);
    expect(JSON.parse(textOf(`${folder}/tsconfig.json`))).toMatchObject({ extends: '../../tsconfig.base.json' });
  });

  it('has a README that says what it decides, with a place for its tables', () => {
    const readme = textOf(`${folder}/README.md`);
    expect(readme.startsWith(`# ${service}\n`)).toBe(true);
    expect(readme.indexOf(GENERATED_START)).toBeGreaterThan(200);
    expect(readme.indexOf(GENERATED_END)).toBeGreaterThan(readme.indexOf(GENERATED_START));
  });

  it('keeps one class a file of its application, named after it, and wires each in module.ts', () => {
    const module = textOf(`${folder}/src/module.ts`);
    const faults = application
      .filter((path) => wired.includes(kind(path)))
      .flatMap((path) => {
        const name = pascalCase(nameOf(path).replace(/\.ts$/, ''));
        if (!new RegExp(`export class ${name}\\b`).test(textOf(path))) return [`${path} must export class ${name}`];
        const mentions = module.split(new RegExp(`\\b${name}\\b`)).length - 1;
        return mentions >= 2 ? [] : [`${path}: ${name} is not in the wiring list of ${folder}/src/module.ts`];
      });
    expect(faults).toEqual([]);
  });

  it('hears in on-*.ts, works in run-*.ts, answers in get-*.ts and post-*.ts', () => {
    const holds = (path: string, pattern: RegExp): boolean => pattern.test(textOf(path));
    const faults = application.flatMap((path) => [
      ...(holds(path, /^ {2}@On\(/m) && kind(path) !== 'on' ? [`${path} has a handler; name it on-*.ts`] : []),
      ...(holds(path, /^@Runs\(/m) && kind(path) !== 'run' ? [`${path} has a runner; name it run-*.ts`] : []),
      ...(holds(path, /^ {2}@(Get|Post|Put|Delete)\(/m) && !['get', 'post'].includes(kind(path))
        ? [`${path} answers over HTTP; name it get-*.ts or post-*.ts`]
        : []),
      ...(holds(path, /ClientProxy|Scope\.REQUEST/)
        ? [`${path}: the outbox is the only exit, and no scope is a request's`]
        : []),
    ]);
    expect(faults).toEqual([]);
  });

  it('has ports exactly where it has adapters, and each port has who implements it', () => {
    const adapters = below(`${folder}/src/adapters`).filter((path) => !isSpec(path));
    if (adapters.length === 0) return;
    const ports = `${folder}/src/adapters/ports.ts`;
    expect(adapters).toContain(ports);
    const names = [...textOf(ports).matchAll(/^export interface (\w+(?:Port|Venue|Source|Store|Desk|Feed)) /gm)].map(
      (match) => match[1]!,
    );
    const orphans = names.filter(
      (name) =>
        !adapters.some((path) =>
          new RegExp(`(implements|satisfies|\\): (Promise<)?)\\s*${name}\\b|: ${name} =`).test(textOf(path)),
        ),
    );
    expect(orphans.map((name) => `${ports}: nobody in src/adapters implements ${name}`)).toEqual([]);
  });

  it('exports a definition of its own name, with one handler a message', async () => {
    const exported = (await import(`${ROOT}/${folder}/src/index.ts`)) as object;
    const definition = definitionIn(exported, service);
    expect(definition?.name).toBe(service);
    const { handlersOf } = await import('../gen/services.js');
    const types = handlersOf(definition!).map(({ handles }) => handles.type);
    const twice = types.filter((type, i) => types.indexOf(type) !== i);
    expect(twice.map((type) => `${folder}: ${type} is handled twice; one handler a message`)).toEqual([]);
  });
});

describe('the other services', () => {
  it('have a README and a package too', () => {
    const folders = [
      ...new Set(FILES.filter((path) => /^services\/[^/]+\//.test(path)).map((path) => path.split('/')[1]!)),
    ];
    const missing = folders.flatMap((name) =>
      ['README.md', 'package.json', 'tsconfig.json']
        .map((file) => `services/${name}/${file}`)
        .filter((file) => !FILES.includes(file)),
    );
    expect(missing.map((file) => `${file} is missing`)).toEqual([]);
  });
});
