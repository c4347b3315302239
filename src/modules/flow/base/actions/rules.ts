import { sql } from 'kysely';
import { newId } from '../../../../kernel/id.ts';
import type { LocalDate } from '../../../../kernel/local-date.ts';
import { invalid, notFound, refused } from '../../../../kernel/problem.ts';
import { recordEvent } from '../../../../platform/audit/events.ts';
import type { Tx } from '../../../../platform/database/connection.ts';
import type { Actor } from '../../../../platform/http/actor.ts';
import type { RuleBody } from '../contract.ts';
import { effectiveClasses } from '../queries.ts';
import type { BaseClass } from '../rules/categories.ts';
import { classifyStock, holdClasses } from './classify-stock.ts';
import { requireOpenCategory } from './open-categories.ts';

/** A rule as a row of its table. */
const rowOf = (actor: Actor, id: string, body: RuleBody) => ({
  organisation_id: actor.organisationId,
  id,
  position: body.position,
  name: body.name,
  base_class: body.baseClass,
  service: body.service,
  document_id: body.documentId,
  reason: body.reason,
  starts_on: body.startsOn,
  ends_on: body.endsOn,
  building_ids: body.buildingIds,
  municipality_codes: body.municipalityCodes,
  fundings: body.fundings,
  managements: body.managements,
  programmes: body.programmes,
  entered_from: body.enteredFrom,
  entered_until: body.enteredUntil,
  in_priority_area: body.inPriorityArea,
  created_by: actor.userId,
});

const conditions = [
  'buildingIds',
  'municipalityCodes',
  'fundings',
  'managements',
  'programmes',
  'enteredFrom',
  'enteredUntil',
  'inPriorityArea',
] as const;

/**
 * @throws Problem E-BASE-01 a rule without a condition would class the whole stock; E-BASE-02 no such document; E-BASE-03 a
 *   category that was not opened; E-BASE-04 retained stock without the service it is for
 */
async function requireRule(tx: Tx, actor: Actor, body: RuleBody, today: LocalDate): Promise<void> {
  if (conditions.every((name) => body[name] === null)) throw refused('E-BASE-01');
  if (body.baseClass === 'retained-stock' && body.service === null)
    throw invalid('E-BASE-04', {}, [{ path: 'service', code: 'E-FIELD-REQUIRED' }]);
  await requireOpenCategory(tx, actor, body.baseClass, today);
  await requireDocument(tx, actor, body.documentId);
}

/** @throws Problem E-BASE-02 no such document */
export async function requireDocument(tx: Tx, actor: Actor, documentId: string | null): Promise<void> {
  if (documentId === null) return;
  const found = await tx
    .selectFrom('flow.reference_documents')
    .select('id')
    .where('organisation_id', '=', actor.organisationId)
    .where('id', '=', documentId)
    .executeTakeFirst();
  if (!found) throw invalid('E-BASE-02', {}, [{ path: 'documentId', code: 'E-FIELD-CHOICE', params: { choices: '' } }]);
}

export type RulePreview = {
  covered: number;
  changed: number;
  changes: { before: BaseClass; after: BaseClass; dwellings: number }[];
  sample: {
    id: string;
    reference: string;
    address: string;
    municipality: string;
    before: BaseClass;
    after: BaseClass;
  }[];
};

/** What a rule would change today, or on its first day when that is still to come. Writes nothing. */
export async function previewRule(tx: Tx, actor: Actor, body: RuleBody, today: LocalDate): Promise<RulePreview> {
  await requireRule(tx, actor, body, today);
  const { organisationId } = actor;
  const on = body.startsOn > today ? body.startsOn : today;
  const id = newId();
  const { rows } = await sql<RulePreview>`
    with effective as (${effectiveClasses(organisationId, on, JSON.stringify(rowOf(actor, id, body)))}),
    now as (${effectiveClasses(organisationId, on)}),
    compared as materialized (
      select e.dwelling_id, e.rule_id, coalesce(n.base_class, u.base_class) as before, coalesce(e.base_class, u.base_class) as after
      from effective e join now n on n.dwelling_id = e.dwelling_id
      cross join lateral (select case when e.management = 'stock' then 'retained-stock' else 'in-base' end as base_class) u),
    changed as (select dwelling_id, before, after from compared where before <> after)
    select (select count(*)::int from compared where rule_id = ${id}) as covered,
      (select count(*)::int from changed) as changed,
      (select coalesce(json_agg(g), '[]') from (select before, after, count(*)::int as dwellings from changed
        group by before, after order by 3 desc) g) as changes,
      (select coalesce(json_agg(s), '[]') from (select d.id, d.reference,
          d.street || ' ' || d.house_number || coalesce(' bte ' || d.box, '') as address, d.municipality_fr as municipality, c.before, c.after
        from changed c join portfolio.dwelling_cards d on d.organisation_id = ${organisationId} and d.id = c.dwelling_id
        order by d.street, d.house_number, d.id limit 100) s) as sample`.execute(tx);
  return rows[0]!;
}

/**
 * Applies a rule: the whole stock is classed anew at once.
 * @throws Problem E-BASE-01, E-BASE-02, E-BASE-03, E-BASE-04
 */
export async function applyRule(
  tx: Tx,
  actor: Actor,
  body: RuleBody,
  today: LocalDate,
): Promise<{ id: string; changed: number }> {
  await requireRule(tx, actor, body, today);
  await holdClasses(tx, actor.organisationId);
  const id = newId();
  await tx
    .insertInto('flow.base_rules')
    .values(rowOf(actor, id, body))
    .execute();
  const changed = await classifyStock(tx, actor.organisationId, { cause: 'rule', byUser: actor.userId, today });
  await tx
    .updateTable('flow.base_rules')
    .set({ changed })
    .where('organisation_id', '=', actor.organisationId)
    .where('id', '=', id)
    .execute();
  await recordEvent(tx, {
    kind: 'flow.base-rule-applied',
    organisationId: actor.organisationId,
    subjects: [{ kind: 'base-rule', id }],
    reason: body.reason,
    after: { name: body.name, baseClass: body.baseClass, changed },
    journal: { rule: id, ...body, changed },
  });
  return { id, changed };
}

/**
 * Undoes a rule as a whole: each dwelling is what it would be without it. The rule stays, with the reason.
 * @throws Problem E-BASE-05 it is undone already
 */
export async function undoRule(
  tx: Tx,
  actor: Actor,
  ruleId: string,
  reason: string,
  today: LocalDate,
): Promise<{ changed: number }> {
  await holdClasses(tx, actor.organisationId);
  const rule = await tx
    .selectFrom('flow.base_rules')
    .select(['name', 'undone_at as undoneAt'])
    .where('organisation_id', '=', actor.organisationId)
    .where('id', '=', ruleId)
    .executeTakeFirst();
  if (!rule) throw notFound();
  if (rule.undoneAt) throw refused('E-BASE-05');
  await tx
    .updateTable('flow.base_rules')
    .set({ undone_at: new Date(), undone_by: actor.userId, undone_reason: reason })
    .where('organisation_id', '=', actor.organisationId)
    .where('id', '=', ruleId)
    .execute();
  const changed = await classifyStock(tx, actor.organisationId, { cause: 'rule-undone', byUser: actor.userId, today });
  await recordEvent(tx, {
    kind: 'flow.base-rule-undone',
    organisationId: actor.organisationId,
    subjects: [{ kind: 'base-rule', id: ruleId }],
    reason,
    after: { name: rule.name, changed },
    journal: { rule: ruleId, reason, changed },
  });
  return { changed };
}
