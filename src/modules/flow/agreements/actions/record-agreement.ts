import { sql } from 'kysely';
import type { BodyOf } from '../../../../kernel/endpoint.ts';
import { newId } from '../../../../kernel/id.ts';
import type { LocalDate } from '../../../../kernel/local-date.ts';
import { invalid, refused } from '../../../../kernel/problem.ts';
import type { Tx } from '../../../../platform/database/connection.ts';
import type { Actor } from '../../../../platform/http/actor.ts';
import { settingOn } from '../../../organisations/index.ts';
import { recountAgreement } from '../../actions/flow-events.ts';
import type { createAgreement as endpoint, Terms } from '../contract.ts';
import type { Commitment } from '../rules/caps.ts';
import { codeLength, perimeterScaleOf, scaleOf } from '../rules/perimeter.ts';
import {
  fingerprintOf,
  recordMove,
  requireLandlord,
  requireState,
  signedTerms,
  takeAgreement,
} from './agreement-in-hand.ts';
import { requireCaps } from './require-caps.ts';

/**
 * Records an agreement signed on paper, with its two signatures, or begins a draft that only the landlord sees.
 * @throws Problem E-AGREEMENT-02 no such holder; E-AGREEMENT-03 the State and the municipalities count by municipality, an
 *   EPT or EPCI by its territory, the others by département (F-30); E-AGREEMENT-04 not the perimeter of this holder (L-08,
 *   L-09); E-AGREEMENT-18 the scale of EPT and EPCI is not chosen; those of `requireCaps`
 */
export async function recordAgreement(
  tx: Tx,
  actor: Actor,
  body: BodyOf<typeof endpoint>,
  today: LocalDate,
): Promise<{ id: string }> {
  const { state, signedOn, landlordSignatory, holderSignatory, ...terms } = body;
  const holder = await requirePerimeter(tx, actor, terms, today);
  const id = newId();
  if (state === 'signed') await requireCaps(tx, actor, commitmentOf(id, holder.name, { ...terms, ...holder }));
  await tx
    .insertInto('flow.agreements')
    .values({
      organisation_id: actor.organisationId,
      id,
      ...columnsOf(terms),
      state,
      signed_on: state === 'signed' ? (signedOn ?? terms.startsOn) : null,
    })
    .execute();
  if (state === 'signed') {
    const hand = {
      organisation_id: actor.organisationId,
      agreement_id: id,
      holder_id: terms.holderId,
      signed_on: signedOn ?? terms.startsOn,
      channel: 'paper',
      terms_sha256: fingerprintOf(signedTerms({ ...terms, firstShare: terms.share })),
      user_id: actor.userId,
    };
    await tx
      .insertInto('flow.signatures')
      .values([
        { ...hand, id: newId(), party: 'landlord', signatory: landlordSignatory ?? actor.organisationName },
        { ...hand, id: newId(), party: 'holder', signatory: holderSignatory ?? holder.name },
      ])
      .execute();
    await recountAgreement(tx, actor.organisationId, id);
  }
  await recordMove(
    tx,
    actor,
    { id, landlordId: actor.organisationId, holderId: terms.holderId, reference: terms.reference },
    { kind: state === 'signed' ? 'recorded' : 'drafted', facts: factsOf(terms) },
  );
  return { id };
}

/**
 * Changes the terms of an agreement that is not signed. Signatures of other terms no longer count.
 * @throws Problem E-AGREEMENT-11 it is to be signed or signed; those of `recordAgreement`; E-CONFLICT-01
 */
