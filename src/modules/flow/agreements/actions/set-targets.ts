import { sql } from 'kysely';
import type { BodyOf } from '../../../../kernel/endpoint.ts';
import { newId } from '../../../../kernel/id.ts';
import { type LocalDate, yearOf } from '../../../../kernel/local-date.ts';
import { invalid, refused } from '../../../../kernel/problem.ts';
import type { Tx } from '../../../../platform/database/connection.ts';
import type { Actor } from '../../../../platform/http/actor.ts';
import { settingsOn } from '../../../organisations/index.ts';
import { meetsTarget } from '../../queries.ts';
import type { setTargets as endpoint } from '../contract.ts';
import { type AgreementInHand, recordMove, requireLandlord, requireState, takeAgreement } from './agreement-in-hand.ts';

type Targets = Omit<BodyOf<typeof endpoint>, 'version'>;

/**
 * Sets the targets of a year. Contractual ones are a new revision: the earlier are kept. Indicative ones are needs that
 * guide and never block; what they were stays in the events.
 * @throws Problem E-AGREEMENT-03 a contractual target at the wrong scale (F-30); E-AGREEMENT-04 outside the perimeter;
 *   E-AGREEMENT-09 the State's share differs between communes, not agreed otherwise (L-22); E-AGREEMENT-10 so fine that
 *   it names a residence (F-34); E-AGREEMENT-11 ended; E-AGREEMENT-12 a year that is over; E-CONFLICT-01
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
  const settings = await settingsOn(tx, actor, ['flow.contractual-scale', 'flow.min-target-cell'], today);
  requireScale(agreement, targets, settings['flow.contractual-scale']);
  requireValues(targets);
  await requireCells(tx, agreement, targets, settings['flow.min-target-cell']);
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
    .execute();
  if (targets.indicative.length > 0) {
    await tx
      .insertInto('flow.indicative_targets')
      .values(targets.indicative.map((target) => ({ ...owner, id: newId(), ...target })))
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

/** Commune for the State and the communes, département for the others; territories when the region chose so (F-30). */
function requireScale(agreement: AgreementInHand, { contractual }: Targets, chosen: 'usual' | 'territory'): void {
  const usual = agreement.scale;
  for (const target of contractual) {
    if (target.scale !== usual && !(chosen === 'territory' && target.scale === 'territory'))
      throw refused('E-AGREEMENT-03');
    const lengths = { department: 2, municipality: 5, territory: 9 };
    const inside = target.scale === 'territory' || target.code.startsWith(agreement.perimeterCode);
    if (target.code.length !== lengths[target.scale] || !inside)
      throw refused('E-AGREEMENT-04', { perimeter: target.code });
  }
  const isState = agreement.contingent.startsWith('state');
  const shares = new Set(contractual.map(({ share }) => Number(share)));
  if (isState && shares.size > 1 && !agreement.agreedOtherwise) throw refused('E-AGREEMENT-09');
  if (new Set(contractual.map(({ code }) => code)).size < contractual.length) throw invalid('E-AGREEMENT-17');
}

const forms: Record<string, RegExp> = {
  'rooms-min': /^[1-9]$/,
  rooms: /^[1-9]$/,
  funding: /^(PLAI|PLUS|PLS|PLI|OTHER)$/,
  'priority-area': /^(in|out)$/,
  'built-since': /^(1[89]|20)\d{2}$/,
  territory: /^\d{9}$/,
};

function requireValues({ indicative }: Targets): void {
  for (const [index, { criterion, value, target }] of indicative.entries()) {
    const form = forms[criterion];
    if ((form && !form.test(value)) || (target === null) !== (criterion === 'in-words')) {
      throw invalid('E-FIELDS-01', {}, [{ path: `indicative.${index}.value`, code: 'E-FIELD-FORM' }]);
    }
  }
  if (new Set(indicative.map(({ criterion, value }) => `${criterion} ${value}`)).size < indicative.length)
    throw invalid('E-AGREEMENT-17');
}

/**
 * Refuses a target that only few residences of the landlord can serve: it would name a programme (L-13, F-34). The
 * perimeter of the agreement itself is given by law.
 */
async function requireCells(tx: Tx, agreement: AgreementInHand, targets: Targets, least: number): Promise<void> {
  const cells = [
    ...targets.contractual
      .filter(({ code }) => code !== agreement.perimeterCode)
      .map(({ scale, code }) => ({ criterion: 'place', value: code, scale: scale as string })),
    ...targets.indicative
      .filter(({ criterion }) => criterion !== 'in-words')
      .map(({ criterion, value }) => ({ criterion: criterion as string, value, scale: '' })),
  ];
  if (cells.length === 0) return;
  const { rows } = await sql<{ criterion: string; value: string; residences: number }>`
    with stock as (select d.building_id, d.municipality_code, d.department, d.territory, d.rooms, d.funding,
        d.priority_area is not null as in_priority_area, d.construction_year
      from portfolio.dwelling_cards d where d.organisation_id = ${agreement.landlordId} and d.left_on is null
        and ${agreement.perimeterCode} in (d.department, d.municipality_code)),
    cells as (select * from jsonb_to_recordset(${JSON.stringify(cells)}::jsonb) as c(criterion text, value text))
    select t.criterion, t.value, count(distinct s.building_id)::int as residences
    from cells t left join stock s on case when t.criterion = 'place'
      then t.value in (s.municipality_code, s.department, s.territory) else ${meetsTarget('s')} end
    group by t.criterion, t.value`.execute(tx);
  const fine = rows.find(({ residences }) => residences < least);
  if (fine) throw refused('E-AGREEMENT-10', { value: fine.value, residences: fine.residences, least });
}
