import { sql } from 'kysely';
import type { BodyOf } from '../../../../kernel/endpoint.ts';
import { newId } from '../../../../kernel/id.ts';
import { addDays, addMonths, type LocalDate, yearOf } from '../../../../kernel/local-date.ts';
import { invalid, notFound, refused } from '../../../../kernel/problem.ts';
import { recordEvent } from '../../../../platform/audit/events.ts';
import type { Tx } from '../../../../platform/database/connection.ts';
import type { Actor } from '../../../../platform/http/actor.ts';
import type { addResidence as addEndpoint, commit as commitEndpoint } from '../contract.ts';

/**
 * Records a commitment of an intercommunal convention (L-65). Earlier ones are kept; the last one said holds. A year that
 * is over has been counted.
 * @throws Problem E-ORIENTATION-08 no such place; E-ORIENTATION-09 a year that is over
 */
export async function commitInTerritory(
  tx: Tx,
  actor: Actor,
  commitment: BodyOf<typeof commitEndpoint>,
  today: LocalDate,
): Promise<{ id: string }> {
  if (commitment.year < yearOf(today)) throw refused('E-ORIENTATION-09', { year: commitment.year });
  const id = newId();
  const { rowCount } = await sql`
    insert into flow.territory_commitments (organisation_id, id, year, place, objective, share, source, set_by, set_on)
    select ${actor.organisationId}::uuid, ${id}::uuid, ${commitment.year}::smallint, ${commitment.place}, ${commitment.objective},
      ${commitment.share}::numeric, ${commitment.source}, ${actor.userId}, ${today}::date
    where exists (select from organisations.municipalities m
      where m.country = 'FR' and ${commitment.place} in (m.territory, m.department)) returning id`
    .execute(tx)
    .then(({ rows }) => ({ rowCount: rows.length }));
  if (rowCount === 0) throw invalid('E-ORIENTATION-08', {}, [{ path: 'place', code: 'E-ORIENTATION-08' }]);
  const { year, place, objective, share, source } = commitment;
  await recordEvent(tx, {
    kind: share === null ? 'flow.commitment-taken-back' : 'flow.commitment-recorded',
    organisationId: actor.organisationId,
    subjects: [{ kind: 'organisation', id: actor.organisationId }],
    reason: source,
    after: { year, place, objective, share },
    journal: { commitment: id, year, place, objective, share },
  });
  return { id };
}

/**
 * Lists a residence « à enjeu prioritaire de mixité sociale » for three years, the last day included.
 * @throws Problem E-ORIENTATION-10 no such residence; E-ORIENTATION-11 it is listed on that day
 */
export async function addListedResidence(
  tx: Tx,
  actor: Actor,
  residence: BodyOf<typeof addEndpoint>,
  today: LocalDate,
): Promise<{ id: string; untilDay: LocalDate }> {
  const { rows } = await sql<{ id: string; listedUntil: LocalDate | null }>`
    select b.id, (select max(r.until_day) from flow.listed_residences r where r.organisation_id = b.organisation_id
      and r.building_id = b.id and r.taken_off_on is null and r.until_day >= ${residence.fromDay}::date) as "listedUntil"
    from portfolio.building_cards b
    where b.organisation_id = ${actor.organisationId} and b.reference = ${residence.buildingReference}`.execute(tx);
  const [building] = rows;
  if (!building) throw invalid('E-ORIENTATION-10', {}, [{ path: 'buildingReference', code: 'E-ORIENTATION-10' }]);
  if (building.listedUntil) throw refused('E-ORIENTATION-11', { until: building.listedUntil });
  const id = newId();
  const untilDay = addDays(addMonths(residence.fromDay, 36), -1);
  await tx
    .insertInto('flow.listed_residences')
    .values({
      organisation_id: actor.organisationId,
      id,
      building_id: building.id,
      from_day: residence.fromDay,
      until_day: untilDay,
      source: residence.source,
      listed_by: actor.userId,
    })
    .execute();
  await recordEvent(tx, {
    kind: 'flow.residence-listed',
    organisationId: actor.organisationId,
    subjects: [{ kind: 'building', id: building.id }],
    reason: residence.source,
    after: { residence: residence.buildingReference, fromDay: residence.fromDay, untilDay, on: today },
  });
  return { id, untilDay };
}

/** Takes a residence off the list. @throws Problem E-NOT-FOUND-01 not on it */
export async function takeResidenceOff(
  tx: Tx,
  actor: Actor,
  id: string,
  { reason }: { reason: string },
  today: LocalDate,
): Promise<void> {
  const residence = await tx
    .updateTable('flow.listed_residences')
    .set({ taken_off_on: today })
    .where('organisation_id', '=', actor.organisationId)
    .where('id', '=', id)
    .where('taken_off_on', 'is', null)
    .returning('building_id as buildingId')
    .executeTakeFirst();
  if (!residence) throw notFound();
  await recordEvent(tx, {
    kind: 'flow.residence-taken-off',
    organisationId: actor.organisationId,
    subjects: [{ kind: 'building', id: residence.buildingId }],
    reason,
  });
}
