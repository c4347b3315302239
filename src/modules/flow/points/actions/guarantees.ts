import type { BodyOf } from '../../../../kernel/endpoint.ts';
import { newId } from '../../../../kernel/id.ts';
import { type LocalDate, startOfYear } from '../../../../kernel/local-date.ts';
import { exact } from '../../../../kernel/money.ts';
import { invalid, notFound, refused } from '../../../../kernel/problem.ts';
import { recordEvent } from '../../../../platform/audit/events.ts';
import type { Tx } from '../../../../platform/database/connection.ts';
import type { Actor } from '../../../../platform/http/actor.ts';
import type { setGuarantee } from '../contract.ts';

/**
 * Writes the minimum of beneficiaries an agreement guarantees from a day on, or that it guarantees none any more. It counts
 * nothing otherwise: it is measured, shown and told when it falls short.
 * @throws Problem E-NOT-FOUND-01 no signed agreement of the landlord; E-GUARANTEE-01 a day of a past year;
 *   E-GUARANTEE-02 a share above 1, or none of a lease
 */
export async function guarantee(
  tx: Tx,
  actor: Actor,
  agreementId: string,
  body: BodyOf<typeof setGuarantee>,
  today: LocalDate,
): Promise<{ id: string }> {
  const agreement = await tx
    .selectFrom('flow.agreements')
    .select(['id', 'reference', 'holder_id as holderId', 'perimeter_code as perimeterCode'])
    .where('organisation_id', '=', actor.organisationId)
    .where('id', '=', agreementId)
    .where('state', '=', 'signed')
    .executeTakeFirst();
  if (!agreement) throw notFound();
  if (body.from < startOfYear(today)) throw refused('E-GUARANTEE-01', { first: startOfYear(today) });
  const { minimum } = body;
  if (
    minimum &&
    (exact(minimum.value).compare(0) <= 0 || (minimum.kind === 'share' && exact(minimum.value).compare(1) > 0))
  )
    throw invalid('E-GUARANTEE-02', {}, [{ path: 'minimum.value', code: 'E-FIELD-NUMBER' }]);
  const id = newId();
  await tx
    .insertInto('flow.beneficiary_guarantees')
    .values({
      organisation_id: actor.organisationId,
      id,
      agreement_id: agreement.id,
      holder_id: agreement.holderId,
      perimeter_code: agreement.perimeterCode,
      beneficiaries: body.beneficiaries,
      minimum_kind: minimum?.kind ?? null,
      minimum: minimum?.value ?? null,
      from_day: body.from,
      note: body.note,
      said_by: actor.userId,
    })
    .execute();
  await recordEvent(tx, {
    kind: 'flow.guarantee-set',
    organisationId: actor.organisationId,
    subjects: [{ kind: 'agreement', id: agreement.id }],
    reason: body.note,
    after: {
      reference: agreement.reference,
      from: body.from,
      kind: minimum?.kind ?? 'none',
      minimum: minimum?.value ?? null,
    },
    journal: { agreement: agreement.id, beneficiaries: body.beneficiaries, minimum, from: body.from },
  });
  return { id };
}
