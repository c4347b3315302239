import { sql } from 'kysely';
import type { BodyOf } from '../../../kernel/endpoint.ts';
import { newId } from '../../../kernel/id.ts';
import { type LocalDate, yearOf } from '../../../kernel/local-date.ts';
import { conflict, invalid, notFound, refused } from '../../../kernel/problem.ts';
import { recordEvent } from '../../../platform/audit/events.ts';
import type { Tx } from '../../../platform/database/connection.ts';
import { nextNumber } from '../../../platform/database/counters.ts';
import type { Actor } from '../../../platform/http/actor.ts';
import { indexForSearch } from '../../../platform/lists/search.ts';
import { settingOn } from '../../organisations/index.ts';
import type * as contract from '../contract.ts';
import { classifyHousehold, compositionOf } from '../rules/classify-household.ts';
import { insertMembers, replaceMembers } from './members.ts';

type Body = BodyOf<typeof contract.registerApplication>;
type Household = Body['household'];

/** Registers a household and its application. The number follows those of the year. */
export async function registerApplication(
  tx: Tx,
  actor: Actor,
  body: Body,
  today: LocalDate,
): Promise<{ id: string; number: string }> {
  requireOrder(body, today);
  const year = yearOf(body.receivedOn);
  const serial = await nextNumber(tx, actor.organisationId, `applications-${year}`);
  const number = `${year}-${String(serial).padStart(4, '0')}`;
  const [householdId, applicationId] = [newId(), newId()];
  const computed = await computeClasses(tx, actor, body, today);
  await tx
    .insertInto('applicants.households')
    .values({
      organisation_id: actor.organisationId,
      id: householdId,
      reference: number,
      ...householdColumns(body.household),
    })
    .execute();
  await insertMembers(tx, actor, householdId, body.household.members);
  await tx
    .insertInto('applicants.applications')
    .values({
      organisation_id: actor.organisationId,
      id: applicationId,
      number,
      household_id: householdId,
      ...applicationColumns(body, computed, today),
    })
    .execute();
  await findable(tx, actor, applicationId, number, body);
  await recordEvent(tx, {
    kind: 'applicants.application-registered',
    organisationId: actor.organisationId,
    subjects: [
      { kind: 'application', id: applicationId },
      { kind: 'household', id: householdId },
    ],
    after: { number, registeredOn: body.registeredOn, bedroomsNeeded: computed.bedrooms, incomeClass: computed.class },
    journal: {
      number,
      registeredOn: body.registeredOn,
      bedroomsNeeded: computed.bedrooms,
      incomeClass: computed.class,
    },
  });
  return { id: applicationId, number };
}

/**
 * Changes an application and its household; size and income class are computed anew, the rank stays the day of
 * registration. Members on file keep their national number unless another is given.
 * @throws Problem E-APPLICATION-01 without exactly one person of reference; E-APPLICATION-02 off the register;
 *   E-CONFLICT-01 changed meanwhile; E-REFERENCE-01 a member who is not of this household
 */
