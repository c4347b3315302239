import type { BodyOf } from '../../../../kernel/endpoint.ts';
import { newId } from '../../../../kernel/id.ts';
import { type LocalDate, yearOf } from '../../../../kernel/local-date.ts';
import { decimal } from '../../../../kernel/money.ts';
import { refused } from '../../../../kernel/problem.ts';
import type { Tx } from '../../../../platform/database/connection.ts';
import type { Actor } from '../../../../platform/http/actor.ts';
import type { adaptTargets as endpoint } from '../contract.ts';
import { type AdaptationRow, adaptations } from '../queries.ts';
import { nextTarget } from '../rules/next-target.ts';
import { meanFreed } from '../rules/target-basis.ts';
import { recordMove, requireLandlord, requireState, takeAgreement } from './agreement-in-hand.ts';

type AdaptationLine = AdaptationRow['lines'][number];

/** What the result of a year proposes for a target; null when it is said in words. */
export const proposalFor = ({ target, served, freed }: AdaptationLine) =>
  target === null ? null : nextTarget({ target, served, freed: freed ?? [] });

/**
 * Takes over what the result of a year proposes for the targets of the next one (F-36). Another number wants a reason. Both
 * parties read what was proposed, what was adopted and why. What the holder wrote itself is left as it is.
 * @throws Problem E-AGREEMENT-11 not in force; E-AGREEMENT-12 the next year is over; E-AGREEMENT-21 the year is not over;
 *   E-AGREEMENT-22 another number without a reason; E-AGREEMENT-23 no such target, or the holder wrote it; E-CONFLICT-01
 */
export async function adaptTargets(
  tx: Tx,
  actor: Actor,
  id: string,
  year: number,
  body: BodyOf<typeof endpoint>,
  today: LocalDate,
): Promise<{ version: number }> {
  const agreement = await takeAgreement(tx, actor, id, today, body.version);
  requireLandlord(agreement);
  requireState(agreement, 'signed', 'amended');
  if (year >= yearOf(today)) throw refused('E-AGREEMENT-21', { year: String(year) });
  if (year + 1 < yearOf(today)) throw refused('E-AGREEMENT-12', { day: `${year + 1}-12-31` });
  const { lines } = (await tx.executeQuery(adaptations([id], year))).rows[0]!;
  const adopted = body.lines.map((given) => {
    const line = lines.find((one) => one.criterion === given.criterion && one.value === given.value);
    const proposal = line && proposalFor(line);
    if (!line || !proposal || line.ownTarget !== null) throw refused('E-AGREEMENT-23', { value: given.value });
    if (given.adopted !== proposal.result && !given.reason) throw refused('E-AGREEMENT-22', { value: given.value });
    return { ...given, ...line, proposed: proposal.result };
  });
  const owner = {
    organisation_id: actor.organisationId,
    agreement_id: id,
    holder_id: agreement.holderId,
    year: year + 1,
  };
  const by = `${actor.givenName} ${actor.familyName}`;
  await tx
    .insertInto('flow.target_adaptations')
    .values(
      adopted.map((line) => {
        const mean = meanFreed(line.freed ?? []);
        return {
          ...owner,
          id: newId(),
          criterion: line.criterion,
          value: line.value,
          target: line.target!,
          served: line.served,
          observed: mean && decimal(mean, 2),
          proposed: line.proposed,
          adopted: line.adopted,
          reason: line.adopted === line.proposed ? null : line.reason,
          by_name: by,
          adapted_on: today,
        };
      }),
    )
    .execute();
  await tx
    .deleteFrom('flow.indicative_targets')
    .where('organisation_id', '=', actor.organisationId)
    .where('agreement_id', '=', id)
    .where('year', '=', year + 1)
    .where('written_by', '=', 'landlord')
    .where((where) => where.or(adopted.map(({ criterion, value }) => where.and({ criterion, value }))))
    .execute();
  const kept = adopted.filter((line) => line.adopted > 0);
  if (kept.length > 0) {
    await tx
      .insertInto('flow.indicative_targets')
      .values(
        kept.map((line) => ({
          ...owner,
          id: newId(),
          criterion: line.criterion,
          value: line.value,
          place: line.label,
          target: line.adopted,
          writer: by,
          written_on: today,
        })),
      )
      .execute();
  }
  await tx
    .updateTable('flow.agreements')
    .set({ version: body.version + 1 })
    .where('organisation_id', '=', actor.organisationId)
    .where('id', '=', id)
    .execute();
  await recordMove(tx, actor, agreement, {
    kind: 'targets-adapted',
    facts: {
      year: year + 1,
      kept: kept.length,
      changed: adopted.filter((line) => line.adopted !== line.proposed).length,
    },
  });
  return { version: body.version + 1 };
}
