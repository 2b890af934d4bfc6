import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { DataSource, type EntitySchema, type MixedList } from 'typeorm';
import { gatheringSocket } from './gathering-socket.js';
import { PlatformLease1763600001000 } from './lease-migration.js';
import { Platform1763600000000 } from './platform-migration.js';

/** A service's name as Postgres spells its schema and role: `risk-guardrails` → `risk_guardrails`. */
export const schemaOf = (service: string): string => service.replaceAll('-', '_');

const TIMESTAMPTZ = 1184;
const DATE = 1082;
const INT8 = 20;

/** Instants, dates and counters come back as the values that contracts speak of; `numeric` stays text. */
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    if (oid === TIMESTAMPTZ) return (text: string) => new Date(text).toISOString();
    if (oid === DATE) return (text: string) => text;
    if (oid === INT8) return Number;
    return pg.types.getTypeParser(oid, format as 'text');
  }) as typeof pg.types.getTypeParser,
};

export interface DataSourceOptions {
  readonly service: string;
  /** `postgres://…` of the service's own role. */
  readonly url: string;
  // eslint-disable-next-line @typescript-eslint/no-unsafe-function-type -- TypeORM's own word for "a class"
  readonly entities: MixedList<Function | string | EntitySchema>;
  // eslint-disable-next-line @typescript-eslint/no-unsafe-function-type -- TypeORM's own word for "a class"
  readonly migrations: readonly Function[];
  /** Connections at the most; one of them belongs to the inbox and one to the relay. */
  readonly poolSize?: number;
}

/** The service's door to its own schema. Migrations are run by `initialize`. */
export function createDataSource(options: DataSourceOptions): DataSource {
  const schema = schemaOf(options.service);
  const dataSource = new DataSource({
    type: 'postgres',
    url: options.url,
    schema,
    entities: options.entities,
    migrations: [Platform1763600000000, PlatformLease1763600001000, ...options.migrations] as (new () => never)[],
    migrationsTableName: 'migration',
    migrationsRun: true,
    migrationsTransactionMode: 'each',
    installExtensions: false,
    uuidExtension: 'pgcrypto',
    poolSize: options.poolSize ?? 6,
    // Each instance has a name of its own, by which its sessions are told from those of another.
    applicationName: `ballast-${options.service}-${randomBytes(4).toString('hex')}`,
    extra: {
      types,
      // Statements follow one another on the wire without waiting for answers, where their sender does not wait.
      pipeline: true,
      stream: gatheringSocket,
      // A plan that was made while a table was empty would be kept for a prepared statement: each run is planned anew.
      // A transaction that was forgotten would hold back every relay in the cluster: Postgres ends it.
      options: `-c search_path=${schema} -c idle_in_transaction_session_timeout=60000 -c TimeZone=UTC -c plan_cache_mode=force_custom_plan`,
    },
  });
  keepInstantsText(dataSource);
  return dataSource;
}

/** TypeORM makes a Date of every `timestamptz` of an entity; here an instant is text, whoever reads it. */
function keepInstantsText({ driver }: DataSource): void {
  const hydrate = driver.prepareHydratedValue.bind(driver);
  driver.prepareHydratedValue = (value, column) =>
    column.type === 'timestamptz' ? (value as unknown) : (hydrate(value, column) as unknown);
}
