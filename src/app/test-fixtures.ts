import { newId } from '../kernel/id.ts';
import type { TestApp, TestUser } from './test-app.ts';

/** Builders for tests: one believable record each, with what the test cares about. */

let serial = 0;
const next = () => ++serial;

export async function aDwelling(
  app: TestApp,
  organisationId: string,
  given: Partial<{
    municipality: string;
    street: string;
    bedrooms: number;
    rooms: number | null;
    rentCents: number;
    funding: string | null;
    kind: string;
    occupancy: string;
    constructionYear: number;
    priorityArea: string | null;
    management: string;
  }> = {},
): Promise<string> {
  const n = next();
  const [buildingId, id] = [newId(), newId()];
  const municipality = given.municipality ?? '21015';
  await app.database.owner.query(
    `insert into portfolio.buildings (organisation_id, id, reference, street, house_number, postal_code, municipality_code, construction_year, priority_area)
     values ($1, $2, $3, $4, $5, '1030', $6, $7, $8)`,
    [
      organisationId,
      buildingId,
      `I${n}`,
      given.street ?? 'Rue des Tanneurs',
      String(n),
      municipality,
      given.constructionYear ?? 1974,
      given.priorityArea ?? null,
    ],
  );
  await app.database.owner.query(
    `insert into portfolio.dwellings (organisation_id, id, reference, building_id, kind, bedrooms, rooms, area_m2, rent_cents, charges_cents,
       funding, management, occupancy, entered_on, street, house_number, postal_code, municipality_code)
     values ($1, $2, $3, $4, $5, $6, $7, 62, $8, 4500, $9, $10, $11, '2015-01-01', $12, $13, '1030', $14)`,
    [
      organisationId,
      id,
      `D${String(n).padStart(4, '0')}`,
      buildingId,
      given.kind ?? 'apartment',
      given.bedrooms ?? 2,
      given.rooms ?? null,
      given.rentCents ?? 65_000,
      given.funding ?? null,
      given.management ?? 'own',
      given.occupancy ?? 'let',
      given.street ?? 'Rue des Tanneurs',
      String(n),
      municipality,
    ],
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
    [
      organisationId,
      id,
      `H${n}`,
      given.familyName ?? `Ménage${n}`,
      given.language ?? 'fr',
      given.adults ?? 2,
      given.children ?? 1,
      (given.adults ?? 2) > 1,
      given.incomeCents ?? 2_000_000,
    ],
  );
  return id;
}

/** A household with its active application in the register. */
export async function anApplication(
  app: TestApp,
  organisationId: string,
  given: Partial<{
    familyName: string;
    language: string;
    registeredOn: string;
    bedrooms: number;
    persons: number;
    incomeClass: string;
    uniqueNumber: string | null;
    adults: number;
    children: number;
  }> = {},
): Promise<{ id: string; householdId: string; number: string }> {
  const householdId = await aHousehold(app, organisationId, given);
  const n = next();
  const id = newId();
  const number = `2023-${String(n).padStart(4, '0')}`;
  await app.database.owner.query(
    `insert into applicants.applications (organisation_id, id, number, household_id, state, received_on, registered_on, bedrooms_needed, persons, income_class, unique_number)
     values ($1, $2, $3, $4, 'active', $5, $5, $6, $7, $8, $9)`,
    [
      organisationId,
      id,
      number,
      householdId,
      given.registeredOn ?? '2023-03-14',
      given.bedrooms ?? 2,
      given.persons ?? 3,
      given.incomeClass ?? 'admission',
      given.uniqueNumber ?? null,
    ],
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
    [
      organisationId,
      id,
      `B${next()}`,
      dwellingId,
      householdId,
      given.startsOn ?? '2020-01-01',
      given.incomeClass ?? 'admission',
    ],
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
    [
      landlordId,
      id,
      given.reference ?? `CR-${next()}`,
      holderId,
      given.contingent ?? 'action-logement',
      given.scale ?? 'department',
      given.perimeter ?? '93',
      given.share ?? '0.27',
    ],
  );
  return id;
}

/** An import that waits for its columns to be confirmed: a file of one dwelling. */
export async function anImport(app: TestApp, user: TestUser): Promise<string> {
  const { body } = await app
    .as(user, { 'content-type': 'text/csv' })
    .post('/imports?kind=dwellings&name=logements.csv', 'Référence;Rue\r\nD9001;Rue des Lilas\r\n');
  return body.id;
}

