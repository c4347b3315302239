import { sql } from 'kysely';
import type { BodyOf } from '../../../kernel/endpoint.ts';
import { newId } from '../../../kernel/id.ts';
import { invalid, refused } from '../../../kernel/problem.ts';
import { recordEvent } from '../../../platform/audit/events.ts';
import type { Tx } from '../../../platform/database/connection.ts';
import type { Actor } from '../../../platform/http/actor.ts';
import type { createAgreement as endpoint } from '../contract.ts';
import { remainingShare } from '../rules/orientation.ts';

/**
 * Records a signed agreement and opens the holder's space.
 * @throws Problem E-AGREEMENT-01 the shares of a perimeter exceed the whole; E-AGREEMENT-02 no such holder;
 *   E-AGREEMENT-03 the State and the municipalities count by municipality, the others by département (F-30)
 */
export async function createAgreement(
  tx: Tx,
  actor: Actor,
  agreement: BodyOf<typeof endpoint>,
): Promise<{ id: string }> {
  const byMunicipality = ['state-priority', 'state-staff', 'municipality'].includes(agreement.contingent);
  if (byMunicipality !== (agreement.scale === 'municipality')) throw refused('E-AGREEMENT-03');
  const { rows } = await sql<{ known: boolean; shares: string[] }>`select
      organisations.acts_with(${actor.organisationId}, ${agreement.holderId}) as known,
      coalesce((select array_agg(share::text) from flow.agreements where organisation_id = ${actor.organisationId}
        and state = 'signed' and perimeter_code in (${agreement.perimeterCode}, ${agreement.perimeterCode.slice(0, 2)})
        and (ends_on is null or ends_on >= ${agreement.startsOn}::date)), '{}') as shares`.execute(tx);
  if (!rows[0]!.known) throw invalid('E-AGREEMENT-02');
  remainingShare([...rows[0]!.shares, agreement.share]);
  const id = newId();
  await tx
    .insertInto('flow.agreements')
    .values({
      organisation_id: actor.organisationId,
      id,
      reference: agreement.reference,
      holder_id: agreement.holderId,
      contingent: agreement.contingent,
      scale: agreement.scale,
      perimeter_code: agreement.perimeterCode,
      share: agreement.share,
      nomination_days: agreement.nominationDays,
      starts_on: agreement.startsOn,
      ends_on: agreement.endsOn,
    })
    .execute();
  await recordEvent(tx, {
    kind: 'flow.agreement-recorded',
    organisationId: actor.organisationId,
    subjects: [{ kind: 'agreement', id }],
    after: { ...agreement },
    journal: { ...agreement },
  });
  return { id };
}