export async function updateApplication(
  tx: Tx,
  actor: Actor,
  applicationId: string,
  body: BodyOf<typeof contract.updateApplication>,
  today: LocalDate,
): Promise<{ version: number }> {
  requireOrder(body, today);
  const before = await lockApplication(tx, actor, applicationId, body.version);
  if (before.state === 'housed' || before.state === 'removed') throw refused('E-APPLICATION-02');
  const computed = await computeClasses(tx, actor, body, today);
  await tx
    .updateTable('applicants.households')
    .set({ ...householdColumns(body.household), version: sql`version + 1` })
    .where('organisation_id', '=', actor.organisationId)
    .where('id', '=', before.householdId)
    .execute();
  await replaceMembers(tx, actor, before.householdId, body.household.members);
  await tx
    .updateTable('applicants.applications')
    .set({ ...applicationColumns(body, computed, today), version: body.version + 1 })
    .where('organisation_id', '=', actor.organisationId)
    .where('id', '=', applicationId)
    .execute();
  await findable(tx, actor, applicationId, before.number, body);
  await recordEvent(tx, {
    kind: 'applicants.application-changed',
    organisationId: actor.organisationId,
    subjects: [
      { kind: 'application', id: applicationId },
      { kind: 'household', id: before.householdId },
    ],
    before: {
      registeredOn: before.registeredOn,
      bedroomsNeeded: before.bedroomsNeeded,
      incomeClass: before.incomeClass,
    },
    after: { registeredOn: body.registeredOn, bedroomsNeeded: computed.bedrooms, incomeClass: computed.class },
    journal: {
      number: before.number,
      before: {
        registeredOn: before.registeredOn,
        bedroomsNeeded: before.bedroomsNeeded,
        incomeClass: before.incomeClass,
      },
      after: { registeredOn: body.registeredOn, bedroomsNeeded: computed.bedrooms, incomeClass: computed.class },
    },
  });
  return { version: body.version + 1 };
}

/** Takes an application off the register. It keeps its number and its day: it may come back to its place. */
export async function exitApplication(
  tx: Tx,
  actor: Actor,
  applicationId: string,
  exit: { on: LocalDate; cause: string; reason: string | null; dwellingId?: string; version?: number },
): Promise<{ version: number }> {
  const before = await lockApplication(tx, actor, applicationId, exit.version);
  if (before.exitOn) throw refused('E-APPLICATION-02');
  await tx
    .updateTable('applicants.applications')
    .set({
      state: exit.cause === 'housed' ? 'housed' : 'removed',
      exit_on: exit.on,
      exit_cause: exit.cause,
      exit_reason: exit.reason,
      housed_dwelling_id: exit.dwellingId ?? null,
      version: before.version + 1,
    })
    .where('organisation_id', '=', actor.organisationId)
    .where('id', '=', applicationId)
    .execute();
  await recordEvent(tx, {
    kind: exit.cause === 'housed' ? 'applicants.application-housed' : 'applicants.application-removed',
    organisationId: actor.organisationId,
    subjects: [
      { kind: 'application', id: applicationId },
      { kind: 'household', id: before.householdId },
      ...(exit.dwellingId ? [{ kind: 'dwelling', id: exit.dwellingId }] : []),
    ],
    reason: exit.reason,
    after: { number: before.number, exitOn: exit.on, cause: exit.cause },
    journal: { number: before.number, exitOn: exit.on, cause: exit.cause, dwelling: exit.dwellingId ?? null },
  });
  return { version: before.version + 1 };
}

export async function reinstateApplication(
  tx: Tx,
  actor: Actor,
  applicationId: string,
  reason: string,
  version: number,
): Promise<{ version: number }> {
  const before = await lockApplication(tx, actor, applicationId, version);
  if (before.state !== 'removed') throw refused('E-APPLICATION-03');
  await tx
    .updateTable('applicants.applications')
    .set({
      state: before.registeredOn ? 'active' : 'incomplete',
      exit_on: null,
      exit_cause: null,
      exit_reason: null,
      version: version + 1,
    })
    .where('organisation_id', '=', actor.organisationId)
    .where('id', '=', applicationId)
    .execute();
  await recordEvent(tx, {
    kind: 'applicants.application-reinstated',
    organisationId: actor.organisationId,
    subjects: [
      { kind: 'application', id: applicationId },
      { kind: 'household', id: before.householdId },
    ],
    reason,
    before: { exitOn: before.exitOn },
    journal: { number: before.number, exitOn: before.exitOn, reason },
  });
  return { version: version + 1 };
}

