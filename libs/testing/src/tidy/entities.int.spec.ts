import { createDataSource, type ServiceDefinition } from '@ballast/platform';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Column, Entity, PrimaryColumn, type MigrationInterface, type QueryRunner } from 'typeorm';
import { createTestDatabase, type TestDatabase } from '../database.js';
import { definitionIn } from '../gen/services.js';
import { ROOT, SERVICES } from './repository.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase([...SERVICES, 'bare', 'crooked']);
});
afterAll(() => database.drop());

type Parts = Pick<ServiceDefinition, 'entities' | 'migrations'>;

/** What TypeORM would still do to make the schema what the entities say. */
async function differences(service: string, { entities, migrations }: Parts): Promise<string[]> {
  const dataSource = createDataSource({
    service,
    url: database.url(service),
    entities: [...entities] as never,
    migrations,
  });
  await dataSource.initialize();
  try {
    const log = await dataSource.driver.createSchemaBuilder().log();
    return log.upQueries.map(({ query }) => query);
  } finally {
    await dataSource.destroy();
  }
}

describe('the entities of', () => {
  let platformTables: readonly string[];
  beforeAll(async () => {
    // The platform's own tables have no entities: whatever would be done to them is the same for a service with nothing.
    platformTables = await differences('bare', { entities: [], migrations: [] });
  });

  it.each(SERVICES)('%s say what its migrations made', async (service) => {
    const exported = (await import(`${ROOT}/services/${service}/src/index.ts`)) as object;
    const definition = definitionIn(exported, service)!;
    const found = await differences(service, definition);
    const own = found.filter(
      (query) => !platformTables.includes(query.replaceAll(`"${service.replaceAll('-', '_')}"`, '"bare"')),
    );
    expect(own.map((query) => `services/${service}: to fit its entities the schema needs: ${query}`)).toEqual([]);
  });

  it('a service that do not fit are found', async () => {
    @Entity('thing')
    class ThingEntity {
      @PrimaryColumn({ name: 'thing_id', type: 'uuid' })
      thingId!: string;

      @Column({ name: 'forgotten', type: 'text' })
      forgotten!: string;
    }
    class Crooked1763600100000 implements MigrationInterface {
      readonly name = 'Crooked1763600100000';
      up = (runner: QueryRunner): Promise<void> =>
        runner.query(
          `create table thing (thing_id uuid primary key, kept text); create index thing_kept on thing (kept)`,
        );
      down = (runner: QueryRunner): Promise<void> => runner.query(`drop table thing`);
    }
    const found = await differences('crooked', { entities: [ThingEntity], migrations: [Crooked1763600100000] });
    expect(found.join('\n')).toMatch(/DROP INDEX .*thing_kept/);
    expect(found.join('\n')).toMatch(/RENAME COLUMN "kept" TO "forgotten"/);
    expect(found.join('\n')).toMatch(/"forgotten" SET NOT NULL/);
  });
});
