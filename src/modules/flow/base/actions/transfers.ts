import { sql } from 'kysely';
import type { BodyOf } from '../../../../kernel/endpoint.ts';
import { newId } from '../../../../kernel/id.ts';
import type { LocalDate } from '../../../../kernel/local-date.ts';
import { forbidden, invalid, refused } from '../../../../kernel/problem.ts';
import { recordEvent } from '../../../../platform/audit/events.ts';
import type { Tx } from '../../../../platform/database/connection.ts';
import type { Actor } from '../../../../platform/http/actor.ts';
import type * as contract from '../contract.ts';
import { type TransferRow, transferFactsOn } from '../queries.ts';
import { defaultTransferGrid, transferFacts, transferGrid, transferScore } from '../rules/transfer-score.ts';

/**
 * Counts the points of every internal transfer asked for, by the grid of the day, and ranks them: all anew, in four statements
 * whatever their number. Between equals the oldest demand is first.
 * @returns how many there are
 */
export async function countTransfers(tx: Tx, organisationId: string, today: LocalDate): Promise<number> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`flow.transfers ${organisationId}`}, 0))`.execute(tx);
  const { rows } = await sql<TransferRow>`${transferFactsOn(organisationId, today)}`.execute(tx);
  const scored = rows
    .map(({ applicationId, tenancyId, dwellingId, grid, ...facts }) => ({
      application_id: applicationId,
      tenancy_id: tenancyId,
      dwelling_id: dwellingId,
      registered_on: facts.registeredOn,
      ...transferScore({
        facts: transferFacts.parse({ ...facts, on: today }),
        grid: grid === null ? defaultTransferGrid : transferGrid.parse(grid),
      }),
    }))
    .sort(
      (a, b) =>
        b.result - a.result ||
        (a.registered_on < b.registered_on ? -1 : a.registered_on > b.registered_on ? 1 : 0) ||
        (a.application_id < b.application_id ? -1 : 1),
    )
    .map(({ result, ...row }, index) => ({ ...row, rank: index + 1, points: result }));
  await tx.deleteFrom('flow.transfer_scores').where('organisation_id', '=', organisationId).execute();
  await sql`insert into flow.transfer_scores (organisation_id, application_id, tenancy_id, dwelling_id, rank, points, registered_on,
      steps, counted_on)
    select ${organisationId}::uuid, s.application_id, s.tenancy_id, s.dwelling_id, s.rank, s.points, s.registered_on, s.steps,
      ${today}::date
    from jsonb_to_recordset(${JSON.stringify(scored)}::jsonb) as s(application_id uuid, tenancy_id uuid, dwelling_id uuid, rank int,
      points int, registered_on date, steps jsonb)`.execute(tx);
  return scored.length;
}

/**
 * Gives the landlord a grid of its own from a day on; that of the days before stays.
 * @throws Problem E-ACCESS-01 not a landlord; E-BASE-25 from a day that is past; E-BASE-26 there is one from that day
 */
export async function setTransferGrid(
  tx: Tx,
  actor: Actor,
  body: BodyOf<typeof contract.setTransferGrid>,
  today: LocalDate,
): Promise<{ id: string; counted: number }> {
  if (actor.organisationKind !== 'landlord') throw forbidden();
  if (body.startsOn < today) throw invalid('E-BASE-25', {}, [{ path: 'startsOn', code: 'E-FIELD-PAST' }]);
  const id = newId();
  const written = await tx
    .insertInto('flow.transfer_grids')
    .values({
      organisation_id: actor.organisationId,
      id,
      starts_on: body.startsOn,
      points: JSON.stringify(body.points),
      reason: body.reason,
      recorded_by: actor.userId,
    })
    .onConflict((conflict) => conflict.columns(['organisation_id', 'starts_on']).doNothing())
    .returning('id')
    .executeTakeFirst();
  if (!written) throw refused('E-BASE-26', { on: body.startsOn });
  const counted = await countTransfers(tx, actor.organisationId, today);
  await recordEvent(tx, {
    kind: 'flow.transfer-grid-set',
    organisationId: actor.organisationId,
    subjects: [{ kind: 'transfer-grid', id }],
    reason: body.reason,
    after: { startsOn: body.startsOn },
    journal: { id, ...body, counted },
  });
  return { id, counted };
}
