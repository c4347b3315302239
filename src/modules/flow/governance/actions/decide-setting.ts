import { sql } from 'kysely';
import type { BodyOf } from '../../../../kernel/endpoint.ts';
import { newId } from '../../../../kernel/id.ts';
import type { LocalDate } from '../../../../kernel/local-date.ts';
import { invalid, notFound, refused } from '../../../../kernel/problem.ts';
import { recordEvent, recordEvents } from '../../../../platform/audit/events.ts';
import type { Tx } from '../../../../platform/database/connection.ts';
import type { Actor } from '../../../../platform/http/actor.ts';
import { remind, settleReminders } from '../../../../platform/jobs/reminders.ts';
import { putInForce } from '../../../organisations/index.ts';
import type * as contract from '../contract.ts';
import { governedLandlords, type ProposalRow, settingProposal } from '../queries.ts';
import { decisionsOpen, type ProposalState, proposalState, type SettingDecision } from '../rules/proposal-state.ts';

/** Said without having to say why. */
const sayable: readonly SettingDecision[] = ['approved', 'favourable'];

/**
 * Says something of a proposed setting: each party once, the proposer, or the State that arbitrates. The one whose word makes it
 * adopted puts it in force, from its day or from today if that is past. People at once wait for each other.
 * @throws Problem E-NOT-FOUND-01 not shared with the actor; E-FRAME-08 not to be said now; E-FIELDS-01 without a reason;
 *   E-SETTING-04 a landlord has a value for that day already
 */
export async function decideSetting(
  tx: Tx,
  actor: Actor,
  id: string,
  body: BodyOf<typeof contract.decideSetting>,
  today: LocalDate,
): Promise<{ state: ProposalState; inForceFrom: LocalDate | null }> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`flow.setting-proposal ${id}`}, 0))`.execute(tx);
  const { rows } = await settingProposal(actor.organisationId, id).execute(tx);
  const [proposal] = rows;
  if (!proposal) throw notFound();
  if (!decisionsOpen(proposal, { ...actor, arbitrates: proposal.arbitrates }, today).includes(body.decision))
    throw refused('E-FRAME-08', { state: proposalState(proposal, today) });
  if (!body.reason && !sayable.includes(body.decision))
    throw invalid('E-FIELDS-01', {}, [{ path: 'reason', code: 'E-FIELD-REQUIRED' }]);
  await tx
    .insertInto('flow.setting_decisions')
    .values({
      organisation_id: proposal.proposerId,
      id: newId(),
      proposal_id: id,
      party_id: actor.organisationId,
      party_name: actor.organisationName,
      decision: body.decision,
      reason: body.reason,
      decided_by: actor.userId,
    })
    .execute();
  // A landlord's proposal is told in its file; an opinion on a regional one in the file of who gives it.
  await recordEvent(tx, {
    kind: `flow.setting-${body.decision}`,
    organisationId: proposal.scope === 'own' ? proposal.proposerId : actor.organisationId,
    subjects: [
      { kind: 'setting-proposal', id },
      { kind: 'organisation', id: proposal.scope === 'own' ? proposal.proposerId : actor.organisationId },
    ],
    reason: body.reason,
    after: { key: proposal.key, party: actor.organisationName },
    journal: { proposal: id, key: proposal.key, party: actor.organisationId, decision: body.decision },
  });
  const said = { partyId: actor.organisationId, party: actor.organisationName, reason: body.reason, at: '' };
  const state = proposalState(
    { ...proposal, decisions: [...proposal.decisions, { ...said, decision: body.decision }] },
    today,
  );
  await tellTheOthers(tx, actor, proposal, body.decision, state, today);
  const inForceFrom = state === 'adopted' ? await putAdoptedInForce(tx, actor, proposal, today) : null;
  return { state, inForceFrom };
}

/** Puts an adopted proposal in force, never before today, and tells it in the file of every landlord it binds. */
export async function putAdoptedInForce(
  tx: Tx,
  actor: Actor,
  proposal: ProposalRow,
  today: LocalDate,
): Promise<LocalDate> {
  const isRegional = proposal.scope === 'regional';
  const validFrom = proposal.validFrom > today ? proposal.validFrom : today;
  await putInForce(tx, {
    proposalId: proposal.id,
    landlordIds: proposal.landlordIds,
    layer: proposal.scope,
    key: proposal.key,
    value: proposal.value,
    validFrom,
    reason: proposal.reason,
    source: proposal.source,
    fixedByName: isRegional ? proposal.proposer : null,
    decidedBy: proposal.proposedBy,
  });
  const told = isRegional ? await stillGoverned(tx, proposal.landlordIds, today) : proposal.landlordIds;
  const facts = { key: proposal.key, value: proposal.value, validFrom };
  await recordEvents(
    tx,
    [...told].sort().map((organisationId) => ({
      kind: isRegional ? 'flow.setting-fixed' : 'flow.setting-in-force',
      organisationId,
      subjects: [
        { kind: 'setting-proposal', id: proposal.id },
        { kind: 'organisation', id: organisationId },
      ],
      reason: proposal.reason,
      after: { ...facts, by: proposal.proposer },
      journal: { proposal: proposal.id, ...facts, decidedBy: actor.organisationId },
    })),
  );
  return validFrom;
}

async function stillGoverned(tx: Tx, landlordIds: readonly string[], today: LocalDate): Promise<string[]> {
  const { rows } = await tx.executeQuery(governedLandlords(today));
  return rows.map(({ id }) => id).filter((id) => landlordIds.includes(id));
}

/** Who answered has nothing left to do; when it ended nobody has; the landlord learns that it is blocked. */
async function tellTheOthers(
  tx: Tx,
  actor: Actor,
  proposal: ProposalRow,
  decision: SettingDecision,
  state: ProposalState,
  today: LocalDate,
): Promise<void> {
  const subject = { kind: 'setting-proposal', id: proposal.id };
  const isOver = state === 'adopted' || state === 'dismissed' || state === 'withdrawn';
  await settleReminders(tx, proposal.proposerId, subject, 'done', isOver ? null : actor.organisationId);
  if (decision !== 'refused' || proposal.scope !== 'own') return;
  await remind(tx, actor.organisationId, [
    {
      dueOn: today,
      kind: 'setting.refused',
      subject,
      forOrganisationId: proposal.proposerId,
      forRole: 'director',
      facts: { by: actor.organisationName },
    },
  ]);
}
