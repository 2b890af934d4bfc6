import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createLogger,
  describeConfig,
  FilePackStore,
  LocalBus,
  Metrics,
  schemaOf,
  Secret,
  SimulatedClock,
  startService,
  type ServiceDefinition,
  type VariableRow,
} from '@ballast/platform';
import { Client } from 'pg';
import type { TestDatabase } from '../database.js';
import { dumpSchema } from './schema-dump.js';

/** One way to ask a service over HTTP. */
export interface Route {
  readonly method: string;
  readonly path: string;
  /** The class that answers. */
  readonly controller: string;
}

export interface Metric {
  readonly name: string;
  readonly kind: string;
  readonly help: string;
}

/** What a started service shows of itself. */
export interface Inspection {
  readonly schemaSql: string;
  readonly tables: readonly string[];
  readonly routes: readonly Route[];
  readonly metrics: readonly Metric[];
  readonly env: readonly VariableRow[];
}

/** Starts a service in stepped mode on a fresh schema, looks at it from outside, and ends it. It hears and says nothing. */
export async function inspect(definition: ServiceDefinition, database: TestDatabase): Promise<Inspection> {
  const folder = await mkdtemp(join(tmpdir(), 'ballast-gen-'));
  const bus = new LocalBus();
  const settings = await requiredSettings(definition, folder);
  const running = await startService(definition, {
    clock: new SimulatedClock('2024-03-04T15:00:00.000Z'),
    bus,
    packs: new FilePackStore(folder),
    env: () => settings,
    databaseUrl: database.url,
    token: new Secret('token-of-a-look-around'),
    logger: (name) => createLogger({ service: name, level: 'silent' }),
    drive: 'stepped',
  });
  try {
    const answer = await running.app.inject({ method: 'GET', url: '/openapi.json' });
    return {
      ...(await schemaIn(database.adminUrl, schemaOf(definition.name))),
      routes: routesOf(answer.json()),
      metrics: await metricsOf(running.app.get(Metrics)),
      env: describeConfig(definition.config),
    };
  } finally {
    await running.stop();
    await bus.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The text of a schema and the names of its tables. */
export async function schemaIn(url: string, schema: string): Promise<{ schemaSql: string; tables: string[] }> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const schemaSql = await dumpSchema(client, schema);
    return { schemaSql, tables: [...schemaSql.matchAll(/^create table (\S+) \(/gm)].map((match) => match[1]!) };
  } finally {
    await client.end();
  }
}

/** Values that each kind of required setting takes; nothing listens there, and nothing is sent. */
const CANDIDATES = [
  'http://127.0.0.1:9',
  'postgres://127.0.0.1:9/none',
  'a-secret-that-is-long-enough-for-all',
  '1',
  'true',
  'main',
];

/** Settings for whatever has no default, so that the service starts; files are made in `folder`. */
async function requiredSettings(definition: ServiceDefinition, folder: string): Promise<Record<string, string>> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const settings: Record<string, string> = {};
  for (const { name } of describeConfig(definition.config).filter((row) => row.default === 'required')) {
    if (name.endsWith('_FILE')) {
      settings[name] = join(folder, name);
      const key = name.includes('PUBLIC')
        ? publicKey.export({ type: 'spki', format: 'pem' })
        : privateKey.export({ type: 'pkcs8', format: 'pem' });
      await writeFile(join(folder, name), key, { mode: 0o600 });
    } else {
      const field = definition.config.shape[name] as { safeParse: (value: unknown) => { success: boolean } };
      settings[name] = CANDIDATES.find((each) => field.safeParse(each).success) ?? '';
    }
  }
  return settings;
}

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly operationId?: string }>>>>;
}

/** The routes of an OpenAPI document, without those that every service has. */
function routesOf(document: unknown): Route[] {
  return Object.entries((document as OpenApi).paths)
    .flatMap(([path, item]) =>
      Object.entries(item).map(([method, { operationId }]) => ({
        method: method.toUpperCase(),
        path,
        controller: (operationId ?? '').split('_')[0]!,
      })),
    )
    .filter(({ path }) => !/^\/(ops|health\/(live|ready)|metrics|openapi\.json)(\/|$)/.test(path))
    .sort((a, b) => (a.path + a.method < b.path + b.method ? -1 : 1));
}

async function metricsOf(metrics: Metrics): Promise<Metric[]> {
  const found = metrics.registry.getMetricsAsArray();
  const kinds = new Map((await metrics.registry.getMetricsAsJSON()).map((each) => [each.name, String(each.type)]));
  return found
    .map(({ name, help }) => ({ name, help, kind: kinds.get(name) ?? '' }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
