import { sql } from 'kysely';
import type { BodyOf } from '../../../kernel/endpoint.ts';
import { newId } from '../../../kernel/id.ts';
import { type LocalDate, yearOf } from '../../../kernel/local-date.ts';
import { conflict, invalid, notFound, refused } from '../../../kernel/problem.ts';
import { recordEvent } from '../../../platform/audit/events.ts';
import type { Tx } from '../../../platform/database/connection.ts';
import { nextNumber } from '../../../platform/database/counters.ts';
import type { Actor } from '../../../platform/http/actor.ts';
import { registerNominee } from '../../applicants/index.ts';
import { settingOn } from '../../organisations/index.ts';
import type { planSession as planEndpoint } from '../contract.ts';
import { requireQuorum } from '../rules/committee.ts';
import { refreshStage, requireOpenVacancy, sharesFlow } from './refresh-stage.ts';

export type HeldSession = {
  id: string;
  reference: string;
  heldOn: LocalDate;
  state: string;
  quorum: number;
  version: number;
  presentVoting: number;
};

/** Holds a sitting for the rest of the transaction. */
export async function requireSession(
  tx: Tx,
  actor: Actor,
  sessionId: string,
  states: string[],
  version?: number,
): Promise<HeldSession> {
  const { rows } = await sql<HeldSession>`select s.id, s.reference, s.held_on as "heldOn", s.state, s.quorum, s.version,
      (select count(*)::int from allocation.session_members m where m.organisation_id = s.organisation_id
        and m.session_id = s.id and m.voting and m.present) as "presentVoting"
    from allocation.sessions s where s.organisation_id = ${actor.organisationId} and s.id = ${sessionId} for update`.execute(
    tx,
  );
  const session = rows[0];
  if (!session) throw notFound();
  if (version !== undefined && session.version !== version)
    throw conflict('E-CONFLICT-01', { version: session.version });
  if (!states.includes(session.state)) throw refused('E-SESSION-01', { state: session.state });
  return session;
}

/** Plans a sitting with its members. A user of the program may be tied to a member, who can then sign the minutes. */
export async function planSession(
  tx: Tx,
  actor: Actor,
  plan: BodyOf<typeof planEndpoint>,
  today: LocalDate,
): Promise<{ id: string }> {
  if (plan.heldOn < today) throw invalid('E-FIELDS-01', {}, [{ path: 'heldOn', code: 'E-FIELD-PAST' }]);
  if (plan.members.filter((member) => member.chair).length !== 1) throw invalid('E-SESSION-02');
  const quorum = plan.quorum ?? (await settingOn(tx, actor, 'allocation.committee-quorum', today));
  const year = yearOf(plan.heldOn);
  const id = newId();
  const prefix = sharesFlow(actor) ? 'CALEOL' : 'CA';
  const reference = `${prefix} ${year}-${String(await nextNumber(tx, actor.organisationId, `sessions-${year}`)).padStart(2, '0')}`;
  await tx
    .insertInto('allocation.sessions')
    .values({
      organisation_id: actor.organisationId,
      id,
      reference,
      kind: sharesFlow(actor) ? 'caleol' : 'committee',
      held_on: plan.heldOn,
      held_at: plan.heldAt ?? null,
      place: plan.place,
      quorum,
      created_by: actor.userId,
    })
    .execute();
  await tx
    .insertInto('allocation.session_members')
    .values(
      plan.members.map((member, index) => ({
        organisation_id: actor.organisationId,
        id: newId(),
        session_id: id,
        name: member.name,
        capacity: member.capacity,
        voting: member.voting,
        chair: member.chair,
        user_id: member.userId ?? null,
        position: index + 1,
      })),
    )
    .execute();
  await recordEvent(tx, {
    kind: 'allocation.session-planned',
    organisationId: actor.organisationId,
    subjects: [{ kind: 'session', id }],
    after: { reference, heldOn: plan.heldOn, members: plan.members.length, quorum },
  });
  return { id };
}

/**
 * Puts a vacancy and its candidates on the agenda. Households named by a holder enter the landlord's files here.
 * @throws Problem E-AGENDA-01 no candidate; E-AGENDA-TWICE on an agenda already
 */
export async function addToAgenda(
  tx: Tx,
  actor: Actor,
  sessionId: string,
  vacancyId: string,
  today: LocalDate,
): Promise<{ id: string }> {
  const session = await requireSession(tx, actor, sessionId, ['preparing', 'open']);
  const vacancy = await requireOpenVacancy(tx, actor, vacancyId);
  const { proposal, session: pending, candidates, offer } = vacancy.stageFacts;
  if (pending && !pending.decided) throw refused('E-AGENDA-TWICE');
  if (proposal?.state === 'open') throw refused('E-AGENDA-02', { deadline: proposal.nominateBy });
  if (offer) throw refused('E-AGENDA-03');
  if (candidates === 0) throw refused('E-AGENDA-01');
  await enterNominees(tx, actor, vacancyId, today);
  const id = newId();
  await sql`insert into allocation.agenda_items (organisation_id, id, session_id, vacancy_id, position)
    values (${actor.organisationId}, ${id}, ${sessionId}, ${vacancyId},
      (select coalesce(max(position), 0) + 1 from allocation.agenda_items
        where organisation_id = ${actor.organisationId} and session_id = ${sessionId}))`.execute(tx);
  await refreshStage(tx, actor, vacancyId, today);
  await recordEvent(tx, {
    kind: 'allocation.put-on-agenda',
    organisationId: actor.organisationId,
    subjects: [
      { kind: 'session', id: sessionId },
      { kind: 'vacancy', id: vacancyId },
      { kind: 'dwelling', id: vacancy.dwellingId },
    ],
    after: { session: session.reference, heldOn: session.heldOn },
  });
  return { id };
}

