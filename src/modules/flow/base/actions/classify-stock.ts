import { sql } from 'kysely';
import { newId } from '../../../../kernel/id.ts';
import type { LocalDate } from '../../../../kernel/local-date.ts';
import type { Tx } from '../../../../platform/database/connection.ts';
import { effectiveClasses } from '../queries.ts';

export type ClassChangeCause = 'rule' | 'rule-undone' | 'choice' | 'first-release' | 'time';

/** Every act that changes classes waits for the one before: two at once would each count what the other did. */
export const holdClasses = (tx: Tx, organisationId: string) =>
  sql`select pg_advisory_xact_lock(hashtextextended(${`flow.base ${organisationId}`}, 0))`.execute(tx);

/**
 * Makes the classes of the stock what rules and choices say today, in one statement, and tells each change of class. The caller
 * holds the classes.
 * @param dwellingId only this one
 * @returns how many dwellings changed class
 */
export async function classifyStock(
  tx: Tx,
  organisationId: string,
  work: { cause: ClassChangeCause; byUser: string | null; today: LocalDate; dwellingId?: string },
): Promise<number> {
  const one = work.dwellingId ? sql`and d.id = ${work.dwellingId}` : sql``;
  const { rows } = await sql<{ changed: number }>`
    with effective as (${effectiveClasses(organisationId, work.today)} ${one}),
    changed as materialized (
      select e.dwelling_id, e.base_class, e.rule_id, e.choice_id, k.rule_id as former_rule_id,
        coalesce(k.base_class, u.base_class) as before, coalesce(e.base_class, u.base_class) as after
      from effective e
      cross join lateral (select case when e.management = 'stock' then 'retained-stock' else 'in-base' end as base_class) u
      left join flow.dwelling_classes k on k.organisation_id = ${organisationId} and k.dwelling_id = e.dwelling_id
      where (e.base_class, e.rule_id, e.choice_id) is distinct from (k.base_class, k.rule_id, k.choice_id)),
    removed as (
      delete from flow.dwelling_classes k using changed c
      where k.organisation_id = ${organisationId} and k.dwelling_id = c.dwelling_id and c.base_class is null),
    put as (
      insert into flow.dwelling_classes as k (organisation_id, dwelling_id, base_class, rule_id, choice_id, since)
      select ${organisationId}::uuid, dwelling_id, base_class, rule_id, choice_id, ${work.today}::date
      from changed where base_class is not null
      on conflict (organisation_id, dwelling_id) do update
        set base_class = excluded.base_class, rule_id = excluded.rule_id, choice_id = excluded.choice_id,
          since = case when k.base_class = excluded.base_class then k.since else excluded.since end),
    told as (
      insert into flow.class_changes (organisation_id, run_id, dwelling_id, on_day, before, after, rule_id, choice_id, cause, by_user)
      select ${organisationId}::uuid, ${newId()}::uuid, dwelling_id, ${work.today}::date, before, after,
        coalesce(rule_id, former_rule_id), choice_id, ${work.cause}, ${work.byUser}
      from changed where before <> after
      returning 1)
    select count(*)::int as changed from told`.execute(tx);
  return rows[0]!.changed;
}
