import type { ClientBase } from 'pg';
import { init } from './migrations/0001-init.js';
import { venue } from './migrations/1763600101000-venue.js';
import { impact } from './migrations/1763600102000-impact.js';
import { notional } from './migrations/1763600106000-notional.js';

export const SCHEMA = 'paper_broker';

/** Migrations in order; the version of one is its place, from 1. A published one is never changed. */
const MIGRATIONS: readonly { readonly name: string; readonly sql: string }[] = [
  { name: 'init', sql: init },
  { name: 'venue', sql: venue },
  { name: 'impact', sql: impact },
  { name: 'notional', sql: notional },
];

/**
 * Brings the schema to this program's version, each migration in a transaction of its own. The caller holds the
 * schema's advisory lock. Throws where the schema is of a newer program, because an older one could damage it.
 */
export async function migrate(client: ClientBase): Promise<void> {
  // "if not exists" asks for the right to create schemas even where there is one, which the service's own role has not.
  const schema = await client.query('select from pg_namespace where nspname = $1', [SCHEMA]);
  if (schema.rowCount === 0) await client.query(`create schema ${SCHEMA}`);
  await client.query(`set search_path to ${SCHEMA}`);
  await client.query(
    'create table if not exists schema_migration (version integer primary key, name text not null, applied_at timestamptz not null default now())',
  );
  const { rows } = await client.query<{ version: number }>(
    'select coalesce(max(version), 0) as version from schema_migration',
  );
  const version = rows[0]?.version ?? 0;
  if (version > MIGRATIONS.length) {
    throw new Error(
      `PAPER_BROKER_SCHEMA_NEWER: schema ${SCHEMA} has version ${version} and this program knows ${MIGRATIONS.length}; run the newer program or use another database`,
    );
  }
  for (const [index, { name, sql }] of MIGRATIONS.entries()) {
    if (index < version) continue;
    await client.query('begin');
    try {
      await client.query(sql);
      await client.query('insert into schema_migration (version, name) values ($1, $2)', [index + 1, name]);
      await client.query('commit');
    } catch (error) {
      await client.query('rollback');
      throw error;
    }
  }
}
