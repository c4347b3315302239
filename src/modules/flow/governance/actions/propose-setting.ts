import { sql } from 'kysely';
import type { BodyOf } from '../../../../kernel/endpoint.ts';
import { newId } from '../../../../kernel/id.ts';
import { addDays, type LocalDate } from '../../../../kernel/local-date.ts';
import { invalid, notFound, refused } from '../../../../kernel/problem.ts';
import { recordEvent } from '../../../../platform/audit/events.ts';
import type { Tx } from '../../../../platform/database/connection.ts';
import type { Actor } from '../../../../platform/http/actor.ts';
import { remind } from '../../../../platform/jobs/reminders.ts';
import {
  choiceInForce,
  flowSettings,
  requireFree,
  requireSettingValue,
  settingOn,
} from '../../../organisations/index.ts';
import type * as contract from '../contract.ts';
import {
  boundBefore,
  type ChoiceRow,
  flowChoices,
  type GovernedRow,
  governedLandlords,
  ownStanding,
  type Party,
  type ProposalRow,
  settingProposals,
} from '../queries.ts';
import { type ProposalState, proposalState } from '../rules/proposal-state.ts';
import { putAdoptedInForce } from './decide-setting.ts';

type Body = BodyOf<typeof contract.proposeSetting>;

/**
 * Proposes the value of a setting of the flow from a day on. A landlord proposes for itself what moves the figures of others;
 * the State proposes for every landlord it watches over what is regional, or gives the choice back (null). Those concerned
 * are asked; nothing changes until the proposal is adopted. With nobody to ask it is adopted at once.
 * @throws Problem E-SETTING-01, -02 unknown, or not a value it may take; E-SETTING-03 in the past; E-SETTING-05, -07 the State's;
 *   E-FRAME-01 changed directly, without a proposal; E-FRAME-02 no landlord to fix it for; E-FRAME-03 days of a year that a
 *   landlord closed; E-FRAME-04 not a regional setting; E-FRAME-05 nothing to give back; E-FRAME-06 another body of the State
 *   fixed it; E-FRAME-07 one is under way
 */
export async function proposeSetting(
  tx: Tx,
  actor: Actor,
  body: Body,
  today: LocalDate,
): Promise<{ id: string; state: ProposalState }> {
  const isState = actor.organisationKind === 'state';
  if (!isState && actor.organisationKind !== 'landlord') throw notFound();
  const isGivenBack = isState && body.value === null;
  const value = isGivenBack ? null : requireSettingValue(body.key, body.value).value;
  const setting = flowSettings(actor.jurisdiction).find(({ key }) => key === body.key);
  if (!setting) throw invalid('E-SETTING-01', { key: body.key });
  if (isState && setting.frame.level !== 'regional') throw refused('E-FRAME-04', { key: body.key });
  if (isState && !body.source) throw invalid('E-FIELDS-01', {}, [{ path: 'source', code: 'E-FIELD-REQUIRED' }]);
  await sql`select pg_advisory_xact_lock(hashtextextended(${`flow.setting ${actor.organisationId} ${body.key}`}, 0))`.execute(
    tx,
  );
  const landlords = isState
    ? await landlordsOf(tx, actor, { key: body.key, validFrom: body.validFrom, isGivenBack }, today)
    : (await ownStanding(actor.organisationId, actor.organisationName, today).execute(tx)).rows;
  requireOpenDay(landlords, body.validFrom, today);
  if (!isState) {
    await requireFree(tx, actor.organisationId, body.key, body.validFrom);
    if (!setting.frame.moves) throw refused('E-FRAME-01', { key: body.key });
  }
  await requireNoneUnderWay(tx, actor, body.key, today);

  const holders = landlords.flatMap((landlord) => landlord.holders);
  const bound: Party[] = isState ? landlords.map(({ id, name }) => ({ id, name, kind: 'landlord' })) : [];
  const parties = [...new Map([...bound, ...holders].map((party) => [party.id, party])).values()].filter(
    ({ id }) => id !== actor.organisationId,
  );
  const answerBy = addDays(today, isState ? 30 : await settingOn(tx, actor, 'flow.approval-days', today));
  const row: ProposalRow = {
    id: newId(),
    proposerId: actor.organisationId,
    proposer: actor.organisationName,
    scope: isState ? 'regional' : 'own',
    key: body.key,
    value,
    validFrom: body.validFrom,
    reason: body.reason,
    source: body.source,
    landlordIds: landlords.map(({ id }) => id),
    partyIds: parties.map(({ id }) => id),
    parties,
    answerBy,
    proposedOn: today,
    proposedBy: actor.userId,
    arbitrates: false,
    decisions: [],
  };
  await insertProposal(tx, row);
  await recordEvent(tx, {
    kind: 'flow.setting-proposed',
    organisationId: actor.organisationId,
    subjects: [
      { kind: 'setting-proposal', id: row.id },
      { kind: 'organisation', id: actor.organisationId },
    ],
    reason: body.reason,
    after: { key: body.key, value, validFrom: body.validFrom },
    journal: { proposal: row.id, key: body.key, value, validFrom: body.validFrom, asked: row.partyIds },
  });
  await remind(
    tx,
    actor.organisationId,
    parties.map((party) => ({
      dueOn: today,
      kind: 'setting.answer',
      subject: { kind: 'setting-proposal', id: row.id },
      forOrganisationId: party.id,
      forRole: party.kind === 'landlord' ? 'director' : 'holder-officer',
      facts: { by: actor.organisationName, deadline: answerBy },
    })),
  );
  const state = proposalState(row, today);
  if (state === 'adopted') await putAdoptedInForce(tx, actor, row, today);
  return { id: row.id, state };
}

