import type { Client } from 'pg';

interface Column {
  readonly relation: string;
  readonly name: string;
  readonly type: string;
  readonly not_null: boolean;
  readonly fallback: string | null;
  readonly identity: string;
  readonly generated: string;
}

interface Named {
  readonly relation: string;
  readonly text: string;
}

/**
 * A schema as SQL text from Postgres's own catalogue: sequences, tables with columns and
 * constraints, indexes, views, functions and triggers, each sorted by name. The same
 * schema gives the same text, whatever the migrations that led to it.
 * @param client a connection that may read the schema; its search_path is changed.
 */
export async function dumpSchema(client: Client, schema: string): Promise<string> {
  await client.query(`select set_config('search_path', $1, false)`, [schema]);
  const query = async <T>(sql: string): Promise<readonly T[]> => (await client.query(sql, [schema])).rows as T[];
  const columns = await query<Column>(COLUMNS);
  const constraints = await query<Named>(CONSTRAINTS);
  const tables = [...new Set(columns.map((column) => column.relation))].map((table) =>
    tableText(
      table,
      columns.filter((column) => column.relation === table),
      constraints.filter((constraint) => constraint.relation === table),
    ),
  );
  const statements = async (sql: string): Promise<string[]> =>
    (await query<Named>(sql)).map(({ text }) => `${text.trim().replace(/;$/, '')};\n`);
  const parts = [await statements(SEQUENCES), tables];
  for (const sql of [INDEXES, VIEWS, FUNCTIONS, TRIGGERS]) parts.push(await statements(sql));
  return parts.flat().join('\n');
}

function tableText(table: string, columns: readonly Column[], constraints: readonly Named[]): string {
  const width = Math.max(...columns.map(({ name }) => name.length));
  const lines = [
    ...columns.map((column) => `  ${column.name.padEnd(width)} ${column.type}${suffix(column)}`),
    ...constraints.map(({ text }) => `  ${text}`),
  ];
  return `create table ${table} (\n${lines.join(',\n')}\n);\n`;
}

function suffix({ not_null, fallback, identity, generated }: Column): string {
  const identities: Readonly<Record<string, string>> = { a: 'always', d: 'by default' };
  return [
    not_null ? ' not null' : '',
    generated !== '' ? ` generated always as (${fallback}) stored` : fallback === null ? '' : ` default ${fallback}`,
    identity === '' ? '' : ` generated ${identities[identity]} as identity`,
  ].join('');
}

const COLUMNS = `
  select c.relname as relation, quote_ident(a.attname) as name, format_type(a.atttypid, a.atttypmod) as type,
         a.attnotnull as not_null, pg_get_expr(d.adbin, d.adrelid, true) as fallback,
         a.attidentity as identity, a.attgenerated as generated
    from pg_class c
    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
   where c.relnamespace = to_regnamespace($1) and c.relkind in ('r', 'p')
   order by c.relname, a.attnum`;

// Newer servers keep "not null" as constraints too; they stand at the columns already.
const CONSTRAINTS = `
  select c.relname as relation, format('constraint %I %s', n.conname, pg_get_constraintdef(n.oid, true)) as text
    from pg_constraint n join pg_class c on c.oid = n.conrelid
   where c.relnamespace = to_regnamespace($1) and n.contype <> 'n'
   order by c.relname, n.contype, n.conname`;

const SEQUENCES = `
  select c.relname as relation,
         format('create sequence %I as %s start %s increment %s', c.relname, format_type(s.seqtypid, null), s.seqstart, s.seqincrement) as text
    from pg_sequence s join pg_class c on c.oid = s.seqrelid
   where c.relnamespace = to_regnamespace($1)
     and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'i')
   order by c.relname`;

const INDEXES = `
  select c.relname as relation, pg_get_indexdef(i.indexrelid, 0, true) as text
    from pg_index i join pg_class c on c.oid = i.indexrelid
   where c.relnamespace = to_regnamespace($1)
     and not exists (select from pg_constraint n where n.conindid = i.indexrelid and n.contype in ('p', 'u', 'x'))
   order by c.relname`;

const VIEWS = `
  select c.relname as relation, format(E'create view %I as\\n%s', c.relname, pg_get_viewdef(c.oid, true)) as text
    from pg_class c where c.relnamespace = to_regnamespace($1) and c.relkind = 'v' order by c.relname`;

const FUNCTIONS = `
  select p.proname as relation, pg_get_functiondef(p.oid) as text
    from pg_proc p where p.pronamespace = to_regnamespace($1) and p.prokind in ('f', 'p') order by p.proname, p.oid`;

const TRIGGERS = `
  select t.tgname as relation, pg_get_triggerdef(t.oid, true) as text
    from pg_trigger t join pg_class c on c.oid = t.tgrelid
   where c.relnamespace = to_regnamespace($1) and not t.tgisinternal order by c.relname, t.tgname`;