async function enterNominees(tx: Tx, actor: Actor, vacancyId: string, today: LocalDate): Promise<void> {
  const nominees = await tx
    .selectFrom('allocation.candidates')
    .selectAll()
    .where('organisation_id', '=', actor.organisationId)
    .where('vacancy_id', '=', vacancyId)
    .where('source', '=', 'nomination')
    .where('state', '=', 'named')
    .where('application_id', 'is', null)
    .execute();
  for (const nominee of nominees) {
    const entered = await registerNominee(
      tx,
      actor,
      {
        uniqueNumber: nominee.unique_number!,
        familyName: nominee.family_name,
        givenName: nominee.given_name,
        language: nominee.language,
        email: nominee.email,
        phone: nominee.phone,
        persons: nominee.persons,
        adults: nominee.adults,
        children: nominee.children,
        incomeCents: nominee.income_cents,
        incomeYear: nominee.income_year,
        incomeClass: nominee.income_class,
        priorityGroup: nominee.priority_group,
        quartile: nominee.quartile,
        registeredOn: nominee.registered_on,
      },
      today,
    );
    await tx
      .updateTable('allocation.candidates')
      .set({ application_id: entered.applicationId, household_id: entered.householdId, file_number: entered.number })
      .where('organisation_id', '=', actor.organisationId)
      .where('id', '=', nominee.id)
      .execute();
    await recordEvent(tx, {
      kind: 'allocation.nominee-entered',
      organisationId: actor.organisationId,
      subjects: [
        { kind: 'household', id: entered.householdId },
        { kind: 'application', id: entered.applicationId },
        { kind: 'vacancy', id: vacancyId },
      ],
      after: { number: entered.number, uniqueNumber: nominee.unique_number },
    });
  }
}

/** Takes a vacancy off the agenda before the sitting, or postpones it once the sitting is open. */
export async function removeFromAgenda(
  tx: Tx,
  actor: Actor,
  sessionId: string,
  itemId: string,
  today: LocalDate,
): Promise<void> {
  const session = await requireSession(tx, actor, sessionId, ['preparing', 'open']);
  const state = session.state === 'open' ? 'postponed' : 'withdrawn';
  const item = await tx
    .updateTable('allocation.agenda_items')
    .set({ state })
    .where('organisation_id', '=', actor.organisationId)
    .where('session_id', '=', sessionId)
    .where('id', '=', itemId)
    .where('state', '=', 'pending')
    .returning('vacancy_id as vacancyId')
    .executeTakeFirst();
  if (!item) throw refused('E-DECISION-DONE');
  await refreshStage(tx, actor, item.vacancyId, today);
  await recordEvent(tx, {
    kind: state === 'postponed' ? 'allocation.agenda-postponed' : 'allocation.agenda-withdrawn',
    organisationId: actor.organisationId,
    subjects: [
      { kind: 'session', id: sessionId },
      { kind: 'vacancy', id: item.vacancyId },
    ],
  });
}

export async function markAttendance(
  tx: Tx,
  actor: Actor,
  sessionId: string,
  present: string[],
): Promise<{ presentVoting: number }> {
  await requireSession(tx, actor, sessionId, ['preparing', 'open']);
  await sql`update allocation.session_members set present = id = any(${present}::uuid[])
    where organisation_id = ${actor.organisationId} and session_id = ${sessionId}`.execute(tx);
  const { presentVoting } = await requireSession(tx, actor, sessionId, ['preparing', 'open']);
  return { presentVoting };
}

/** Opens a sitting that has its quorum. @throws Problem E-COMMITTEE-01 too few voting members; E-SESSION-03 no chair there */
export async function openSession(
  tx: Tx,
  actor: Actor,
  sessionId: string,
  version: number,
  today: LocalDate,
): Promise<{ version: number }> {
  const session = await requireSession(tx, actor, sessionId, ['preparing'], version);
  requireQuorum(session.presentVoting, session.quorum);
  const chair = await tx
    .selectFrom('allocation.session_members')
    .select('present')
    .where('organisation_id', '=', actor.organisationId)
    .where('session_id', '=', sessionId)
    .where('chair', '=', true)
    .executeTakeFirst();
  if (!chair?.present) throw refused('E-SESSION-03');
  if (session.heldOn > today) throw refused('E-SESSION-04', { heldOn: session.heldOn });
  await tx
    .updateTable('allocation.sessions')
    .set({ state: 'open', opened_at: new Date(), version: version + 1 })
    .where('organisation_id', '=', actor.organisationId)
    .where('id', '=', sessionId)
    .execute();
  await recordEvent(tx, {
    kind: 'allocation.session-opened',
    organisationId: actor.organisationId,
    subjects: [{ kind: 'session', id: sessionId }],
    after: { present: session.presentVoting, quorum: session.quorum },
    journal: { session: session.reference, present: session.presentVoting, quorum: session.quorum },
  });
  return { version: version + 1 };
}
