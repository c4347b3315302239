import { sql } from 'kysely';
import { newId } from '../../../kernel/id.ts';
import type { LocalDate } from '../../../kernel/local-date.ts';
import { refused } from '../../../kernel/problem.ts';
import { recordEvent } from '../../../platform/audit/events.ts';
import type { Tx } from '../../../platform/database/connection.ts';
import type { Actor } from '../../../platform/http/actor.ts';
import type { Ranking } from '../../applicants/contract.ts';
import { findApplications, rankRegister } from '../../applicants/index.ts';
import { settingOn } from '../../organisations/index.ts';
import { countStock } from '../../portfolio/index.ts';
import { countModerate } from '../../tenancies/index.ts';
import type { VacancyCard } from '../queries.ts';
import { refreshStage, requireOpenVacancy, sharesFlow } from './refresh-stage.ts';

/** The register ranked for a vacancy, with the quota of one third where the law knows it. */
export async function rankForVacancy(
  tx: Tx,
  actor: Actor,
  vacancy: Pick<VacancyCard, 'kind' | 'bedrooms' | 'rooms'>,
  limit: number,
  today: LocalDate,
): Promise<Ranking> {
  const { organisationId } = actor;
  const quota =
    actor.jurisdiction === 'be-bru'
      ? { stock: await countStock(tx, organisationId), moderate: await countModerate(tx, organisationId, today) }
      : null;
  // In France a dwelling is told by its rooms: T3 is two bedrooms.
  const bedrooms = sharesFlow(actor) && vacancy.rooms ? Math.max(vacancy.rooms - 1, 0) : vacancy.bedrooms;
  return rankRegister(tx, organisationId, { kind: vacancy.kind, bedrooms }, quota, limit);
}

/**
 * Puts the first candidates of the register forward for a vacancy, with their rank and its reasons as they are today.
 * @throws Problem E-CANDIDATES-01 the dwelling is with a holder or before a committee; E-CANDIDATES-02 nobody is suitable
 */
export async function selectCandidates(
  tx: Tx,
  actor: Actor,
  vacancyId: string,
  choice: { count?: number | undefined; version: number },
  today: LocalDate,
): Promise<{ version: number; candidates: number }> {
  const vacancy = await requireOpenVacancy(tx, actor, vacancyId, choice.version);
  const { proposal, orientation, session, offer } = vacancy.stageFacts;
  const elsewhere = sharesFlow(actor) && orientation !== 'own';
  if (elsewhere || proposal || offer || (session && !session.decided)) throw refused('E-CANDIDATES-01');
  const count = choice.count ?? (await settingOn(tx, actor, 'allocation.candidates-per-vacancy', today));
  const { rows: past } = await sql<{
    applicationId: string;
  }>`select application_id as "applicationId" from allocation.candidates
    where organisation_id = ${actor.organisationId} and vacancy_id = ${vacancyId} and application_id is not null and state <> 'withdrawn'`.execute(
    tx,
  );
  const ranking = await rankForVacancy(tx, actor, vacancy, Math.min(count + past.length, 50), today);
  const known = new Set(past.map((row) => row.applicationId));
  const chosen = ranking.candidates.filter((candidate) => !known.has(candidate.applicationId)).slice(0, count);
  if (chosen.length === 0) throw refused('E-CANDIDATES-02');
  const cards = new Map(
    (
      await findApplications(
        tx,
        actor.organisationId,
        chosen.map(({ applicationId }) => applicationId),
      )
    ).map((card) => [card.id, card]),
  );
  const rows = chosen.map((candidate) => {
    const card = cards.get(candidate.applicationId)!;
    return {
      organisation_id: actor.organisationId,
      id: newId(),
      vacancy_id: vacancyId,
      source: 'register',
      application_id: card.id,
      household_id: card.householdId,
      register_rank: candidate.rank,
      family_name: card.familyName,
      given_name: card.givenName,
      file_number: card.number,
      unique_number: card.uniqueNumber,
      persons: card.persons,
      adults: card.adults,
      children: card.children,
      income_cents: card.incomeCents,
      income_year: card.incomeYear,
      income_class: card.incomeClass,
      priority_group: card.priorityGroup,
      quartile: card.quartile,
      registered_on: card.registeredOn,
      language: card.language,
      email: card.email,
      phone: card.phone,
      steps: JSON.stringify(candidate.steps),
      position: past.length + candidate.rank,
      named_by: actor.userId,
    };
  });
  await tx.insertInto('allocation.candidates').values(rows).execute();
  const version = await refreshStage(tx, actor, vacancyId, today);
  await recordEvent(tx, {
    kind: 'allocation.candidates-selected',
    organisationId: actor.organisationId,
    subjects: [
      { kind: 'vacancy', id: vacancyId },
      { kind: 'dwelling', id: vacancy.dwellingId },
      ...rows.map((row) => ({ kind: 'household', id: row.household_id })),
    ],
    after: { candidates: rows.length },
    journal: {
      vacancy: vacancyId,
      candidates: rows.map((row) => ({
        application: row.file_number,
        rank: row.register_rank,
        registeredOn: row.registered_on,
      })),
      excluded: ranking.excluded,
    },
  });
  return { version, candidates: rows.length };
}