async function lockApplication(tx: Tx, actor: Actor, applicationId: string, version: number | undefined) {
  const row = await tx
    .selectFrom('applicants.applications')
    .select([
      'number',
      'household_id as householdId',
      'state',
      'registered_on as registeredOn',
      'bedrooms_needed as bedroomsNeeded',
      'income_class as incomeClass',
      'exit_on as exitOn',
      'version',
    ])
    .where('organisation_id', '=', actor.organisationId)
    .where('id', '=', applicationId)
    .forUpdate()
    .executeTakeFirst();
  if (!row) throw notFound();
  if (version !== undefined && row.version !== version) throw conflict('E-CONFLICT-01', { version: row.version });
  return row;
}

function requireOrder(body: Pick<Body, 'receivedOn' | 'registeredOn' | 'household'>, today: LocalDate): void {
  if (body.receivedOn > today) throw invalid('E-FIELDS-01', {}, [{ path: 'receivedOn', code: 'E-FIELD-FUTURE' }]);
  if (body.registeredOn && body.registeredOn < body.receivedOn) {
    throw invalid('E-FIELDS-01', {}, [{ path: 'registeredOn', code: 'E-FIELD-BEFORE-START' }]);
  }
  if (body.registeredOn && body.registeredOn > today)
    throw invalid('E-FIELDS-01', {}, [{ path: 'registeredOn', code: 'E-FIELD-FUTURE' }]);
  const references = body.household.members.filter((member) => member.relation === 'reference').length;
  if (references !== 1) throw invalid('E-APPLICATION-01', { count: references });
}

/** What the rule says of the household, under the size rule the organisation chose. */
async function computeClasses(tx: Tx, actor: Actor, { household }: Body, today: LocalDate) {
  const shareUntil = await settingOn(tx, actor, 'applicants.children-share-until', today);
  const { bedrooms, income } = classifyHousehold({
    ...household,
    jurisdiction: actor.jurisdiction,
    shareUntil,
    on: today,
  });
  return { bedrooms: bedrooms.result, class: income.result.class, incomeSteps: income.steps };
}

const householdColumns = (household: Household) => {
  const reference = household.members.find((member) => member.relation === 'reference')!;
  const composition = compositionOf(household.members);
  return {
    family_name: reference.familyName,
    given_name: reference.givenName,
    language: household.language,
    email: household.email,
    phone: household.phone,
    street: household.street,
    postal_code: household.postalCode,
    city: household.city,
    adults: composition.adults,
    children: composition.children,
    couple: household.couple && composition.adults >= 2,
    disabled_adults: composition.disabledAdults,
    disabled_children: composition.disabledChildren,
    income_cents: household.incomeCents,
    income_year: household.incomeYear,
    income_earners: household.incomeEarners,
    note: household.note,
  };
};

const applicationColumns = (
  body: Body,
  computed: { bedrooms: number; class: string; incomeSteps: unknown },
  today: LocalDate,
) => ({
  state: body.registeredOn ? 'active' : 'incomplete',
  received_on: body.receivedOn,
  registered_on: body.registeredOn,
  bedrooms_needed: computed.bedrooms,
  persons: body.household.members.length,
  income_class: computed.class,
  income_class_on: today,
  income_steps: JSON.stringify(computed.incomeSteps),
  unique_number: body.uniqueNumber,
  priority_group: body.priorityGroup,
  quartile: body.quartile,
  pays_into_action_logement: body.paysIntoActionLogement,
  public_agent: body.publicAgent,
  social_flags: body.socialFlags,
  requested_municipalities: body.requestedMunicipalities,
});

const findable = (tx: Tx, actor: Actor, id: string, number: string, body: Body) =>
  indexForSearch(tx, actor.organisationId, [
    {
      kind: 'application',
      id,
      title: titleOf(body.household),
      subtitle: number,
      keywords: [
        ...body.household.members.flatMap((member) => [member.familyName, member.givenName]),
        number,
        body.uniqueNumber,
        body.household.email,
        body.household.phone,
      ],
    },
  ]);

function titleOf(household: Household): string {
  const reference = household.members.find((member) => member.relation === 'reference')!;
  return `${reference.familyName} ${reference.givenName}`;
}
