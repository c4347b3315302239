import { sql } from 'kysely';
import type { LocalDate } from '../../../kernel/local-date.ts';
import { recordEvent } from '../../../platform/audit/events.ts';
import type { Tx } from '../../../platform/database/connection.ts';
import type { Actor } from '../../../platform/http/actor.ts';
import { leaveBase, linkMutation } from '../../flow/index.ts';
import { flowFactsOf, type VacancyCard } from '../queries.ts';

/**
 * The household a dwelling is let to may be a tenant of the same landlord: a mutation, which the law takes out of the base (L-11),
 * and which is two vacancies (L-77). The one it takes is counted out of the base, unless a reservation holder proposed the
 * household: it was counted for that holder, and stays so. The one it leaves will be in the base, and is linked.
 * @returns the class of the vacancy, as it is from now on
 */
export async function countMutation(
  tx: Tx,
  actor: Actor,
  vacancy: VacancyCard,
  letting: { householdId: string; forHolder: boolean; signedOn: LocalDate; today: LocalDate },
): Promise<string> {
  const { rows } = await sql<{ id: string; dwellingId: string; freedVacancyId: string | null }>`
    select t.id, t.dwelling_id as "dwellingId", (select v.id from allocation.vacancies v
      where v.organisation_id = t.organisation_id and v.tenancy_id = t.id and v.closed_as is distinct from 'cancelled'
      order by v.opened_on desc limit 1) as "freedVacancyId"
    from tenancies.tenancy_cards t
    where t.organisation_id = ${actor.organisationId} and t.household_id = ${letting.householdId}
      and t.dwelling_id <> ${vacancy.dwellingId} and t.starts_on <= ${letting.signedOn}::date
      and (t.ended_on is null or t.ended_on >= ${letting.signedOn}::date)
    order by t.starts_on desc limit 1`.execute(tx);
  const left = rows[0];
  if (!left) return vacancy.baseClass;
  const leaves = vacancy.baseClass === 'in-base' && !letting.forHolder;
  const baseClass = leaves ? 'mutation' : vacancy.baseClass;
  if (leaves) {
    await tx
      .updateTable('allocation.vacancies')
      .set({ base_class: baseClass })
      .where('organisation_id', '=', actor.organisationId)
      .where('id', '=', vacancy.id)
      .execute();
    await leaveBase(tx, actor.organisationId, {
      vacancyId: vacancy.id,
      baseClass,
      on: letting.today,
      facts: flowFactsOf(vacancy),
    });
  }
  await linkMutation(tx, actor.organisationId, {
    usedVacancyId: vacancy.id,
    leftTenancyId: left.id,
    leftDwellingId: left.dwellingId,
    freedVacancyId: left.freedVacancyId,
    inBase: baseClass === 'in-base',
    on: letting.signedOn,
  });
  await recordEvent(tx, {
    kind: 'allocation.mutation-linked',
    organisationId: actor.organisationId,
    subjects: [
      { kind: 'vacancy', id: vacancy.id },
      { kind: 'dwelling', id: vacancy.dwellingId },
      { kind: 'dwelling', id: left.dwellingId },
    ],
    before: { baseClass: vacancy.baseClass },
    after: { baseClass },
    journal: { vacancy: vacancy.id, leftTenancy: left.id, before: vacancy.baseClass, after: baseClass },
  });
  return baseClass;
}
