import type { BodyOf } from '../../../../kernel/endpoint.ts';
import { newId } from '../../../../kernel/id.ts';
import type { LocalDate } from '../../../../kernel/local-date.ts';
import { invalid, notFound, refused } from '../../../../kernel/problem.ts';
import { recordEvent } from '../../../../platform/audit/events.ts';
import type { Tx } from '../../../../platform/database/connection.ts';
import type { Actor } from '../../../../platform/http/actor.ts';
import type { noteCorrection as endpoint } from '../contract.ts';
import { lineOf } from '../queries.ts';

/**
 * Notes that a disagreement was mended in the register of the State. Nothing is sent there, and the line stays until an
 * extraction confirms it; what was noted before is kept.
 * @throws Problem E-NOT-FOUND-01 no such disagreement; E-NATIONAL-10 all agree there; E-NATIONAL-11 a day to come
 */
export async function noteCorrection(
  tx: Tx,
  actor: Actor,
  body: BodyOf<typeof endpoint>,
  today: LocalDate,
): Promise<{ id: string }> {
  const line = await lineOf(tx, actor.organisationId, body.subjectId, body.reason);
  if (!line) throw notFound();
  if (body.reason === 'matched' || body.reason === 'waiting') throw refused('E-NATIONAL-10');
  if (body.correctedOn > today) throw invalid('E-NATIONAL-11', {}, [{ path: 'correctedOn', code: 'E-FIELD-FUTURE' }]);
  const id = newId();
  await tx
    .insertInto('flow.national_corrections')
    .values({
      organisation_id: actor.organisationId,
      id,
      subject_id: body.subjectId,
      reason: body.reason,
      corrected_on: body.correctedOn,
      note: body.note,
      noted_by: actor.userId,
    })
    .execute();
  await recordEvent(tx, {
    kind: 'flow.national-correction-noted',
    organisationId: actor.organisationId,
    subjects: [{ kind: line.tenancyId ? 'tenancy' : 'national-closure', id: body.subjectId }],
    reason: body.note,
    after: { disagreement: body.reason, correctedOn: body.correctedOn, uniqueNumber: line.uniqueNumber },
  });
  return { id };
}
