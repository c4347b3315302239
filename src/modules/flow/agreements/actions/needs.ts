import type { BodyOf } from '../../../../kernel/endpoint.ts';
import { newId } from '../../../../kernel/id.ts';
import { type LocalDate, yearOf } from '../../../../kernel/local-date.ts';
import { conflict, forbidden, invalid, notFound, refused } from '../../../../kernel/problem.ts';
import type { Tx } from '../../../../platform/database/connection.ts';
import type { Actor } from '../../../../platform/http/actor.ts';
import { settingOn } from '../../../organisations/index.ts';
import type { AgreementRecord, changeNeed as changeEndpoint, writeNeed as writeEndpoint } from '../contract.ts';
import { type AgreementInHand, recordMove, requireState, takeAgreement } from './agreement-in-hand.ts';
import { requireCells, requireValues } from './target-values.ts';

type Need = AgreementRecord['years'][number]['indicative'][number] & { year: number };

/**
 * Writes a need of this year or of a later one in the holder's own words. It guides the suggestion of orientation as the
 * others do, and never blocks.
 * @throws Problem E-ACCESS-01 not the holder; E-AGREEMENT-11 not in force; E-AGREEMENT-12 a year that is over;
 *   E-AGREEMENT-10 so fine that it names a residence (F-34); E-AGREEMENT-17 the same need is written already;
 *   E-FIELDS-01 a value the criterion does not know
 */
export async function writeNeed(
  tx: Tx,
  actor: Actor,
  id: string,
  body: BodyOf<typeof writeEndpoint>,
  today: LocalDate,
): Promise<{ id: string }> {
  const agreement = await takeAsHolder(tx, actor, id, today);
  if (body.year < yearOf(today)) throw refused('E-AGREEMENT-12', { day: `${body.year}-12-31` });
  if (needsOf(agreement).some((one) => one.year === body.year && isSame(one, body))) throw invalid('E-AGREEMENT-17');
  await requireNeed(tx, agreement, body, body.year, today);
  const needId = newId();
  await tx
    .insertInto('flow.indicative_targets')
    .values({
      organisation_id: agreement.landlordId,
      id: needId,
      agreement_id: id,
      holder_id: agreement.holderId,
      year: body.year,
      criterion: body.criterion,
      value: body.value,
      ...wordsOf(actor, body, today),
    })
    .execute();
  await recordMove(tx, actor, agreement, { kind: 'need-written', facts: factsOf(body, body.year, body.target) });
  return { id: needId };
}

/**
 * Changes a need. One that the landlord wrote in the words of the holder becomes the holder's own.
 * @throws Problem as `writeNeed`; E-NOT-FOUND-01; E-CONFLICT-01 it was changed since it was read
 */
export async function changeNeed(
  tx: Tx,
  actor: Actor,
  id: string,
  needId: string,
  { version, ...body }: BodyOf<typeof changeEndpoint>,
  today: LocalDate,
): Promise<{ version: number }> {
  const agreement = await takeAsHolder(tx, actor, id, today);
  const need = needOf(agreement, needId, version, today);
  const { criterion, year } = need;
  const isTwin = (one: Need) => one.id !== needId && one.year === year && isSame(one, { criterion, value: body.value });
  if (needsOf(agreement).some(isTwin)) throw invalid('E-AGREEMENT-17');
  await requireNeed(tx, agreement, { criterion, ...body }, year, today);
  await tx
    .updateTable('flow.indicative_targets')
    .set({ value: body.value, ...wordsOf(actor, { criterion, ...body }, today), version: version + 1 })
    .where('organisation_id', '=', agreement.landlordId)
    .where('id', '=', needId)
    .execute();
  await recordMove(tx, actor, agreement, {
    kind: 'need-changed',
    facts: { ...factsOf({ criterion, ...body }, year, body.target), before: need.target },
  });
  return { version: version + 1 };
}

/**
 * Ends a need one wrote: the suggestion no longer uses it; what it was, and why it ended, stay in the exchange.
 * @throws Problem as `changeNeed`; E-AGREEMENT-20 the landlord wrote it
 */
export async function endNeed(
  tx: Tx,
  actor: Actor,
  id: string,
  needId: string,
  body: { reason: string; version: number },
  today: LocalDate,
): Promise<Record<string, never>> {
  const agreement = await takeAsHolder(tx, actor, id, today);
  const need = needOf(agreement, needId, body.version, today);
  if (need.writtenBy !== 'holder') throw refused('E-AGREEMENT-20');
  await tx
    .deleteFrom('flow.indicative_targets')
    .where('organisation_id', '=', agreement.landlordId)
    .where('id', '=', needId)
    .execute();
  await recordMove(tx, actor, agreement, {
    kind: 'need-ended',
    words: body.reason,
    facts: factsOf({ ...need, place: need.label }, need.year, need.target),
  });
  return {};
}

async function takeAsHolder(tx: Tx, actor: Actor, id: string, today: LocalDate): Promise<AgreementInHand> {
  const agreement = await takeAgreement(tx, actor, id, today);
  if (agreement.party !== 'holder') throw forbidden();
  requireState(agreement, 'signed', 'amended');
  return agreement;
}

const needsOf = ({ years }: AgreementInHand): Need[] =>
  years.flatMap(({ year, indicative }) => indicative.map((one) => ({ ...one, year })));

function needOf(agreement: AgreementInHand, needId: string, version: number, today: LocalDate): Need {
  const need = needsOf(agreement).find((one) => one.id === needId);
  if (!need) throw notFound();
  // A year that is over has been counted.
  if (need.year < yearOf(today)) throw refused('E-AGREEMENT-12', { day: `${need.year}-12-31` });
  if (need.version !== version) throw conflict('E-CONFLICT-01', { version: need.version });
  return need;
}

type Words = { criterion: Need['criterion']; value: string; place: string | null; target: number | null };

const isSame = (one: { criterion: string; value: string }, other: { criterion: string; value: string }) =>
  one.criterion === other.criterion && one.value === other.value;

/** The holder's settings are not asked: how fine a target may be is a choice of the landlord. */
async function requireNeed(tx: Tx, agreement: AgreementInHand, need: Words, year: number, today: LocalDate) {
  requireValues([need], () => 'value');
  const landlord = { organisationId: agreement.landlordId, jurisdiction: 'fr-idf' };
  const least = await settingOn(tx, landlord, 'flow.min-target-cell', today);
  await requireCells(tx, agreement, [need], year, least);
}

const wordsOf = (actor: Actor, { criterion, place, target }: Words, today: LocalDate) => ({
  place: criterion === 'near' ? place : null,
  target,
  written_by: 'holder',
  writer: `${actor.givenName} ${actor.familyName}`,
  written_on: today,
});

const factsOf = ({ criterion, value, place }: Words, year: number, target: number | null) => ({
  year,
  criterion,
  value: place ?? value,
  target,
});
