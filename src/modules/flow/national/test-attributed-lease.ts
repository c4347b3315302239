import type { TestApp } from '../../../app/test-app.ts';
import { aDwelling, anApplication } from '../../../app/test-fixtures.ts';
import { newId } from '../../../kernel/id.ts';

/** A lease signed after a committee gave the dwelling to a household: the least each table needs of that road. */
export async function anAttributedLease(
  app: TestApp,
  organisationId: string,
  given: {
    uniqueNumber: string | null;
    signedOn?: string;
    decidedOn?: string | null;
    contingent?: string | null;
    holderId?: string | null;
    priorityGroup?: string | null;
    quartile?: number | null;
    municipality?: string;
    priorityArea?: string | null;
    familyName?: string;
  },
): Promise<{ tenancyId: string; dwellingId: string }> {
  const signedOn = given.signedOn ?? '2026-03-16';
  const dwellingId = await aDwelling(app, organisationId, {
    municipality: given.municipality ?? '93048',
    priorityArea: given.priorityArea ?? null,
    rooms: 3,
  });
  const application = await anApplication(app, organisationId, { uniqueNumber: given.uniqueNumber });
  const [tenancyId, vacancyId, candidateId] = [newId(), newId(), newId()];
  const run = (text: string, values: unknown[]) => app.database.owner.query(text, values);
  await run(
    `insert into tenancies.tenancies (organisation_id, id, reference, dwelling_id, household_id, application_id, signed_on, starts_on,
       rent_cents, first_rent_cents, contingent, holder_id)
     values ($1, $2, $3, $4, $5, $6, $7, $7, 50000, 50000, $8, $9)`,
    [
      organisationId,
      tenancyId,
      `B-${application.number}`,
      dwellingId,
      application.householdId,
      application.id,
      signedOn,
      given.contingent ?? null,
      given.holderId ?? null,
    ],
  );
  await run(
    `insert into allocation.vacancies (organisation_id, id, dwelling_id, opened_on, expected_free_on, stage, stage_since, new_tenancy_id,
       let_from, closed_on, closed_as)
     values ($1, $2, $3, '2025-01-01', '2025-01-01', 'let', '2025-01-01', $4, $5, $5, 'let')`,
    [organisationId, vacancyId, dwellingId, tenancyId, signedOn],
  );
  await run(
    `insert into allocation.candidates (organisation_id, id, vacancy_id, source, application_id, household_id, family_name, given_name,
       unique_number, persons, adults, children, priority_group, quartile, state, position, named_by)
     values ($1, $2, $3, 'register', $4, $5, $6, 'Amina', $7, 2, 1, 1, $8, $9, 'housed', 1, 'test')`,
    [
      organisationId,
      candidateId,
      vacancyId,
      application.id,
      application.householdId,
      given.familyName ?? 'Haddad',
      given.uniqueNumber,
      given.priorityGroup ?? null,
      given.quartile ?? null,
    ],
  );
  const decidedOn = given.decidedOn === undefined ? '2026-02-20' : given.decidedOn;
  if (decidedOn) {
    const [sessionId, itemId] = [newId(), newId()];
    await run(
      `insert into allocation.sessions (organisation_id, id, reference, kind, held_on, quorum, created_by) values ($1, $2, $3, 'caleol', $4, 1, 'test')`,
      [organisationId, sessionId, `S-${application.number}`, decidedOn],
    );
    await run(
      `insert into allocation.agenda_items (organisation_id, id, session_id, vacancy_id, position, state) values ($1, $2, $3, $4, 1, 'decided')`,
      [organisationId, itemId, sessionId, vacancyId],
    );
    await run(
      `insert into allocation.decisions (organisation_id, id, agenda_item_id, vacancy_id, candidate_id, kind, rank)
       values ($1, $2, $3, $4, $5, 'granted', 1)`,
      [organisationId, newId(), itemId, vacancyId, candidateId],
    );
  }
  return { tenancyId, dwellingId };
}

/** A closure in the national register, as an extraction would have brought it. */
export async function aClosure(
  app: TestApp,
  organisationId: string,
  uniqueNumber: string,
  given: Partial<{
    closedOn: string;
    reason: string;
    siren: string | null;
    contingent: string | null;
    dalo: boolean | null;
    quartile: number | null;
    leaseSignedOn: string | null;
  }> = {},
): Promise<string> {
  const id = newId();
  await app.database.owner.query(
    `insert into flow.national_closures (organisation_id, id, unique_number, closed_on, reason, landlord_siren, lease_signed_on, contingent, dalo, quartile)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      organisationId,
      id,
      uniqueNumber,
      given.closedOn ?? '2026-03-18',
      given.reason ?? 'attribution',
      given.siren ?? null,
      given.leaseSignedOn ?? '2026-03-16',
      given.contingent ?? null,
      given.dalo ?? null,
      given.quartile ?? null,
    ],
  );
  return id;
}

/** A label of a priority household. */
export async function aLabel(
  app: TestApp,
  organisationId: string,
  uniqueNumber: string,
  given: Partial<{ label: string; labelledOn: string; endsOn: string | null }> = {},
): Promise<void> {
  await app.database.owner.query(
    `insert into flow.priority_labels (organisation_id, id, unique_number, label, labelled_on, ends_on) values ($1, $2, $3, $4, $5, $6)`,
    [
      organisationId,
      newId(),
      uniqueNumber,
      given.label ?? 'DALO',
      given.labelledOn ?? '2026-01-12',
      given.endsOn ?? null,
    ],
  );
}
