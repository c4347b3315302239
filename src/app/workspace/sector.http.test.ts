import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../../kernel/id.ts';
import { createTestApp, type TestApp, type TestUser } from '../test-app.ts';
import { aDwelling, anAgreement, aTenancy } from '../test-fixtures.ts';

let app: TestApp;
let landlord: string;
let overseers: Record<'state' | 'territory' | 'department' | 'stranger', TestUser>;

const [montreuil, bondy, creteil] = ['93048', '93010', '94028'];

async function freed(municipality: string, kind: string, agreementId: string | null = null): Promise<void> {
  await app.database.owner.query(
    `insert into flow.events (organisation_id, id, on_day, kind, vacancy_id, base_class, agreement_id, department, municipality_code, in_priority_area)
     values ($1, $2, '2026-05-04', $3, $4, 'in-base', $5, $6, $7, false)`,
    [landlord, newId(), kind, newId(), agreementId, municipality.slice(0, 2), municipality],
  );
}

async function anOverseer(kind: 'state' | 'territory', perimeter: unknown, watches = true): Promise<TestUser> {
  const organisation = await app.anOrganisation(kind, { perimeter });
  if (watches) await app.relate(landlord, organisation, 'overseer');
  return app.aUser(organisation, ['observer']);
}

beforeAll(async () => {
  app = await createTestApp({ today: '2026-07-01' });
  landlord = await app.anOrganisation('landlord', { name: 'Habitat Rive Haute' });
  const holder = await app.anOrganisation('holder');
  overseers = {
    state: await anOverseer('state', {}),
    territory: await anOverseer('territory', { municipalities: [montreuil, bondy] }),
    department: await anOverseer('state', { departments: ['94'] }),
    stranger: await anOverseer('state', {}, false),
  };
  const stock: [string, string][] = [
    [montreuil, 'let'],
    [montreuil, 'void'],
    [bondy, 'notice'],
    [creteil, 'let'],
  ];
  const dwellings: string[] = [];
  for (const [municipality, occupancy] of stock)
    dwellings.push(await aDwelling(app, landlord, { municipality, occupancy, management: 'flow' }));
  await aTenancy(app, landlord, dwellings[0]!, { startsOn: '2026-03-02' });
  await aTenancy(app, landlord, dwellings[3]!, { startsOn: '2026-04-02' });
  // Empty from 1 May: 61 days on 1 July.
  await app.database.owner.query(
    `insert into allocation.vacancies (organisation_id, id, dwelling_id, opened_on, expected_free_on, freed_on, stage, stage_since, next_due_on, next_due_what, base_class)
     values ($1, $2, $3, '2026-02-01', '2026-05-01', '2026-05-01', 'to-orient', '2026-02-01', '2026-06-01', 'orient', 'in-base')`,
    [landlord, newId(), dwellings[1]],
  );
  const als = await anAgreement(app, landlord, holder, { share: '0.25' });
  for (const municipality of [montreuil, montreuil, bondy, '93029', creteil]) await freed(municipality, 'freed');
  await freed(montreuil, 'proposed', als);
  await freed('93029', 'proposed', als);
  await freed(montreuil, 'unfreed');
  await app.database.owner.query('select flow.recount_counters()');
});
afterAll(() => app.close());

const figuresFor = async (user: TestUser) => (await app.as(user).get('/sector')).body.organisations;

describe('the figures of a sector', () => {
  test('count what is there', async () => {
    const [figures] = await figuresFor(overseers.state);
    expect(figures).toMatchObject({
      name: 'Habitat Rive Haute',
      dwellings: 4,
      voids: 1,
      underNotice: 1,
      vacanciesOpen: 1,
      late: 1,
      leasesThisYear: 2,
      emptyDays: 61,
      municipalities: { [montreuil]: 2, [bondy]: 1, [creteil]: 1 },
      // 61 days of 4 dwellings × 182 days of the year so far
      vacancyRate: '0.0838',
    });
  });

  test.each([
    ['state', '93', { due: 0.75, proposed: 2 }, '0,25 × (4 freed − 1 taken back)'],
    ['territory', '93', { due: 0.5, proposed: 1 }, '0,25 × 2 freed in Montreuil and Bondy'],
  ] as const)('flows in the perimeter of the %s, département %s: %o (%s)', async (who, department, expected, _why) => {
    const [{ flows }] = await figuresFor(overseers[who]);
    expect(flows).toEqual([expect.objectContaining({ department, contingent: 'action-logement', ...expected })]);
  });

  test('stop at the perimeter', async () => {
    const [territory] = await figuresFor(overseers.territory);
    expect(territory).toMatchObject({
      dwellings: 3,
      leasesThisYear: 1,
      municipalities: { [montreuil]: 2, [bondy]: 1 },
    });
    const [department] = await figuresFor(overseers.department);
    expect(department).toMatchObject({ dwellings: 1, voids: 0, vacanciesOpen: 0, emptyDays: 0, flows: [] });
  });

  test('are nobody else’s', async () => {
    expect(await figuresFor(overseers.stranger)).toEqual([]);
    const officer = await app.aUser(landlord, ['director']);
    expect((await app.as(officer).get('/sector')).status).toBe(403);
  });
});
