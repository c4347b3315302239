import { newId } from '../../../kernel/id.ts';
import { type LocalDate, yearOf } from '../../../kernel/local-date.ts';
import type { Tx } from '../../../platform/database/connection.ts';
import { nextNumber } from '../../../platform/database/counters.ts';
import type { Actor } from '../../../platform/http/actor.ts';
import { indexForSearch } from '../../../platform/lists/search.ts';
import { findApplicationByUniqueNumber } from '../queries.ts';
import { bedroomsNeeded } from '../rules/bedrooms-needed.ts';

/**
 * A household named by a reservation holder enters the landlord's files when it is put before the committee: found by
 * its number in the national register, or added with what the holder told.
 */
export async function registerNominee(
  tx: Tx,
  actor: Actor,
  nominee: {
    uniqueNumber: string;
    familyName: string;
    givenName: string;
    language: string;
    email: string | null;
    phone: string | null;
    persons: number;
    adults: number;
    children: number;
    incomeCents: number | null;
    incomeYear: number | null;
    incomeClass: string;
    priorityGroup: string | null;
    quartile: number | null;
    registeredOn: string | null;
  },
  today: LocalDate,
): Promise<{ applicationId: string; householdId: string; number: string }> {
  const known = await findApplicationByUniqueNumber(tx, actor.organisationId, nominee.uniqueNumber);
  if (known) return { applicationId: known.id, householdId: known.householdId, number: known.number };
  const year = yearOf(today);
  const number = `${year}-${String(await nextNumber(tx, actor.organisationId, `applications-${year}`)).padStart(4, '0')}`;
  const [householdId, applicationId] = [newId(), newId()];
  await tx
    .insertInto('applicants.households')
    .values({
      organisation_id: actor.organisationId,
      id: householdId,
      reference: number,
      family_name: nominee.familyName,
      given_name: nominee.givenName,
      language: nominee.language,
      email: nominee.email,
      phone: nominee.phone,
      adults: nominee.adults,
      children: nominee.children,
      couple: nominee.adults === 2,
      income_cents: nominee.incomeCents,
      income_year: nominee.incomeYear,
    })
    .execute();
  const bedrooms = bedroomsNeeded({
    adults: nominee.adults,
    couple: nominee.adults === 2,
    children: nominee.children,
    known: [],
    shareUntil: 0,
  });
  await tx
    .insertInto('applicants.applications')
    .values({
      organisation_id: actor.organisationId,
      id: applicationId,
      number,
      household_id: householdId,
      state: 'active',
      received_on: today,
      registered_on: nominee.registeredOn ?? today,
      bedrooms_needed: bedrooms.result,
      persons: nominee.persons,
      income_class: nominee.incomeClass,
      income_class_on: today,
      unique_number: nominee.uniqueNumber,
      priority_group: nominee.priorityGroup,
      quartile: nominee.quartile,
    })
    .execute();
  await indexForSearch(tx, actor.organisationId, [
    {
      kind: 'application',
      id: applicationId,
      title: `${nominee.familyName} ${nominee.givenName}`,
      subtitle: number,
      keywords: [nominee.familyName, nominee.givenName, number, nominee.uniqueNumber, nominee.email, nominee.phone],
    },
  ]);
  return { applicationId, householdId, number };
}
