import { sql } from 'kysely';
import type { LocalDate } from '../../../kernel/local-date.ts';
import { conflict, notFound, refused } from '../../../kernel/problem.ts';
import type { Tx } from '../../../platform/database/connection.ts';
import type { Actor } from '../../../platform/http/actor.ts';
import { lockVacancy, type VacancyCard, vacancyCard } from '../queries.ts';
import { stageOf } from '../rules/stage.ts';

/** Flows are shared where the law of the jurisdiction knows reservations. */
export const sharesFlow = (actor: Pick<Actor, 'jurisdiction'>): boolean => actor.jurisdiction === 'fr-idf';

/**
 * Holds an open vacancy for an action.
 * @param version what the person saw; a newer one means that someone acted meanwhile
 * @throws Problem not-found; E-VACANCY-02 closed; E-CONFLICT-02 naming who acted, and when
 */
export async function requireOpenVacancy(
  tx: Tx,
  actor: Actor,
  vacancyId: string,
  version?: number,
): Promise<VacancyCard> {
  const vacancy = await lockVacancy(tx, actor.organisationId, vacancyId);
  if (!vacancy) throw notFound();
  if (version !== undefined && vacancy.version !== version)
    throw await lastActor(tx, actor.organisationId, 'vacancy', vacancyId);
  if (vacancy.closedOn) throw refused('E-VACANCY-02', { closedOn: vacancy.closedOn });
  return vacancy;
}

/** The conflict that names who acted last on a record, and when. */
export async function lastActor(tx: Tx, organisationId: string, kind: string, id: string) {
  const { rows } = await sql<{ name: string | null; at: string }>`
    select e.actor_name as name, to_char(e.at at time zone 'Europe/Brussels', 'DD/MM/YYYY HH24:MI') as at
    from platform.event_subjects s join platform.events e on e.organisation_id = s.organisation_id and e.id = s.event_id
    where s.organisation_id = ${organisationId} and s.subject_kind = ${kind} and s.subject_id = ${id}
    order by s.at desc limit 1`.execute(tx);
  return rows[0]?.name ? conflict('E-CONFLICT-02', { name: rows[0].name, at: rows[0].at }) : conflict('E-CONFLICT-01');
}

/** Brings the stage of a vacancy in line with its facts, after an action changed them. @returns its new version */
export async function refreshStage(
  tx: Tx,
  actor: Pick<Actor, 'organisationId' | 'jurisdiction'>,
  vacancyId: string,
  today: LocalDate,
  holder?: { id: string | null },
): Promise<number> {
  const vacancy = await vacancyCard(tx, actor.organisationId, vacancyId);
  if (!vacancy) throw notFound();
  const next = stageOf({ ...vacancy.stageFacts, oriented: sharesFlow(actor) }, today);
  const { rows } = await sql<{ version: number }>`
    update allocation.vacancies set
      stage_since = case when stage = ${next.stage} then stage_since else ${today}::date end, stage = ${next.stage},
      next_due_on = ${next.dueOn}, next_due_what = ${next.what}, version = version + 1
      ${holder ? sql`, holder_id = ${holder.id}` : sql``}
    where organisation_id = ${actor.organisationId} and id = ${vacancyId} returning version`.execute(tx);
  return rows[0]!.version;
}
