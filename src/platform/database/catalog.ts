import type pg from 'pg';

/** A table, view or constraint that breaks a rule of the house, named as PostgreSQL names it. */
export type CatalogFault = { subject: string; rule: string; object: string };

/** Tables every organisation reads and none owns: small, public, copied to each node of a distributed database. */
export const referenceTables = ['organisations.municipalities', 'platform.migrations'] as const;

/**
 * Tables that belong to people or to the directory of organisations, not to one organisation: who may sign in, which
 * organisations exist, who works with whom and when the program's own work last ran. They stay on the coordinator of a distributed database and have policies
 * of their own.
 */
export const directoryTables = [
  'organisations.organisations',
  'organisations.users',
  'organisations.relations',
  'platform.schedules',
] as const;

const oursOnly = `n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast', 'auth', 'graphile_worker', 'public')`;

/**
 * Tables that are not kept apart: without `organisation_id` first in their key, without row-level security, without a
 * policy, without a comment; and views that would run with their owner's rights.
 */
export async function findSeparationFaults(pool: pg.Pool): Promise<CatalogFault[]> {
  const { rows } = await pool.query<CatalogFault>(
    `with t as (
       select c.oid, n.nspname || '.' || c.relname as subject, c.relkind, c.relrowsecurity, c.reloptions,
         n.nspname || '.' || c.relname = any ($1) as is_reference, n.nspname || '.' || c.relname = any ($2) as is_directory
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where ${oursOnly} and c.relkind in ('r', 'p', 'v', 'm') and not c.relispartition)
     select subject, 'no row-level security' as rule, '' as object from t
       where relkind in ('r', 'p') and not is_reference and not relrowsecurity
     union all
     select subject, 'row-level security without a policy', '' from t
       where relkind in ('r', 'p') and relrowsecurity and not exists (select from pg_policy p where p.polrelid = t.oid)
     union all
     select subject, 'primary key does not begin with organisation_id', '' from t
       where relkind in ('r', 'p') and not is_reference and not is_directory and not exists (
         select from pg_index i join pg_attribute a on a.attrelid = t.oid and a.attnum = i.indkey[0]
         where i.indrelid = t.oid and i.indisprimary and a.attname = 'organisation_id')
     union all
     select subject, 'table without a comment', '' from t where relkind in ('r', 'p') and obj_description(t.oid) is null
     union all
     select subject, 'view that runs with its owner''s rights', '' from t
       where relkind = 'v' and not coalesce('security_invoker=true' = any (reloptions), false)
     union all
     select subject, 'materialized view', '' from t where relkind = 'm'
     order by 1, 2`,
    [referenceTables, directoryTables],
  );
  return rows;
}

/**
 * What would keep the database from being distributed by `organisation_id` with Citus: keys, exclusions and foreign keys
 * without the column, triggers, narrow identities, inheritance (docs/decisions/0014).
 */
export async function findScaleFaults(pool: pg.Pool): Promise<CatalogFault[]> {
  const { rows } = await pool.query<CatalogFault>(
    `with t as (
       select c.oid, n.nspname || '.' || c.relname as subject, a.attnum as dist, a.atttypid, a.attnotnull,
         n.nspname || '.' || c.relname = any ($1) as is_reference
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
       left join pg_attribute a on a.attrelid = c.oid and a.attname = 'organisation_id' and not a.attisdropped
       where ${oursOnly} and c.relkind in ('r', 'p') and not c.relispartition and n.nspname || '.' || c.relname <> all ($2)),
     d as (select * from t where dist is not null and not is_reference)
     select subject, 'neither organisation_id nor declared a reference table' as rule, '' as object from t where dist is null and not is_reference
     union all select subject, 'reference table with organisation_id', '' from t where dist is not null and is_reference
     union all select subject, 'organisation_id may be null', '' from d where not attnotnull
     union all select subject, 'organisation_id is not a uuid', format_type(atttypid, null) from d where atttypid <> 'uuid'::regtype
     union all select subject, 'unique key without organisation_id', i.indexrelid::regclass::text
       from d join pg_index i on i.indrelid = d.oid and i.indisunique where not d.dist = any (string_to_array(i.indkey::text, ' ')::int2[])
     union all select subject, 'exclusion without organisation_id', k.conname
       from d join pg_constraint k on k.conrelid = d.oid and k.contype = 'x' where not d.dist = any (k.conkey)
     union all select d.subject, 'foreign key that does not pair organisation_id', k.conname
       from d join pg_constraint k on k.conrelid = d.oid and k.contype = 'f' join d r on r.oid = k.confrelid
       where not exists (select from generate_subscripts(k.conkey, 1) s where k.conkey[s] = d.dist and k.confkey[s] = r.dist)
     union all select t.subject, 'foreign key from a reference table to a distributed table', k.conname
       from t join pg_constraint k on k.conrelid = t.oid and k.contype = 'f' join d r on r.oid = k.confrelid where t.is_reference
     union all select subject, 'SET NULL would touch organisation_id', k.conname
       from d join pg_constraint k on k.conrelid = d.oid and k.contype = 'f'
       where d.dist = any (k.conkey) and (k.confupdtype in ('n', 'd')
         or (k.confdeltype in ('n', 'd') and coalesce(array_length(k.confdelsetcols, 1), 0) = 0))
     union all select subject, 'trigger', g.tgname from d join pg_trigger g on g.tgrelid = d.oid and not g.tgisinternal
     union all select subject, 'policy that does not name organisation_id', p.polname
       from d join pg_policy p on p.polrelid = d.oid
       where coalesce(pg_get_expr(p.polqual, p.polrelid), '') || coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '') not like '%organisation_id%'
     union all select subject, 'identity narrower than bigint', a.attname
       from d join pg_attribute a on a.attrelid = d.oid and a.attidentity <> '' and a.atttypid <> 'bigint'::regtype
     union all select subject, 'inheritance', i.inhparent::regclass::text
       from d join pg_inherits i on i.inhrelid = d.oid join pg_class p on p.oid = i.inhparent where p.relkind = 'r'
     order by 1, 2`,
    [referenceTables, directoryTables],
  );
  return rows;
}
