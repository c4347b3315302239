import { newId } from '../kernel/id.ts';
import type { TestApp } from './test-app.ts';

/** Builders for tests: one believable record each, with what the test cares about. */

let serial = 0;
const next = () => ++serial;

export async function aDwelling(
  app: TestApp,
  organisationId: string,
  given: Partial<{ municipality: string; street: string; bedrooms: number; rooms: number | null; rentCents: number; funding: string | null; kind: string; occupancy: string; constructionYear: number; priorityArea: string | null; management: string }> = {},
): Promise<string> {
  const n = next();
  const [buildingId, id] = [newId(), newId()];
  const municipality = given.municipality ?? '21015';
  await app.database.owner.query(
    `insert into portfolio.buildings (organisation_id, id, reference, street, house_number, postal_code, municipality_code, construction_year, priority_area)
     values ($1, $2, $3, $4, $5, '1030', $6, $7, $8)`,
    [organisationId, buildingId, `I${n}`, given.street ?? 'Rue des Tanneurs', String(n), municipality, given.constructionYear ?? 1974, given.priorityArea ?? null],
  );
  await app.database.owner.query(
    `insert into portfolio.dwellings (organisation_id, id, reference, building_id, kind, bedrooms, rooms, area_m2, rent_cents, charges_cents,
       funding, management, occupancy, entered_on, street, house_number, postal_code, municipality_code)
     values ($1, $2, $3, $4, $5, $6, $7, 62, $8, 4500, $9, $10, $11, '2015-01-01', $12, $13, '1030', $14)`,
    [organisationId, id, `D${String(n).padStart(4, '0')}`, buildingId, given.kind ?? 'apartment', given.bedrooms ?? 2, given.rooms ?? null,
      given.rentCents ?? 65_000, given.funding ?? null, given.management ?? 'own', given.occupancy ?? 'let', given.street ?? 'Rue des Tanneurs', String(n), municipality],
  );
  return id;
}

export async function aHousehold(
  app: TestApp,
  organisationId: string,
  given: Partial<{ familyName: string; language: string; adults: number; children: number; incomeCents: number }> = {},
): Promise<string> {
  const n = next();
  const id = newId();
  await app.database.owner.query(
    `insert into applicants.households (organisation_id, id, reference, family_name, given_name, language, adults, children, couple, income_cents, income_year, street, postal_code, city)
     values ($1, $2, $3, $4, 'Amina', $5, $6, $7, $8, $9, 2024, 'Rue Haute 3', '1000', 'Bruxelles')`,
    [organisationId, id, `H${n}`, given.familyName ?? `Ménage${n}`, given.language ?? 'fr', given.adults ?? 2, given.children ?? 1, (given.adults ?? 2) > 1, given.incomeCents ?? 2_000_000],
  );
  return id;
}

/** A household with its active application in the register. */
export async function anApplication(
  app: TestApp,
  organisationId: string,
  given: Partial<{ familyName: string; language: string; registeredOn: string; bedrooms: number; persons: number; incomeClass: string; uniqueNumber: string | null; adults: number; children: number }> = {},
): Promise<{ id: string; householdId: string; number: string }> {
  const householdId = await aHousehold(app, organisationId, given);
  const n = next();
  const id = newId();
  const number = `2023-${String(n).padStart(4, '0')}`;
  await app.database.owner.query(
    `insert into applicants.applications (organisation_id, id, number, household_id, state, received_on, registered_on, bedrooms_needed, persons, income_class, unique_number)
     values ($1, $2, $3, $4, 'active', $5, $5, $6, $7, $8, $9)`,
    [organisationId, id, number, householdId, given.registeredOn ?? '2023-03-14', given.bedrooms ?? 2, given.persons ?? 3, given.incomeClass ?? 'admission', given.uniqueNumber ?? null],
  );
  return { id, householdId, number };
}

export async function aTenancy(
  app: TestApp,
  organisationId: string,
  dwellingId: string,
  given: Partial<{ startsOn: string; incomeClass: string; familyName: string }> = {},
): Promise<{ id: string; householdId: string }> {
  const householdId = await aHousehold(app, organisationId, given);
  const id = newId();
  await app.database.owner.query(
    `insert into tenancies.tenancies (organisation_id, id, reference, dwelling_id, household_id, signed_on, starts_on, rent_cents, first_rent_cents, income_class)
     values ($1, $2, $3, $4, $5, $6, $6, 65000, 65000, $7)`,
    [organisationId, id, `B${next()}`, dwellingId, householdId, given.startsOn ?? '2020-01-01', given.incomeClass ?? 'admission'],
  );
  return { id, householdId };
}

export async function anAgreement(
  app: TestApp,
  landlordId: string,
  holderId: string,
  given: Partial<{ contingent: string; scale: string; perimeter: string; share: string; reference: string }> = {},
): Promise<string> {
  const id = newId();
  await app.relate(landlordId, holderId, 'holder');
  await app.database.owner.query(
    `insert into flow.agreements (organisation_id, id, reference, holder_id, contingent, scale, perimeter_code, share, starts_on)
     values ($1, $2, $3, $4, $5, $6, $7, $8, '2024-01-01')`,
    [landlordId, id, given.reference ?? `CR-${next()}`, holderId, given.contingent ?? 'action-logement', given.scale ?? 'department', given.perimeter ?? '93', given.share ?? '0.27'],
  );
  return id;
}
