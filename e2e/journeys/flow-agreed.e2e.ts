import { choose, expect, expectAccessible, heading, type Page, panel, send, settle, test } from '../journey.ts';

const sandrine = 'sandrine@rive-haute.example';
const helene = 'helene@prefecture.example';
const marine = 'marine@chelles.example';
const fatoumata = 'fatoumata@montreuil.example';
const aminata = 'aminata@est-ensemble.example';
const ghislaine = 'ghislaine@caf.example';

/** What parties of a flow decide together: the forecast, an agreement, the report of a year, what to do when it drifts. */

test('the landlord writes the forecast of next year from what is known, and submits it', async ({ browse }) => {
  const page = await browse(sandrine);
  await page.goto('/assiette/previsionnel');
  await expect(page.getByText('Le prévisionnel 2027 reste à écrire pour : 77')).toBeVisible();
  await page.getByRole('button', { name: 'Écrire un prévisionnel' }).click();
  const form = page.getByRole('dialog');
  await choose(form, 'Département', /^77/);
  await expectAccessible(page);
  await form.getByRole('button', { name: 'Enregistrer le projet' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('2027, département 77 projet');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Soumettre à l’arbitrage' }).click();
  await send(page, 'Soumettre à l’arbitrage');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('2027, département 77 soumis');
});

test('the EPT reads what is submitted, the State decides; once published a municipality reads the same figures', async ({
  browse,
}) => {
  const territory = await browse(aminata);
  await openForecast(territory);
  await expect(territory.getByRole('heading', { level: 1 })).toHaveText('2027, département 93 soumis');
  // It speaks for a département: the territory reads it, the State decides.
  await expect(territory.getByRole('button', { name: 'Arrêter au département' })).toHaveCount(0);

  const state = await browse(helene);
  await openForecast(state);
  await state.getByRole('button', { name: 'Arrêter au département' }).click();
  await state.getByRole('dialog').getByLabel('Commentaire').fill('Conforme à la charte de relogement.');
  await send(state, 'Arrêter au département');
  await expect(state.getByRole('heading', { level: 1 })).toHaveText('2027, département 93 arrêté au département');

  const landlord = await browse(sandrine);
  await openForecast(landlord);
  await expect(panel(landlord, 'Arbitrage')).toContainText('Conforme à la charte de relogement.');
  await landlord.getByRole('button', { name: 'Publier aux réservataires' }).click();
  await send(landlord, 'Publier aux réservataires');
  expect(await heading(landlord)).toBe('2027, département 93 publié');

  const municipality = await browse(fatoumata);
  await openForecast(municipality);
  const figures = (page: Page) => panel(page, 'Le calcul de l’assiette').getByRole('table').textContent();
  expect(await figures(municipality)).toBe(await figures(landlord));
});

const openForecast = async (page: Page) => {
  await page.goto('/assiette/previsionnel');
  await page.getByRole('link', { name: '2027, département 93' }).click();
  await settle(page);
};

test('a municipality has signed its next agreement; the landlord signs the same terms, and it is agreed', async ({
  browse,
}) => {
  const landlord = await browse(sandrine);
  await openAgreement(landlord);
  await expect(panel(landlord, 'Suite')).toContainText('Signée par le réservataire, à signer par le bailleur');
  await expectAccessible(landlord);
  await landlord.getByRole('button', { name: 'Signer la convention' }).click();
  await landlord.getByRole('dialog').getByLabel('Qualité').fill('Directrice');
  await send(landlord, 'Signer');
  await expect(landlord.getByRole('heading', { level: 1 })).toContainText('signée');

  const municipality = await browse(marine);
  await openAgreement(municipality);
  await expect(municipality.getByRole('heading', { level: 1 })).toContainText('signée');
});

const openAgreement = async (page: Page) => {
  await page.goto('/conventions');
  await page.getByRole('row').filter({ hasText: 'CR-VILLE-77108-2028' }).getByRole('link').first().click();
  await settle(page);
};

test('a holder says that it received the report of the year; nothing waits any more', async ({ browse }) => {
  const landlord = await browse(sandrine);
  await landlord.goto('/bilans?annee=2025');
  await expect(landlord.getByRole('heading', { level: 1 })).toHaveText(
    'Bilans 2025\u00a0: 21 envoyés sur 21, 20 reçus',
  );

  const page = await browse(ghislaine);
  await page.goto('/bilans');
  await page.getByRole('row').filter({ hasText: 'Bilan 2025' }).getByRole('link').first().click();
  await page.getByRole('button', { name: 'Accuser réception' }).click();
  await send(page, 'Accuser réception');
  await expect(page.getByText(/^Reçu le 12\/03\/2026, noté par Ghislaine Célestin/)).toBeVisible();

  await landlord.reload();
  await expect(landlord.getByRole('heading', { level: 1 })).toHaveText(
    'Bilans 2025\u00a0: 21 envoyés sur 21, 21 reçus',
  );
});

test('what is decided about a drift is written down, and its holder reads it', async ({ browse }) => {
  const landlord = await browse(sandrine);
  await landlord.goto('/flux');
  const row = panel(landlord, 'Réservataires et communes').getByRole('row').filter({ hasText: 'Caisse d’allocations' });
  await row.getByRole('button').first().click();
  await landlord.getByRole('button', { name: 'Décider d’une action' }).click();
  const form = landlord.getByRole('dialog').filter({ hasText: 'L’écart du jour' });
  await form.getByLabel('Ce qui est décidé').fill('Proposer le prochain T2 de Bondy.');
  await form.getByLabel('Échéance').fill('2026-06-30');
  await expectAccessible(landlord);
  await form.getByRole('button', { name: 'Enregistrer l’action' }).click();
  await expect(form).toHaveCount(0);

  const holder = await browse(ghislaine);
  await holder.goto('/flux/actions');
  await expect(holder.getByRole('main')).toContainText('Caisse d’allocations familiales');
});
