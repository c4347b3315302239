import type { BodyOf } from '../../../../kernel/endpoint.ts';
import { newId } from '../../../../kernel/id.ts';
import { type LocalDate, yearOf } from '../../../../kernel/local-date.ts';
import { invalid } from '../../../../kernel/problem.ts';
import { recordEvent } from '../../../../platform/audit/events.ts';
import type { Tx } from '../../../../platform/database/connection.ts';
import type { Actor } from '../../../../platform/http/actor.ts';
import type { declareRelettings as endpoint } from '../contract.ts';

/**
 * Declares the re-letting time of a past year, which the flow is compared with. A later declaration of the same year
 * takes the place of the former, which is kept.
 * @throws Problem E-STEERING-12 the year is not over
 */
export async function declareRelettings(
  tx: Tx,
  actor: Actor,
  body: BodyOf<typeof endpoint>,
  today: LocalDate,
): Promise<{ id: string }> {
  if (body.year >= yearOf(today)) throw invalid('E-STEERING-12', {}, [{ path: 'year', code: 'E-FIELD-FUTURE' }]);
  await tx
    .updateTable('flow.reletting_references')
    .set({ superseded_at: new Date() })
    .where('organisation_id', '=', actor.organisationId)
    .where('year', '=', body.year)
    .where('superseded_at', 'is', null)
    .execute();
  const id = newId();
  await tx
    .insertInto('flow.reletting_references')
    .values({
      organisation_id: actor.organisationId,
      id,
      year: body.year,
      relettings: body.relettings,
      mean_days: body.mean,
      median_days: body.median,
      source: body.source,
      entered_by: actor.userId,
    })
    .execute();
  await recordEvent(tx, {
    kind: 'flow.relettings-declared',
    organisationId: actor.organisationId,
    subjects: [{ kind: 'organisation', id: actor.organisationId }],
    after: { year: body.year, relettings: body.relettings, mean: body.mean, median: body.median, source: body.source },
  });
  return { id };
}
