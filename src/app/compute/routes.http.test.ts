import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestApp, type TestApp, type TestUser } from '../test-app.ts';

let app: TestApp;
let user: TestUser;

beforeAll(async () => {
  app = await createTestApp();
  user = await app.aUser(await app.anOrganisation('holder'), ['reader']);
});
afterAll(() => app.close());

const march = { rent: 65_000, from: '2026-03-01', to: '2026-03-19' };

describe('GET /compute', () => {
  test('lists the rules with what each wants to know', async () => {
    const { status, body } = await app.as(user).get('/compute');
    expect(status).toBe(200);
    const rule = body.rules.find(({ name }: { name: string }) => name === 'allocation.vacancy-cost');
    expect(rule.input).toMatchObject({ type: 'object', required: ['rent', 'from', 'to'] });
  });

  test('is for whoever is signed in', async () => expect((await app.as(undefined).get('/compute')).status).toBe(401));
});

describe('POST /compute/:rule', () => {
  test('computes, with its steps', async () => {
    const { status, body } = await app.as(user).post('/compute/allocation.vacancy-cost', march);
    expect(status).toBe(200);
    // 650 € × 19 ÷ 31 = 398.387… €
    expect(body.result).toMatchObject({ days: 19, total: 39_839 });
    expect(body.steps.map(({ label }: { label: string }) => label)).toEqual([
      'vacancy.days',
      'vacancy.month-own',
      'vacancy.total',
    ]);
  });

  test.each([
    // rule                        body                             status  code
    ['no.such-rule', march, 404, 'E-RULE-01'],
    ['allocation.vacancy-cost', { ...march, rent: -1 }, 400, 'E-FIELDS-01'],
    ['allocation.vacancy-cost', {}, 400, 'E-FIELDS-01'],
    ['allocation.vacancy-cost', { ...march, to: '2026-02-01' }, 409, 'E-VACANCY-01'],
  ])('%s with %j: %i %s', async (rule, body, status, code) => {
    expect(await app.as(user).post(`/compute/${rule}`, body)).toMatchObject({ status, body: { code } });
  });

  test('is for whoever is signed in', async () => {
    expect((await app.as(undefined).post('/compute/allocation.vacancy-cost', march)).status).toBe(401);
  });
});
