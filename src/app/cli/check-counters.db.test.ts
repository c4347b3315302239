import fs from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '../../kernel/id.ts';
import { createTestApp, type TestApp } from '../test-app.ts';
import { anAgreement } from '../test-fixtures.ts';
import { palier, temporaryFolder } from './test-program.ts';

let app: TestApp;
const folder = temporaryFolder('counters');

beforeAll(async () => {
  app = await createTestApp();
  const landlord = await app.anOrganisation('landlord', { name: 'Habitat Rive Haute' });
  await app.anOrganisation('landlord', { name: 'Foyer du Marais' });
  await anAgreement(app, landlord, await app.anOrganisation('holder'), { share: '0.25', reference: 'CR-ALS-93' });
  // Brought in from elsewhere: events whose counters nobody counted.
  await app.database.owner.query(
    `insert into flow.events (organisation_id, id, on_day, kind, vacancy_id, base_class, department, municipality_code, in_priority_area)
     select $1, gen_random_uuid(), '2026-05-04', 'freed', $2, 'in-base', '93', '93048', false from generate_series(1, 2)`,
    [landlord, newId()],
  );
});
afterAll(async () => {
  await app.close();
  fs.rmSync(folder, { recursive: true, force: true });
});

const check = (...options: string[]) =>
  palier(['flow', 'check-counters', ...options], { folder, env: { DATABASE_URL: app.ownerUrl } });

test('differences are told in words, one landlord is looked at alone, and a repair mends them', async () => {
  const told = await check();
  expect(told.stdout + told.stderr).toMatch(
    /Habitat Rive Haute +2026 +Montreuil +CR-ALS-93 +dû : le compteur dit 0, les événements donnent 0,5/,
  );
  expect(told.stdout + told.stderr).toContain('E-COUNTERS-01 : 3 écarts');
  expect(told.code).toBe(1);

  const other = await check('--organisation', 'Foyer du Marais');
  expect([other.stdout.trim(), other.code]).toEqual([
    'Tout concorde : les compteurs disent ce que donnent les événements.',
    0,
  ]);

  const mended = await check('--repair');
  expect(mended.stdout).toContain('3 écarts, corrigés : les compteurs ont été recomptés.');
  expect(mended.code).toBe(0);

  const after = JSON.parse((await check('--json')).stdout);
  expect(after).toEqual({ agree: true, repaired: false, differences: [] });
});
