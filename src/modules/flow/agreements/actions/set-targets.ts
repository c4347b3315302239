import type { BodyOf } from '../../../../kernel/endpoint.ts';
import { newId } from '../../../../kernel/id.ts';
import { type LocalDate, yearOf } from '../../../../kernel/local-date.ts';
import { invalid, refused } from '../../../../kernel/problem.ts';
import type { Tx } from '../../../../platform/database/connection.ts';
import type { Actor } from '../../../../platform/http/actor.ts';
import { settingsOn } from '../../../organisations/index.ts';
import type { setTargets as endpoint } from '../contract.ts';
import { codeLength } from '../rules/perimeter.ts';
import { type AgreementInHand, recordMove, requireLandlord, requireState, takeAgreement } from './agreement-in-hand.ts';
import { requireCells, requireValues } from './target-values.ts';

type Targets = Omit<BodyOf<typeof endpoint>, 'version'>;

/**
 * Sets the targets of a year. Contractual ones are a new revision: the earlier are kept. Indicative ones are needs that
 * guide and never block; what they were stays in the events.
 * @throws Problem E-AGREEMENT-03 a contractual target at the wrong scale (F-30); E-AGREEMENT-04 outside the perimeter;
 *   E-AGREEMENT-09 the State's share differs between communes, not agreed otherwise (L-22); E-AGREEMENT-10 so fine that
 *   it names a residence (F-34); E-AGREEMENT-11 ended; E-AGREEMENT-12 a year that is over; E-AGREEMENT-19 a need the
 *   holder wrote itself; E-FRAME-09 a criterion beyond those agreed (F-31); E-CONFLICT-01
 */
export async function setTargets(
  tx: Tx,
  actor: Actor,
  id: string,
  year: number,
  { version, ...targets }: BodyOf<typeof endpoint>,
  today: LocalDate,
): Promise<{ version: number }> {
  const agreement = await takeAgreement(tx, actor, id, today, version);
  requireLandlord(agreement);
  requireState(agreement, 'draft', 'negotiation', 'to-sign', 'signed', 'amended');
  // A year that is over has been counted.
  if (year < yearOf(today)) throw refused('E-AGREEMENT-12', { day: `${year}-12-31` });
  const settings = await settingsOn(
    tx,
    actor,
    ['flow.contractual-scale', 'flow.min-target-cell', 'flow.indicative-criteria'],
    today,
  );
  const isBeyond = targets.indicative.some(({ criterion }) => criterion === 'built-since');
  if (isBeyond && settings['flow.indicative-criteria'] === 'usual') throw refused('E-FRAME-09');
  requireScale(agreement, targets, settings['flow.contractual-scale']);
  requireValues(targets.indicative, (index) => `indicative.${index}.value`);
  const places = targets.contractual.map(({ code }) => ({ criterion: 'place', value: code }));
  await requireCells(tx, agreement, [...places, ...targets.indicative], year, settings['flow.min-target-cell']);
  // Needs the holder wrote itself are its own: they stay beside these.
  const written = agreement.years.find((one) => one.year === year)?.indicative ?? [];
  const taken = targets.indicative.find(({ criterion, value }) =>
    written.some((one) => one.writtenBy === 'holder' && one.criterion === criterion && one.value === value),
  );
  if (taken) throw refused('E-AGREEMENT-19', { value: taken.value });
  const revision = (agreement.years.find((one) => one.year === year)?.revision ?? 0) + 1;
  const owner = { organisation_id: actor.organisationId, agreement_id: id, holder_id: agreement.holderId, year };
  if (targets.contractual.length > 0) {
    await tx
      .insertInto('flow.contractual_targets')
      .values(
        targets.contractual.map(({ scale, code, share }) => ({
          ...owner,
          id: newId(),
          revision,
          place_scale: scale,
          place_code: code,
          share,
        })),
      )
      .execute();
  }
  await tx
    .deleteFrom('flow.indicative_targets')
    .where('organisation_id', '=', actor.organisationId)
    .where('agreement_id', '=', id)
    .where('year', '=', year)
    .where('written_by', '=', 'landlord')
    .execute();
  if (targets.indicative.length > 0) {
    await tx
      .insertInto('flow.indicative_targets')
      .values(
        targets.indicative.map((target) => ({
          ...owner,
          id: newId(),
          ...target,
          writer: `${actor.givenName} ${actor.familyName}`,
          written_on: today,
        })),
      )
      .execute();
  }
  await tx
    .updateTable('flow.agreements')
    .set({ version: version + 1 })
    .where('organisation_id', '=', actor.organisationId)
    .where('id', '=', id)
    .execute();
  await recordMove(tx, actor, agreement, {
    kind: 'targets',
    facts: { year, contractual: targets.contractual.length, indicative: targets.indicative.length },
  });
  return { version: version + 1 };
}

/** Commune for the State and the communes, département for the others, its own territory for an EPT or EPCI; territories for all when the region chose so (F-30). */
function requireScale(agreement: AgreementInHand, { contractual }: Targets, chosen: 'usual' | 'territory'): void {
  const usual = agreement.scale;
  for (const target of contractual) {
    if (target.scale !== usual && !(chosen === 'territory' && target.scale === 'territory'))
      throw refused('E-AGREEMENT-03');
    const own = agreement.scale === 'territory' || target.scale !== 'territory';
    const inside = !own || target.code.startsWith(agreement.perimeterCode);
    if (target.code.length !== codeLength[target.scale] || !inside)
      throw refused('E-AGREEMENT-04', { perimeter: target.code });
  }
  const isState = agreement.contingent.startsWith('state');
  const shares = new Set(contractual.map(({ share }) => Number(share)));
  if (isState && shares.size > 1 && !agreement.agreedOtherwise) throw refused('E-AGREEMENT-09');
  if (new Set(contractual.map(({ code }) => code)).size < contractual.length) throw invalid('E-AGREEMENT-17');
}
