import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestApp, type TestApp } from '../test-app.ts';

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({ today: '2026-11-22' });
});
afterAll(() => app.close());

type Series = { name: string; jurisdiction: string; verified: boolean; rows: Record<string, unknown>[] };

test('whoever is signed in reads it, their own jurisdiction first', async () => {
  for (const [kind, own] of [
    ['agency', 'be-bru'],
    ['holder', 'fr-idf'],
  ] as const) {
    const reader = await app.aUser(await app.anOrganisation(kind), ['reader']);
    const { status, body } = await app.as(reader).get<{ series: Series[] }>('/regulation');
    expect(status).toBe(200);
    expect(body.series[0]!.jurisdiction).toBe(own);
    expect(new Set(body.series.map(({ jurisdiction }) => jurisdiction)).size).toBe(2);
  }
});

test('the values of today come first, marked, with their source; an estimate is not presented as law', async () => {
  const reader = await app.aUser(await app.anOrganisation('agency'), ['reader']);
  const { body } = await app.as(reader).get<{ series: Series[] }>('/regulation');
  const income = body.series.find(({ name }) => name === 'admission-income')!;
  expect(income.verified).toBe(false);
  expect(income.rows.map(({ from, inForce, verified }) => [from, inForce, verified])).toEqual([
    ['2026-01-01', true, false],
    ['2025-01-01', false, false],
    ['2024-01-01', false, true],
    ['2023-01-01', false, true],
  ]);
  expect(income.rows[2]).toMatchObject({
    until: '2024-12-31',
    values: { single: { unit: 'cents', value: 2_749_910 } },
    sources: [{ article: 'CBL art. 125', url: 'https://binhome.brussels/candidats', confidence: 'verified' }],
  });
});

test('nobody reads it unsigned', async () => {
  expect((await app.as(undefined).get('/regulation')).status).toBe(401);
});