export async function changeAgreement(
  tx: Tx,
  actor: Actor,
  id: string,
  { version, ...terms }: Terms & { version: number },
  today: LocalDate,
): Promise<{ version: number }> {
  const agreement = await takeAgreement(tx, actor, id, today, version);
  requireLandlord(agreement);
  requireState(agreement, 'draft', 'negotiation');
  // What was sent to one holder is not turned to another.
  if (agreement.state !== 'draft' && agreement.holderId !== terms.holderId) throw invalid('E-AGREEMENT-02');
  await requirePerimeter(tx, actor, terms, today);
  await tx
    .updateTable('flow.agreements')
    .set({ ...columnsOf(terms), version: version + 1 })
    .where('organisation_id', '=', actor.organisationId)
    .where('id', '=', id)
    .execute();
  await recordMove(
    tx,
    actor,
    { ...agreement, reference: terms.reference },
    {
      kind: agreement.state === 'draft' ? 'drafted' : 'changed',
      facts: factsOf(terms),
    },
  );
  return { version: version + 1 };
}

const columnsOf = (terms: Terms) => ({
  reference: terms.reference,
  holder_id: terms.holderId,
  contingent: terms.contingent,
  scale: terms.scale,
  perimeter_code: terms.perimeterCode,
  share: terms.share,
  nomination_days: terms.nominationDays,
  nomination_mode: terms.nominationMode,
  if_none_proposed: terms.ifNoneProposed,
  proposal_terms: terms.proposalTerms,
  basis: terms.basis,
  agreed_otherwise: terms.agreedOtherwise,
  starts_on: terms.startsOn,
  ends_on: terms.endsOn,
});

const factsOf = ({ share, perimeterCode, startsOn, endsOn }: Terms) => ({ share, perimeterCode, startsOn, endsOn });

/** An agreement as `requireCaps` weighs it. */
export const commitmentOf = (
  id: string,
  holder: string,
  terms: Pick<Terms, 'contingent' | 'basis' | 'perimeterCode' | 'agreedOtherwise' | 'startsOn' | 'endsOn' | 'share'> &
    Pick<Commitment, 'territory' | 'departments'>,
) => ({
  id,
  holder,
  contingent: terms.contingent,
  basis: terms.basis,
  perimeterCode: terms.perimeterCode,
  territory: terms.territory,
  departments: terms.departments,
  agreedOtherwise: terms.agreedOtherwise,
  shares: [{ from: terms.startsOn, until: terms.endsOn, share: terms.share }],
});

type PerimeterHolder = { name: string } & Pick<Commitment, 'territory' | 'departments'>;

/** @returns the holder and where its perimeter lies. @throws Problem E-AGREEMENT-02, -03, -04, -18 as `recordAgreement` says */
async function requirePerimeter(tx: Tx, actor: Actor, terms: Terms, today: LocalDate): Promise<PerimeterHolder> {
  const { contingent, perimeterCode } = terms;
  if (scaleOf(contingent) !== terms.scale) throw refused('E-AGREEMENT-03');
  // A commune, an EPT or EPCI has its own territory, every other holder the whole département (L-08, L-09).
  const perimeter = perimeterScaleOf(contingent);
  if (perimeterCode.length !== codeLength[perimeter]) throw refused('E-AGREEMENT-04', { perimeter: perimeterCode });
  if (terms.scale === 'territory' && (await settingOn(tx, actor, 'flow.contractual-scale', today)) !== 'territory')
    throw refused('E-AGREEMENT-18');
  const { rows } = await sql<PerimeterHolder & { elsewhere: boolean }>`select h.name, m.territory,
      flow.departments_of(${perimeterCode}) as departments,
      case ${perimeter} when 'municipality' then coalesce(h.perimeter ? 'municipalities' and not h.perimeter->'municipalities' ? ${perimeterCode}, false)
        when 'territory' then h.registration_number is distinct from ${perimeterCode} else false end as elsewhere
    from organisations.organisations h
    left join organisations.municipalities m on m.code = ${perimeterCode}
    where h.id = ${terms.holderId} and organisations.acts_with(${actor.organisationId}, h.id)`.execute(tx);
  const holder = rows[0];
  if (!holder) throw invalid('E-AGREEMENT-02');
  if (holder.elsewhere || holder.departments.length === 0)
    throw refused('E-AGREEMENT-04', { perimeter: perimeterCode });
  return holder;
}
