import type { BodyOf } from '../../../../kernel/endpoint.ts';
import { newId } from '../../../../kernel/id.ts';
import { type LocalDate, yearOf } from '../../../../kernel/local-date.ts';
import { forbidden, invalid, refused } from '../../../../kernel/problem.ts';
import { recordEvent } from '../../../../platform/audit/events.ts';
import type { Tx } from '../../../../platform/database/connection.ts';
import type { Actor } from '../../../../platform/http/actor.ts';
import type { askRehousing as endpoint } from '../contract.ts';
import { rehousingAsked, rehousingBalance } from '../queries.ts';

/**
 * The State proposes, decides or takes back what a landlord rehouses in a year, also one that demolishes nothing (F-11). The last
 * word holds; those before stay written. A decided target feeds the forecasts the landlord writes from then on.
 * @throws Problem E-ACCESS-01 not the State; E-BASE-15 decided in the future; E-BASE-22 the landlord has no dwelling there, or
 *   the actor does not watch over it; E-BASE-23 of a year that is over; E-BASE-24 nothing to take back
 */
export async function askRehousing(
  tx: Tx,
  actor: Actor,
  body: BodyOf<typeof endpoint>,
  today: LocalDate,
): Promise<{ id: string }> {
  if (actor.organisationKind !== 'state') throw forbidden();
  if (body.decidedOn > today) throw invalid('E-BASE-15', {}, [{ path: 'decidedOn', code: 'E-FIELD-FUTURE' }]);
  if (body.year < yearOf(today)) throw refused('E-BASE-23', { year: body.year });
  const { rows } = await tx.executeQuery(rehousingBalance(body.year, today));
  const landlord = rows.find((row) => row.landlordId === body.landlordId && row.department === body.department);
  if (!landlord) throw refused('E-BASE-22', { department: body.department });
  const { rows: asked } = await tx.executeQuery(rehousingAsked(body.year));
  const current = asked.find(
    (one) =>
      one.current &&
      one.landlordId === body.landlordId &&
      one.department === body.department &&
      one.category === body.category,
  );
  if (body.state === 'withdrawn' && (!current || current.state === 'withdrawn')) throw refused('E-BASE-24');
  const id = newId();
  await tx
    .insertInto('flow.rehousing_targets')
    .values({
      organisation_id: actor.organisationId,
      id,
      landlord_id: body.landlordId,
      year: body.year,
      department: body.department,
      category: body.category,
      state: body.state,
      target: body.state === 'withdrawn' ? current!.target : body.target,
      decided_on: body.decidedOn,
      reason: body.reason,
      by_user: actor.userId,
      by_name: `${actor.givenName} ${actor.familyName}`,
    })
    .execute();
  await recordEvent(tx, {
    kind: 'flow.rehousing-asked',
    organisationId: actor.organisationId,
    subjects: [{ kind: 'rehousing-target', id }],
    reason: body.reason,
    after: {
      landlord: landlord.landlord,
      year: String(body.year),
      department: body.department,
      baseClass: body.category,
      rehousingState: body.state,
      target: body.target,
    },
    journal: { id, ...body },
  });
  return { id };
}
