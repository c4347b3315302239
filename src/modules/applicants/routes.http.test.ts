import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type TestApp, type TestUser } from '../../app/test-app.ts';

let app: TestApp;
let organisationId: string;
let manager: TestUser;
let accountant: TestUser;
let stranger: TestUser;

beforeAll(async () => {
  app = await createTestApp({ today: '2026-11-22' });
  organisationId = await app.anOrganisation('agency', { name: 'AIS Les Tilleuls' });
  manager = await app.aUser(organisationId, ['rental-manager']);
  accountant = await app.aUser(organisationId, ['accountant']);
  stranger = await app.aUser(await app.anOrganisation('agency'), ['director']);
});
afterAll(() => app.close());

const amina = {
  familyName: 'Diallo',
  givenName: 'Amina',
  birthDate: '1942-01-22',
  sex: 'F',
  relation: 'reference',
  disabled: false,
};
const child = {
  familyName: 'Diallo',
  givenName: 'Ibrahim',
  birthDate: '2015-03-01',
  sex: 'M',
  relation: 'child',
  disabled: false,
};

const application = (members: unknown[]) => ({
  receivedOn: '2026-11-01',
  registeredOn: '2026-11-10',
  quartile: null,
  household: { language: 'fr', couple: false, incomeCents: 2_000_000, incomeYear: 2024, incomeEarners: 1, members },
});

/** Registers Amina, with her national number, and her son. */
async function register(): Promise<string> {
  const answer = await app
    .as(manager)
    .post('/applications', application([{ ...amina, nationalNumber: '42.01.22-051.81' }, child]));
  expect(answer.status).toBe(201);
  return answer.body.id;
}

describe('a household in the register', () => {
  test('is read with its rank, its bedrooms and its class, and without its national numbers', async () => {
    const id = await register();
    const { status, body } = await app.as(manager).get(`/applications/${id}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      familyName: 'Diallo',
      state: 'active',
      bedroomsNeeded: 2,
      incomeClass: 'admission',
      persons: 2,
    });
    expect(body.household.members.map((member: { hasNationalNumber: boolean }) => member.hasNationalNumber)).toEqual([
      true,
      false,
    ]);
    expect(JSON.stringify(body)).not.toContain('42012205181');
    expect(body.bedroomSteps.at(-1).result).toEqual({ unit: 'bedrooms', value: 2 });
  });

  test('does not exist for another agency', async () => {
    const id = await register();
    expect((await app.as(stranger).get(`/applications/${id}`)).status).toBe(404);
    expect((await app.as(stranger).put(`/applications/${id}`, { ...application([amina]), version: 1 })).status).toBe(
      404,
    );
  });

  test('tells a national number to those who may read it, for a purpose that is kept', async () => {
    const id = await register();
    const { body } = await app.as(manager).get(`/applications/${id}`);
    const reading = `/members/${body.household.members[0].id}/national-number-readings`;
    expect((await app.as(accountant).post(reading, { purpose: 'Contrôle' })).status).toBe(403);
    expect((await app.as(manager).post(reading, { purpose: '' })).body.fields[0]).toMatchObject({
      path: 'purpose',
      code: 'E-FIELD-REQUIRED',
    });
    expect((await app.as(manager).post(reading, { purpose: 'Contrôle des revenus' })).body).toEqual({
      nationalNumber: '42012205181',
    });
    const { rows } = await app.database.owner.query(
      'select field, purpose, user_id from platform.sensitive_reads where organisation_id = $1 and subject_id = $2',
      [organisationId, body.household.id],
    );
    expect(rows).toEqual([{ field: 'national-number', purpose: 'Contrôle des revenus', user_id: manager.userId }]);
  });
});

test('a national number that fails its check is refused at its field, with its own code', async () => {
  const answer = await app
    .as(manager)
    .post('/applications', application([{ ...amina, nationalNumber: '42.01.22-051.82' }]));
  expect(answer.status).toBe(400);
  expect(answer.body.fields).toEqual([
    expect.objectContaining({ path: 'household.members.0.nationalNumber', code: 'E-NISS-01' }),
  ]);
});

describe('changing a household', () => {
  const numberOf = async (givenName: string, householdId: string) =>
    (
      await app.database.owner.query(
        'select national_number from applicants.members where household_id = $1 and given_name = $2',
        [householdId, givenName],
      )
    ).rows[0]?.national_number;

  test('keeps the members on file and their national numbers, adds and removes the others', async () => {
    const id = await register();
    const { body: before } = await app.as(manager).get(`/applications/${id}`);
    const [reference, son] = before.household.members;
    const kept = { ...amina, id: reference.id, familyName: 'Diallo-Sow' };
    const born = { ...child, givenName: 'Fatou', sex: 'F', birthDate: '2026-10-01', nationalNumber: '12.06.15-002.65' };
    const answer = await app
      .as(manager)
      .put(`/applications/${id}`, { ...application([kept, born]), version: before.version });
    expect(answer).toMatchObject({ status: 200, body: { version: before.version + 1 } });

    const { body: after } = await app.as(manager).get(`/applications/${id}`);
    expect(after.familyName).toBe('Diallo-Sow');
    expect(after.household.members.map((member: { givenName: string }) => member.givenName)).toEqual([
      'Amina',
      'Fatou',
    ]);
    expect(after.household.members[0].id).toBe(reference.id);
    expect(after.household.members.some((member: { id: string }) => member.id === son.id)).toBe(false);
    expect(await numberOf('Amina', after.household.id)).toBe('42012205181');
    expect(await numberOf('Fatou', after.household.id)).toBe('12061500265');
  });

  test('writes another national number when one is given, and removes it when it is emptied', async () => {
    const id = await register();
    const { body: before } = await app.as(manager).get(`/applications/${id}`);
    const [reference] = before.household.members;
    const change = (nationalNumber: string, version: number) =>
      app
        .as(manager)
        .put(`/applications/${id}`, { ...application([{ ...amina, id: reference.id, nationalNumber }]), version });
    expect((await change('93.05.18-223.61', before.version)).status).toBe(200);
    expect(await numberOf('Amina', before.household.id)).toBe('93051822361');
    expect((await change('', before.version + 1)).status).toBe(200);
    expect(await numberOf('Amina', before.household.id)).toBeNull();
  });

  test('refuses a member of another household, and writes nothing', async () => {
    const [id, other] = [await register(), await register()];
    const { body: before } = await app.as(manager).get(`/applications/${id}`);
    const { body: theirs } = await app.as(manager).get(`/applications/${other}`);
    const answer = await app.as(manager).put(`/applications/${id}`, {
      ...application([{ ...amina, id: theirs.household.members[0].id }]),
      version: before.version,
    });
    expect(answer).toMatchObject({ status: 400, body: { code: 'E-REFERENCE-01' } });
    expect((await app.as(manager).get(`/applications/${id}`)).body.household.members).toHaveLength(2);
  });

  test('says when someone was faster', async () => {
    const id = await register();
    const answer = await app.as(manager).put(`/applications/${id}`, { ...application([amina]), version: 7 });
    expect(answer).toMatchObject({ status: 409, body: { code: 'E-CONFLICT-01' } });
  });
});
