import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { announce, ask, expect, expectAccessible, type Page, palier, panel, settle, test } from '../journey.ts';

const sandrine = 'sandrine@rive-haute.example';
const fatoumata = 'fatoumata@montreuil.example';
const yacine = 'yacine@prefecture.example';
const aminata = 'aminata@est-ensemble.example';
const thomas = 'thomas@als.example';

/** The year of a flow read by everyone who has a part in it: the landlord, a municipality, the State, an EPT. */

type Reports = { items: { reportId: string | null; name: string; landlord: string; year: number }[] };

test('the landlord opens the report of a municipality and takes it out as PDF, workbook and CSV', async ({
  browse,
}) => {
  const page = await browse(sandrine);
  await page.goto('/bilans?annee=2025');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^Bilans 2025\s: \d+ envoyés sur \d+, \d+ reçus$/);
  await page.getByRole('link', { name: 'Ville de Montreuil (démonstration)' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Bilan 2025 · Ville de Montreuil');
  await expectAccessible(page);
  const id = page.url().split('/').at(-1)!;
  for (const [format, begins] of [
    ['pdf', '%PDF'],
    ['xlsx', 'PK'],
    ['csv', '\ufeff'],
  ] as const) {
    const file = await page.request.get(`/api/v1/reports/${id}/file?format=${format}`);
    expect([format, file.status()]).toEqual([format, 200]);
    expect((await file.body()).toString('utf8').startsWith(begins), format).toBe(true);
  }
});

test('the municipality reads its own reports, the same figures, and no other', async ({ browse }) => {
  const page = await browse(fatoumata);
  await page.goto('/bilans');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('2 bilans reçus');
  const landlord = await browse(sandrine);
  const all = (await ask<Reports>(landlord, '/reports?year=2025')).body.items;
  const mine = all.find(({ name }) => name.startsWith('Ville de Montreuil'))!.reportId!;
  const other = all.find(({ name }) => name.startsWith('Action Logement'))!.reportId!;
  const figures = async (who: Page) => (await ask<{ lines: unknown }>(who, `/reports/${mine}`)).body.lines;
  expect(await figures(page)).toEqual(await figures(landlord));
  announce(page, 404);
  await page.goto(`/bilans/${other}`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Introuvable');
});

test('the landlord sees every holder in every commune, and why a gap is what it is', async ({ browse }) => {
  const page = await browse(sandrine);
  await page.goto('/flux');
  const matrix = panel(page, 'Réservataires et communes');
  await expect(matrix.getByRole('row').filter({ hasText: 'Ville de Montreuil' })).toBeVisible();
  await expectAccessible(page);
  await page.goto('/assiette');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/logements, dont .+ dans l’assiette$/);
  await expect(panel(page, /^Le parc par classe/)).toContainText('renouvellement urbain');
});

test('the State and the EPT read the flow of their territory, without a name', async ({ browse }) => {
  for (const email of [yacine, aminata]) {
    const page = await browse(email);
    await page.goto('/territoire');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Le flux de 1 bailleur');
    await expect(panel(page, 'Par bailleur et contingent')).toContainText('Action Logement');
    await expectAccessible(page);
  }
  const page = await browse(aminata);
  await page.goto('/bilans');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/bilans? reçus?$/);
});

test('a holder weighs ways of counting on the events of last year', async ({ browse }) => {
  const page = await browse(thomas);
  await page.goto('/comptage/simulateur');
  await settle(page);
  const row = page.getByRole('table').getByRole('row').filter({ hasText: 'Action Logement' }).first();
  await expect(row.getByText('%').first()).toBeVisible();
  await expectAccessible(page);
});

test('the journal of a year is recounted by its reader alone; an altered line is named', async ({ browse }) => {
  const page = await browse(thomas);
  const answer = await page.request.get('/api/v1/flow/journal?year=2025');
  expect(answer.status()).toBe(200);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'palier recount '));
  const file = path.join(folder, 'journal.jsonl');
  const journal = (await answer.body()).toString('utf8');
  fs.writeFileSync(file, journal);
  const whole = palier(['flow', 'recount', file]);
  expect(whole, whole.said).toMatchObject({ code: 0 });
  expect(whole.said).toContain('Action Logement');

  const lines = journal.split('\n');
  const altered = lines.findIndex((line) => line.includes('"proposed"') && line.includes('"kind"'));
  expect(altered).toBeGreaterThan(0);
  lines[altered] = lines[altered]!.replace('"proposed"', '"withdrawn"');
  fs.writeFileSync(file, lines.join('\n'));
  const broken = palier(['flow', 'recount', file]);
  expect(broken.code).toBe(1);
  expect(broken.said).toContain(`E-RECOUNT-01 : la ligne ${altered + 1}`);
  fs.rmSync(folder, { recursive: true });
});

test('a plan for all that waits is previewed, applied as a whole, and undone as a whole', async ({ browse }) => {
  const page = await browse(sandrine);
  await page.goto('/orientation');
  await page.getByRole('link', { name: 'Planifier ensemble' }).click();
  await page.getByRole('button', { name: 'Retenir ce plan…' }).click();
  const preview = page.getByRole('dialog', { name: 'Retenir ce plan' });
  const planned = await preview.getByRole('checkbox').count();
  announce(page, 409);
  await preview.getByRole('button', { name: /^Orienter/ }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Rien à planifier');
  const applied = panel(page, 'Plans appliqués');
  await expect(applied.getByRole('row').filter({ hasText: 'Plan d’ensemble' })).toContainText(String(planned));
  await expectAccessible(page);
  await applied.getByRole('button', { name: 'Annuler ce plan…' }).click();
  const undo = page.getByRole('dialog', { name: /^Annuler le plan/ });
  await undo.getByLabel('Motif').fill('Erreur de relecture');
  await undo.getByRole('button', { name: /^Reprendre/ }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(
    new RegExp(`^Planifier ${planned} logements? ensemble$`),
  );
  await expect(applied).toContainText('Erreur de relecture');
});
