import { sql } from 'kysely';
import type { LocalDate } from '../../../kernel/local-date.ts';
import { conflict, notFound, refused } from '../../../kernel/problem.ts';
import type { Tx } from '../../../platform/database/connection.ts';
import type { Actor } from '../../../platform/http/actor.ts';
import { lockVacancy, readVacancies, type VacancyCard } from '../queries.ts';
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
  const versions = await refreshStages(tx, actor, [{ id: vacancyId, ...(holder && { holder: holder.id }) }], today);
  const version = versions.get(vacancyId);
  if (version === undefined) throw notFound();
  return version;
}

/** The same for several at once. Without `holder`, who has the dwelling stays. @returns the new version of each */
export async function refreshStages(
  tx: Tx,
  actor: Pick<Actor, 'organisationId' | 'jurisdiction'>,
  changed: readonly { id: string; holder?: string | null }[],
  today: LocalDate,
): Promise<Map<string, number>> {
  const vacancies = await readVacancies(
    tx,
    actor.organisationId,
    changed.map(({ id }) => id),
  );
  const holders = new Map(changed.map((vacancy) => [vacancy.id, vacancy]));
  const next = vacancies.map(({ id, stageFacts }) => {
    const { stage, dueOn, what } = stageOf({ ...stageFacts, oriented: sharesFlow(actor) }, today);
    const { holder } = holders.get(id)!;
    return { id, stage, due_on: dueOn, what, holder: holder ?? null, keeps: holder === undefined };
  });
  const { rows } = await sql<{ id: string; version: number }>`
    update allocation.vacancies v set
      stage_since = case when v.stage = n.stage then v.stage_since else ${today}::date end, stage = n.stage,
      next_due_on = n.due_on, next_due_what = n.what, version = v.version + 1,
      holder_id = case when n.keeps then v.holder_id else n.holder end
    from json_to_recordset(${JSON.stringify(next)}::json) as n(id uuid, stage text, due_on date, what text, holder uuid, keeps boolean)
    where v.organisation_id = ${actor.organisationId} and v.id = n.id returning v.id, v.version`.execute(tx);
  return new Map(rows.map(({ id, version }) => [id, version]));
}