/**
 * A landlord at work, with at least one record behind every route: a vacancy oriented to a holder that named a
 * candidates, decided by its committee and offered. Returns who works there, and the records by collection of the address.
 */
export async function aLineAtWork(
  app: TestApp,
): Promise<{ officer: TestUser; holderOfficer: TestUser; ids: Map<string, string> }> {
  const landlord = await app.anOrganisation('landlord');
  const officer = await app.aUser(landlord, ['director', 'allocation-officer', 'rental-manager', 'administrator'], {
    name: 'Claire Morel',
  });
  const holder = await app.anOrganisation('holder');
  const holderOfficer = await app.aUser(holder, ['holder-officer']);
  const agreementId = await anAgreement(app, landlord, holder, { share: '0.6' });
  const [amendmentId, clauseId] = [newId(), newId()];
  await app.database.owner.query(
    `insert into flow.amendments (organisation_id, id, agreement_id, holder_id, number, from_day, share, reason)
     values ($1, $2, $3, $4, 1, '2027-01-01', 0.5, 'Bilan')`,
    [landlord, amendmentId, agreementId, holder],
  );
  await app.database.owner.query(
    `insert into flow.review_clauses (organisation_id, id, agreement_id, holder_id, due_on, subject)
     values ($1, $2, $3, $4, '2026-12-01', 'Pondérations')`,
    [landlord, clauseId, agreementId, holder],
  );
  const dwellingId = await aDwelling(app, landlord, {
    municipality: '93048',
    rooms: 3,
    funding: 'PLUS',
    management: 'flow',
  });
  const tenancy = await aTenancy(app, landlord, dwellingId);
  const ok = async (answer: Promise<{ status: number; body: unknown }>) => {
    const { status, body } = await answer;
    if (status >= 300) throw new Error(`${status} ${JSON.stringify(body)}`);
    // biome-ignore lint/suspicious/noExplicitAny: answers of many shapes
    return body as any;
  };
  const as = app.as(officer);
  const notice = await ok(
    as.post(`/tenancies/${tenancy.id}/notice`, {
      givenBy: 'tenant',
      receivedOn: '2026-03-10',
      reason: null,
      version: 1,
    }),
  );
  const vacancyId = (await ok(as.get('/vacancies'))).items[0].id;
  const version = async () => (await ok(as.get(`/vacancies/${vacancyId}`))).version;
  const oriented = await ok(
    as.post(`/vacancies/${vacancyId}/orientation`, { agreementId, reason: 'Besoin exprimé', version: await version() }),
  );
  for (const n of [1, 2, 3]) {
    await ok(
      app.as(holderOfficer).post(`/proposals/${oriented.proposalId}/candidates`, {
        uniqueNumber: `0930126123450${n}GDPU`.slice(0, 18),
        familyName: `Candidat${n}`,
        givenName: 'Lina',
        adults: 1,
        children: 1,
        incomeCents: 2_000_000,
        incomeYear: 2024,
        priorityGroup: null,
        quartile: 2,
        registeredOn: '2024-05-01',
      }),
    );
  }
  await ok(app.as(holderOfficer).post(`/proposals/${oriented.proposalId}/transmission`, { reason: null, version: 1 }));
  const session = await ok(
    as.post('/sessions', {
      heldOn: '2026-03-12',
      quorum: 1,
      members: [{ name: 'Claire Morel', capacity: 'landlord', voting: true, chair: true, userId: officer.userId }],
    }),
  );
  const item = await ok(as.post(`/sessions/${session.id}/agenda`, { vacancyId }));
  const before = await ok(as.get(`/sessions/${session.id}`));
  await ok(
    as.put(`/sessions/${session.id}/attendance`, {
      present: before.members.map((member: { id: string }) => member.id),
    }),
  );
  await ok(as.post(`/sessions/${session.id}/opening`, { version: 1 }));
  const candidates = before.agenda[0].candidates as { id: string; applicationId: string }[];
  await ok(
    as.post(`/sessions/${session.id}/agenda/${item.id}/decisions`, {
      decisions: candidates.map(({ id }, index) => ({
        candidateId: id,
        kind: index === 0 ? 'granted' : 'ranked',
        rank: index + 1,
        condition: null,
        reason: null,
      })),
      version: before.agenda[0].version,
    }),
  );
  const closed = await ok(as.post(`/sessions/${session.id}/closing`, { language: 'fr', version: 2 }));
  const offer = await ok(
    as.post(`/vacancies/${vacancyId}/offers`, {
      channel: 'email',
      sentOn: '2026-03-12',
      notifiedOn: '2026-03-12',
      candidateId: candidates[0]!.id,
      version: await version(),
    }),
  );
  const memberId = newId();
  await app.database.owner.query(
    `insert into applicants.members (organisation_id, id, household_id, family_name, given_name, national_number) values ($1, $2, $3, 'Benali', 'Amina', '85073003328')`,
    [landlord, memberId, tenancy.householdId],
  );
  const one = async (statement: string) => (await app.database.owner.query(statement, [landlord])).rows[0].id as string;
  const owner = await ok(as.post('/owners', { kind: 'person', reference: 'P-1', name: 'Anne Dubois', language: 'fr' }));
  const invitation = await ok(
    as.post('/people/invitations', {
      email: 'neuf@exemple.fr',
      givenName: 'Neuf',
      familyName: 'Venu',
      language: 'fr',
      roles: ['reader'],
    }),
  );
  const { userId: colleague } = await app.aUser(landlord, ['allocation-officer']);
  const delegation = await ok(
    as.post('/delegations', {
      toUserId: colleague,
      roles: ['allocation-officer'],
      startsOn: '2026-03-12',
      endsOn: '2026-03-20',
      reason: 'Congés',
    }),
  );
  const view = await ok(as.post('/views/allocation.vacancies', { name: 'Les miennes', state: {} }));
  await ok(as.put('/drafts/nouveau-proprietaire', { content: { name: 'Anne' } }));
  await ok(
    as.put('/organisation/providers/ville-sso', {
      name: 'SSO',
      issuer: 'https://sso.exemple.fr',
      clientId: 'palier',
      clientSecret: 'gardé',
      active: false,
    }),
  );
  await ok(as.post('/reports', { year: 2025, recipients: null }));
  const exclusion = await ok(
    as.post('/base/rules', {
      name: 'Plan de vente',
      position: 10,
      baseClass: 'sale',
      service: null,
      documentId: null,
      reason: 'Mise en vente votée',
      startsOn: '2026-03-12',
      endsOn: null,
      buildingIds: null,
      municipalityCodes: null,
      fundings: ['PLI'],
      managements: null,
      programmes: null,
      enteredFrom: null,
      enteredUntil: null,
      inPriorityArea: null,
    }),
  );
  const plan = await ok(
    as.post('/base/documents', {
      kind: 'sale-plan',
      number: 'PV-1',
      title: 'Plan de vente',
      signatories: 'Conseil d’administration',
      signedOn: '2026-01-05',
      startsOn: '2026-01-05',
      endsOn: null,
      volumes: [],
    }),
  );
  const forecast = await ok(
    as.post('/base/forecasts', {
      year: 2027,
      department: '93',
      territory: null,
      expected: { origin: 'past-years' },
      capPercent: null,
      typed: [],
    }),
  );
  const documentVersionId = newId();
  await app.database.owner.query(
    `insert into flow.document_versions (organisation_id, id, document_id, number, file_id, added_by, added_by_name)
     values ($1, $2, $3, 1, $4, $5, 'Claire Morel')`,
    [landlord, documentVersionId, plan.id, closed.minutesFileId, officer.userId],
  );
  const need = await ok(
    app.as(holderOfficer).post(`/agreements/${agreementId}/needs`, {
      year: 2026,
      criterion: 'in-words',
      value: 'Près du métro',
      place: null,
      target: null,
    }),
  );
  const [planId, residenceId] = [newId(), newId()];
  await app.database.owner.query(
    `insert into platform.batches (organisation_id, id, kind, label, parameters, counts, state, created_by, applied_by, applied_at)
     values ($1, $2, 'allocation.orientation-plan', 'Plan', '{"on": "2026-03-12"}', '{"dwellings": 1}', 'applied', $3, 'Claire Morel', now())`,
    [landlord, planId, officer.userId],
  );
  await app.database.owner.query(
    `insert into flow.listed_residences (organisation_id, id, building_id, from_day, until_day, source, listed_by)
     select $1, $2, building_id, '2026-01-01', '2028-12-31', 'CIA', 'Claire Morel' from portfolio.dwellings
     where organisation_id = $1 and id = $3`,
    [landlord, residenceId, dwellingId],
  );
  const jobId = newId();
  await app.database.owner.query(
    `insert into platform.jobs (organisation_id, id, kind, label, created_by) values ($1, $2, 'exchange.apply', 'Import', $3)`,
    [landlord, jobId, officer.userId],
  );
  const rule = await ok(
    as.post('/flow/counting-rules', {
      agreementId,
      phases: [{ from: '2027-01-01', to: null, mode: 'mixed' }],
      note: 'Compter les deux dès 2027',
    }),
  );
  const setting = await ok(
    as.post('/flow/setting-proposals', {
      ...{
        key: 'flow.sales-counted',
        value: 'same-year',
        validFrom: '2027-01-01',
        reason: 'Plan de vente',
        source: null,
      },
    }),
  );
  const inventory = await ok(as.post('/reservation-inventories', { convertsOn: '2027-01-01', note: null }));
  const scenarioId = newId();
  await app.database.owner.query(
    `insert into flow.conversion_scenarios (organisation_id, id, inventory_id, name, parameters, result, created_by, created_on, set_aside_on)
     values ($1, $2, $3, 'Part du parc', '{}', '{}', $4, '2026-03-12', '2026-03-12')`,
    [landlord, scenarioId, inventory.id, officer.userId],
  );
  const programme = await ok(
    as.post('/programmes', {
      ...{ name: 'Les Forges', municipalityCode: '93048', deliveredOn: '2027-03-01', meetingOn: null },
      ...{ buildingReference: null, sizes: [{ rooms: 3, dwellings: 20 }], setAside: 0 },
    }),
  );
  const action = await ok(
    as.post('/flow/actions', {
      title: 'Rattraper un écart',
      decided: 'Proposer les deux prochains T3',
      owner: 'Claire Morel',
      dueOn: '2026-05-01',
      shared: false,
      agreementId,
    }),
  );
  const meeting = await ok(
    as.post('/flow/meetings', { kind: 'follow-up', title: 'Suivi', heldOn: '2026-03-12', heldAt: null, place: null }),
  );
  const ids = new Map<string, string>([
    ['counting-rules', rule.id],
    ['setting-proposals', setting.id],
    [':list', 'allocation.vacancies'],
    ['compute', 'tenancies.notice-period'],
    ['allocation.vacancies', view.id],
    ['timeline', 'dwelling'],
    ['dwelling', dwellingId],
    ['settings', 'allocation.committee-quorum'],
    ['drafts', 'nouveau-proprietaire'],
    ['providers', 'ville-sso'],
    ['delegations', delegation.id],
    ['jobs', jobId],
    ['dwellings', dwellingId],
    ['owners', owner.id],
    ['tenancies', tenancy.id],
    ['notices', notice.id],
    ['vacancies', vacancyId],
    ['proposals', oriented.proposalId],
    ['candidates', candidates[0]!.id],
    ['sessions', session.id],
    ['agenda', item.id],
    ['files', closed.minutesFileId],
    ['offers', offer.id],
    ['agreements', agreementId],
    ['actions', action.id],
    ['meetings', meeting.id],
    ['amendments', amendmentId],
    ['clauses', clauseId],
    ['targets', '2026'],
    ['applications', candidates[0]!.applicationId],
    ['invitations', invitation.id],
    ['people', officer.userId],
    ['members', memberId],
    ['imports', await anImport(app, officer)],
    ['templates', 'dwellings.csv'],
    ['reports', await one('select id from flow.reports where organisation_id = $1 limit 1')],
    ['reservation-inventories', inventory.id],
    ['conversion-scenarios', scenarioId],
    ['programmes', programme.id],
    ['rules', exclusion.id],
    ['documents', plan.id],
    ['plans', planId],
    ['listed-residences', residenceId],
    ['document-versions', documentVersionId],
    ['needs', need.id],
    ['forecasts', forecast.id],
    ['reminders', await one('select id from platform.reminders where organisation_id = $1 limit 1')],
  ]);
  return { officer, holderOfficer, ids };
}
