import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { messageOf, type ServiceDefinition } from '@ballast/platform';
import { Client } from 'pg';
import { parse } from 'yaml';
import { z } from 'zod';
import { createTestDatabase, type TestDatabase } from '../database.js';
import { startTestEnvironment } from '../environment.js';
import { asyncApiFaults } from './asyncapi.js';
import { contractOutputs, presentSchemas } from './contracts.js';
import { knownEvents, type KnownEvent } from './event-types.js';
import { inspect, schemaIn } from './inspect.js';
import type { Json } from './json.js';
import { lifecycleOutput } from './order-lifecycle.js';
import { formatted, isCurrent, write, type Output } from './output.js';
import { brokenPromises, publishedSchemas } from './published.js';
import { serviceTables, withGenerated } from './readme.js';
import { heardBy, loadDefinition, platformServices } from './services.js';
import { sourcesBelow } from './sources.js';

export interface GenerateOptions {
  /** Writes nothing: only tells what is not current. */
  readonly check: boolean;
  /** Takes a line about what goes on. */
  readonly say: (line: string) => void;
}

/** Everything that every service has, found out by a service with nothing of its own. */
interface PlatformParts {
  readonly tables: readonly string[];
  readonly metrics: readonly string[];
}

/**
 * Makes every generated file of the repository: schemas, examples, the AsyncAPI document,
 * each service's schema.sql and README tables, and the page of what can become of an order.
 * @returns what stands in the way, one sentence each; empty where all is well.
 */
export async function generate(root: string, { check, say }: GenerateOptions): Promise<string[]> {
  const events = knownEvents(root);
  const faults = compatibilityFaults(root, events, say);
  const loaded = await Promise.all(platformServices(root).map((service) => loadDefinition(root, service)));
  const definitions = loaded.flatMap((each) => ('definition' in each ? [each.definition] : []));
  faults.push(...loaded.flatMap((each) => ('fault' in each ? [each.fault] : [])));
  const ears = definitions.map((definition) => ({ service: definition.name, hears: heardBy(definition) }));
  const outputs = await contractOutputs(root, ears);
  faults.push(...documentFaults(outputs));
  const described = await serviceOutputs(root, definitions, events);
  faults.push(...described.faults);
  const lifecycle = await lifecycleOutput(root);
  if ('fault' in lifecycle) faults.push(lifecycle.fault);
  for (const output of [...outputs, ...described.outputs, ...('fault' in lifecycle ? [] : [lifecycle])]) {
    if (isCurrent(root, output)) continue;
    if (check) faults.push(`${output.path} is not current; run "npm run gen" and commit it`);
    else {
      write(root, output);
      say(`gen: wrote ${output.path}`);
    }
  }
  return faults;
}

function compatibilityFaults(root: string, events: readonly KnownEvent[], say: (line: string) => void): string[] {
  const published = publishedSchemas(root);
  if ('skipped' in published) {
    say(`gen: skipped the comparison with published versions: ${published.skipped}`);
    return [];
  }
  return brokenPromises(published.schemas, presentSchemas(events));
}

function documentFaults(outputs: readonly Output[]): string[] {
  const document = outputs.find(({ path }) => path.endsWith('asyncapi.yaml'))!;
  const files = new Set(outputs.map(({ path }) => path));
  const faults = asyncApiFaults(parse(document.content) as Json, (path) =>
    files.has(path.replace('./', 'libs/contracts/')),
  );
  return faults.map((fault) => `${document.path}: ${fault}`);
}

async function serviceOutputs(
  root: string,
  definitions: readonly ServiceDefinition[],
  events: readonly KnownEvent[],
): Promise<{ outputs: Output[]; faults: string[] }> {
  const end = await startTestEnvironment();
  const outputs: Output[] = [];
  const faults: string[] = [];
  try {
    const database = await createTestDatabase([BARE.name, 'paper-broker', ...definitions.map(({ name }) => name)]);
    const bare = await inspect(BARE, database);
    const platform = { tables: bare.tables, metrics: bare.metrics.map(({ name }) => name) };
    for (const definition of definitions) {
      try {
        outputs.push(...(await outputsOf(root, definition, database, events, platform)));
      } catch (error) {
        faults.push(`services/${definition.name} cannot be looked at: ${messageOf(error)}`);
      }
    }
    outputs.push(...(await paperBrokerOutputs(root, database, faults)));
    await database.drop();
  } finally {
    await end();
  }
  return { outputs, faults };
}

/** A service that only has what the platform gives to all. */
const BARE = {
  name: 'bare',
  config: z.object({}),
  entities: [],
  migrations: [],
  controllers: [],
} satisfies ServiceDefinition;

async function outputsOf(
  root: string,
  definition: ServiceDefinition,
  database: TestDatabase,
  events: readonly KnownEvent[],
  platform: PlatformParts,
): Promise<Output[]> {
  const folder = `services/${definition.name}`;
  const inspection = await inspect(definition, database);
  const sources = sourcesBelow(root, `${folder}/src`);
  const readme = join(root, folder, 'README.md');
  if (!existsSync(readme)) throw new Error('it has no README.md');
  const tables = serviceTables({
    definition,
    inspection,
    sources,
    events,
    platformTables: platform.tables,
    platformMetrics: platform.metrics,
  });
  const text = withGenerated(readFileSync(readme, 'utf8'), tables);
  return [
    { path: `${folder}/schema.sql`, content: schemaFile(definition.name, inspection.schemaSql) },
    { path: `${folder}/README.md`, content: await formatted(root, `${folder}/README.md`, text) },
  ];
}

const schemaFile = (service: string, sql: string): string =>
  `-- The schema of ${service} after its migrations, read back from Postgres. Made by "npm run gen"; do not edit.\n\n${sql}`;

/** The simulated venue is no service of the platform, but its schema is golden too. */
async function paperBrokerOutputs(root: string, database: TestDatabase, faults: string[]): Promise<Output[]> {
  const file = join(root, 'services/paper-broker/dist/persistence/migrate.js');
  if (!existsSync(file)) {
    faults.push('services/paper-broker is not built; run "npm run build"');
    return [];
  }
  const { migrate } = (await import(pathToFileURL(file).href)) as { migrate: (client: Client) => Promise<void> };
  const client = new Client({ connectionString: database.url('paper-broker') });
  await client.connect();
  try {
    await migrate(client);
  } finally {
    await client.end();
  }
  const { schemaSql } = await schemaIn(database.adminUrl, 'paper_broker');
  return [{ path: 'services/paper-broker/schema.sql', content: schemaFile('paper-broker', schemaSql) }];
}
