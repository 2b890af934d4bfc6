import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createDataSource, provisionDatabase, type ServiceDefinition } from '@ballast/platform';
import { SERVICES } from '../src/services.js';
import { CONTAINER_START_MS, startPostgresContainer, type Server } from './containers.js';

let postgres: Server;
let url: (service: string) => string;
beforeAll(async () => {
  postgres = await startPostgresContainer();
  url = await provisionDatabase({
    adminUrl: postgres.url,
    database: 'migrations',
    services: ['bare', ...SERVICES.map(({ name }) => name)],
    password: (service) => `password-of-${service}`,
  });
}, CONTAINER_START_MS);
afterAll(() => postgres.stop());

type Parts = Pick<ServiceDefinition, 'name' | 'entities' | 'migrations'>;

/** Migrates the schema of a service, and tells what TypeORM would still do to make it what the entities say. */
async function differences({ name, entities, migrations }: Parts): Promise<string[]> {
  const dataSource = createDataSource({ service: name, url: url(name), entities: [...entities] as never, migrations });
  await dataSource.initialize();
  try {
    const { upQueries } = await dataSource.driver.createSchemaBuilder().log();
    return upQueries.map(({ query }) => query.replaceAll(`"${name.replaceAll('-', '_')}"`, '"bare"'));
  } finally {
    await dataSource.destroy();
  }
}

describe('on the Postgres of docker-compose.yml', () => {
  let platformTables: readonly string[];
  beforeAll(async () => {
    // The platform's own tables have no entities: whatever would be done to them is the same for a service with nothing.
    platformTables = await differences({ name: 'bare', entities: [], migrations: [] });
  });

  it.each(SERVICES.map((service) => [service.name, service] as const))(
    'the migrations of %s run, and make what its entities say',
    async (_, service) => {
      const found = await differences(service);
      expect(found.filter((query) => !platformTables.includes(query))).toEqual([]);
    },
  );
});
