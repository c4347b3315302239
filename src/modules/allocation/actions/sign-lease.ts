import { sql } from 'kysely';
import type { BodyOf } from '../../../kernel/endpoint.ts';
import type { LocalDate } from '../../../kernel/local-date.ts';
import { refused } from '../../../kernel/problem.ts';
import { recordEvent } from '../../../platform/audit/events.ts';
import type { Tx } from '../../../platform/database/connection.ts';
import type { Actor } from '../../../platform/http/actor.ts';
import { settleReminders } from '../../../platform/jobs/reminders.ts';
import { exitApplication } from '../../applicants/index.ts';
import { countFlow, exchanged, type FlowEvent, noteOutsideLetting } from '../../flow/index.ts';
import { signTenancy } from '../../tenancies/index.ts';
import type { signLease as endpoint } from '../contract.ts';
import { flowFactsOf } from '../queries.ts';
import { countMutation } from './count-mutation.ts';
import { endProposal, nominatedProposal } from './decide.ts';
import { refreshStage, requireOpenVacancy, sharesFlow } from './refresh-stage.ts';

/**
 * Signs the lease with the household that accepted: the register shows its exit and cause, the other candidates are
 * released, the counters of every partner move, all in one transaction.
 * @throws Problem E-LEASE-02 nobody accepted; E-LEASE-03 before the dwelling is free
 */
export async function signLease(
  tx: Tx,
  actor: Actor,
  vacancyId: string,
  body: BodyOf<typeof endpoint>,
  today: LocalDate,
): Promise<{ id: string; reference: string; firstRentCents: number }> {
  const vacancy = await requireOpenVacancy(tx, actor, vacancyId, body.version);
  const accepted = await acceptedCandidate(tx, actor, vacancyId);
  if (!accepted?.householdId) throw refused('E-LEASE-02');
  if (body.startsOn <= vacancy.expectedFreeOn) throw refused('E-LEASE-03', { freeOn: vacancy.expectedFreeOn });
  const proposal = await nominatedProposal(tx, actor, vacancyId);
  const baseClass = sharesFlow(actor)
    ? await countMutation(tx, actor, vacancy, {
        householdId: accepted.householdId,
        forHolder: proposal !== undefined,
        signedOn: body.signedOn,
        today,
      })
    : vacancy.baseClass;
  const lease = await signTenancy(
    tx,
    actor,
    {
      dwellingId: vacancy.dwellingId,
      address: `${vacancy.address}, ${vacancy.municipality}`,
      householdId: accepted.householdId,
      householdName: `${accepted.familyName} ${accepted.givenName}`,
      applicationId: accepted.applicationId,
      kind: body.kind,
      signedOn: body.signedOn,
      startsOn: body.startsOn,
      years: body.years,
      rentCents: body.rentCents ?? vacancy.rentCents,
      chargesCents: body.chargesCents ?? vacancy.chargesCents,
      incomeClass: accepted.incomeClass,
      contingent: proposal?.contingent ?? null,
      holderId: proposal?.holderId ?? null,
    },
    today,
  );
  if (accepted.applicationId) {
    await exitApplication(tx, actor, accepted.applicationId, {
      on: body.signedOn,
      cause: 'housed',
      reason: null,
      dwellingId: vacancy.dwellingId,
    });
  }
  await sql`update allocation.candidates set state = case when id = ${accepted.id} then 'housed' else 'released' end
    where organisation_id = ${actor.organisationId} and vacancy_id = ${vacancyId}
      and (id = ${accepted.id} or state in ('named', 'granted', 'ranked', 'conditional'))`.execute(tx);
  const started = body.startsOn <= today;
  await tx
    .updateTable('allocation.vacancies')
    .set({
      new_tenancy_id: lease.id,
      let_from: body.startsOn,
      ...(started ? { closed_on: today, closed_as: 'let' } : {}),
    })
    .where('organisation_id', '=', actor.organisationId)
    .where('id', '=', vacancyId)
    .execute();
  if (proposal) await endProposal(tx, actor, proposal.id, 'housed', today);
  if (sharesFlow(actor)) {
    const leased: FlowEvent = {
      kind: 'leased',
      on: body.signedOn,
      vacancyId,
      baseClass,
      agreement: proposal ? { id: proposal.agreementId, holderId: proposal.holderId } : null,
      facts: flowFactsOf(vacancy),
    };
    await countFlow(tx, actor.organisationId, ...exchanged(leased, proposal?.receiver ?? null));
    await noteOutsideLetting(tx, actor.organisationId, {
      vacancyId,
      signedOn: body.signedOn,
      baseClass,
      householdId: accepted.householdId,
      applicationId: accepted.applicationId,
      priorityGroup: accepted.priorityGroup,
      quartile: accepted.quartile,
      facts: flowFactsOf(vacancy),
    });
  }
  await refreshStage(tx, actor, vacancyId, today);
  await settleReminders(tx, actor.organisationId, { kind: 'vacancy', id: vacancyId }, 'done');
  await recordEvent(tx, {
    kind: 'allocation.dwelling-let',
    organisationId: actor.organisationId,
    subjects: [
      { kind: 'vacancy', id: vacancyId },
      { kind: 'dwelling', id: vacancy.dwellingId },
      { kind: 'household', id: accepted.householdId },
      { kind: 'tenancy', id: lease.id },
      ...(proposal ? [{ kind: 'proposal', id: proposal.id }] : []),
    ],
    after: { lease: lease.reference, startsOn: body.startsOn, file: accepted.fileNumber },
    journal: {
      vacancy: vacancyId,
      lease: lease.reference,
      file: accepted.fileNumber,
      startsOn: body.startsOn,
      holder: proposal?.holderId ?? null,
      contingent: proposal?.contingent ?? null,
    },
  });
  return { id: lease.id, reference: lease.reference, firstRentCents: lease.firstRent };
}

async function acceptedCandidate(tx: Tx, actor: Actor, vacancyId: string) {
  return tx
    .selectFrom('allocation.candidates')
    .select([
      'id',
      'household_id as householdId',
      'application_id as applicationId',
      'family_name as familyName',
      'given_name as givenName',
      'file_number as fileNumber',
      'income_class as incomeClass',
      'priority_group as priorityGroup',
      'quartile',
    ])
    .where('organisation_id', '=', actor.organisationId)
    .where('vacancy_id', '=', vacancyId)
    .where('state', '=', 'accepted')
    .executeTakeFirst();
}