/** The landlords a regional value binds: those governed today; giving it back, also those it was fixed for before. */
async function landlordsOf(
  tx: Tx,
  actor: Actor,
  given: { key: string; validFrom: LocalDate; isGivenBack: boolean },
  today: LocalDate,
): Promise<GovernedRow[]> {
  const { rows: governed } = await tx.executeQuery(governedLandlords(today));
  const { rows: choices } = await tx.executeQuery(flowChoices());
  const fixedFor = (landlordId: string): ChoiceRow | null => {
    const found = choiceInForce(
      choices.filter((choice) => choice.landlordId === landlordId && choice.key === given.key),
      given.validFrom,
    );
    return found?.layer === 'regional' ? found : null;
  };
  const other = governed.find(({ id }) => {
    const fixed = fixedFor(id);
    return fixed && fixed.fixedBy !== actor.organisationName;
  });
  if (other) throw refused('E-FRAME-06', { landlord: other.name, by: fixedFor(other.id)!.fixedBy });
  if (!given.isGivenBack) {
    if (governed.length === 0) throw refused('E-FRAME-02');
    return governed;
  }
  const { rows: before } = await boundBefore(actor.organisationId, given.key).execute(tx);
  const known = new Set(governed.map(({ id }) => id));
  const landlords = [
    ...governed.filter(({ id }) => fixedFor(id)),
    ...before.filter(({ id }) => !known.has(id)).map((one) => ({ ...one, holders: [], closedYear: null })),
  ];
  if (landlords.length === 0) throw refused('E-FRAME-05', { key: given.key });
  return landlords;
}

/** The past keeps its value, and a closed year says which. @throws Problem E-FRAME-03, E-SETTING-03 */
function requireOpenDay(landlords: readonly GovernedRow[], validFrom: LocalDate, today: LocalDate): void {
  if (validFrom >= today) return;
  const closed = landlords.find(({ closedYear }) => closedYear !== null && validFrom <= `${closedYear}-12-31`);
  const fields = [{ path: 'validFrom', code: 'E-FIELD-PAST' }];
  if (closed) throw refused('E-FRAME-03', { landlord: closed.name, year: closed.closedYear }, fields);
  throw invalid('E-SETTING-03', {}, fields);
}

/** @throws Problem E-FRAME-07 another value is proposed and did not end */
async function requireNoneUnderWay(tx: Tx, actor: Actor, key: string, today: LocalDate): Promise<void> {
  const { rows } = await tx.executeQuery(settingProposals(actor.organisationId));
  const isUnderWay = rows.some(
    (row) =>
      row.proposerId === actor.organisationId &&
      row.key === key &&
      ['waiting', 'blocked', 'arbitration'].includes(proposalState(row, today)),
  );
  if (isUnderWay) throw refused('E-FRAME-07', { key });
}

const insertProposal = (tx: Tx, row: ProposalRow) =>
  tx
    .insertInto('flow.setting_proposals')
    .values({
      organisation_id: row.proposerId,
      id: row.id,
      scope: row.scope,
      key: row.key,
      value: JSON.stringify(row.value),
      valid_from: row.validFrom,
      reason: row.reason,
      source: row.source,
      landlord_ids: row.landlordIds,
      party_ids: row.partyIds,
      parties: JSON.stringify(row.parties),
      answer_by: row.answerBy,
      proposed_on: row.proposedOn,
      proposer_name: row.proposer,
      proposed_by: row.proposedBy,
    })
    .execute();
