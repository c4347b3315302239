import fs from 'node:fs';
import path from 'node:path';
import { walk } from '../../db/fixtures/walk.ts';
import {
  announce,
  ask,
  choose,
  expect,
  expectAccessible,
  fact,
  follow,
  idIn,
  type Page,
  panel,
  send,
  settle,
  signIn,
  test,
} from '../journey.ts';
import { agendaEntry, closeSitting, openSitting, signMinutes, takeAttendance } from '../sitting.ts';

const nadia = 'nadia@tilleuls.example';
const marc = 'marc@tilleuls.example';
const household = `${walk.notice.familyName} ${walk.notice.givenName}`;
const address = `${walk.notice.street} ${walk.notice.houseNumber} bte ${walk.notice.box}`;

/** A rental manager of an agency, from the notice of a household to the lease of the next. */
test.describe.configure({ mode: 'serial' });

let vacancy: string;
let dwelling: string;
let session: string;
/** Those whom the register puts before the committee, in its order; the last is chosen. */
let candidates: { name: string; file: string; address: string }[];

const fileOf = (name: string) => fs.readFileSync(path.join(import.meta.dirname, '../files', name), 'utf8');

const files = [
  {
    name: 'dwellings.csv',
    text: fileOf('brussels-dwellings.csv'),
    kind: 'Logements',
    required: ['Référence du logement', 'Loyer mensuel'],
    right: 37,
    wrong: ['« à définir » n’est pas un nombre attendu ici', 'Déjà donné à la ligne 27', 'ne passe pas son contrôle'],
    list: '/biens?q=Ormes argentés',
    found: { row: /Rue des Ormes argentés/, count: 5 },
  },
  {
    name: 'applicants.csv',
    // Numbered apart from the agency's own register.
    text: fileOf('brussels-applicants.csv').replace(/^(\d{4}-\d{4});/gm, 'R$1;'),
    kind: 'Candidats',
    required: ['Nom', 'Reçue le'],
    right: 116,
    wrong: ['ne passe pas son contrôle', 'écrivez l’année sur quatre chiffres', 'Ce jour précède le', 'À remplir'],
    list: '/candidats?q=R2017',
    found: { row: /R2017-0/, count: 14 },
  },
];

for (const { name, text, kind, required, right, wrong, list, found } of files) {
  test(`${name} is looked at, applied, undone as a whole, and applied again`, async ({ browse }) => {
    const page = await browse(nadia);
    const rows = page.getByRole('row').filter({ hasText: found.row });

    const imported = async () => {
      await page.goto('/aujourdhui');
      await follow(page, 'Échanges');
      await page.getByRole('link', { name: 'Importer un fichier' }).first().click();
      await page.getByRole('radio', { name: new RegExp(`^${kind}`) }).click();
      await page.locator('input[type="file"]').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
      await expectAccessible(page);
      await page.getByRole('button', { name: 'Envoyer le fichier' }).first().click();

      await expect(stepOf(page)).toContainText('Colonnes');
      for (const field of required) await expect(panel(page, 'Champs obligatoires')).toContainText(field);
      await expect(page.getByText('à choisir')).toHaveCount(0);
      await expectAccessible(page);
      await page.getByRole('button', { name: 'Vérifier les lignes' }).click();

      await expect(stepOf(page)).toContainText('Aperçu');
      const preview = panel(page, 'Lignes du fichier').getByRole('row');
      await expect(preview).toHaveCount(wrong.length + 1);
      for (const reason of wrong) await expect(preview.filter({ hasText: reason })).toHaveCount(1);
      await expectAccessible(page);
      await page.getByRole('button', { name: `Appliquer ${right} lignes` }).click();

      await expect(stepOf(page)).toContainText('Résultat');
      await expect(panel(page, 'Ce qui a été écrit')).toBeVisible();
      await expect(panel(page, `${wrong.length} lignes laissées de côté`)).toBeVisible();
      await expectAccessible(page);
      return page.url();
    };

    const first = await imported();
    await page.goto(list);
    await expect(rows).toHaveCount(found.count);
    await page.goto(first);
    await page.getByRole('button', { name: 'Annuler l’import' }).click();
    await expectAccessible(page);
    await page.getByRole('button', { name: 'Annuler tout l’import' }).click();
    await expect(page.getByText('en entier : rien n’a dû être gardé')).toBeVisible();
    await expectAccessible(page);
    await page.goto(list);
    await expect(page.getByText('Rien ne correspond à ces filtres')).toBeVisible();

    await imported();
    await page.goto(list);
    await expect(rows).toHaveCount(found.count);
  });
}

test('the notice of 10 March ends the lease on 30 June', async ({ browse }) => {
  const page = await browse();
  await signIn(page, nadia);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Bonjour Nadia');
  await expectAccessible(page);
  await follow(page, 'Baux');
  await page.getByLabel('Ménage, adresse, référence').fill(walk.notice.familyName);
  await page.getByRole('link', { name: household }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('en cours');
  await page.getByRole('button', { name: 'Enregistrer un congé' }).click();
  const form = page.getByRole('dialog');
  await form.getByLabel('Congé reçu le').fill('2026-03-10');
  await expect(form.getByRole('heading', { name: 'Dernier jour du bail : 30/06/2026' })).toBeVisible();
  await expect(form).toContainText('Durée légale');
  await form.getByLabel('Motif').fill('Déménagement près de sa fille.');
  await expectAccessible(page);
  await send(page, 'Enregistrer le congé');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('en préavis');
  await expect(panel(page, 'Congé en cours')).toContainText('30/06/2026');
  await expect(panel(page, 'Congé en cours')).toContainText('Déménagement près de sa fille.');
});

test('the dwelling appears under Libérations, with its dates and its next step', async ({ browse }) => {
  const page = await browse(nadia);
  await page.goto('/liberations');
  await page.getByLabel('Adresse, référence').fill(walk.notice.street);
  const row = page.getByRole('row').filter({ hasText: address });
  await expect(row).toContainText('Candidats à choisir');
  await expect(row).toContainText('Libre le');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/^\d+ logements à relouer$/);
  await expect(page.getByText(/de loyer perdu par jour/)).toBeVisible();
  await expectAccessible(page);
  await row.getByRole('link').click();
  await expect(fact(page, 'Libre après le')).toHaveText('30/06/2026');
  await expect(fact(page, 'Ménage sortant')).toHaveText(household);
  vacancy = idIn(page);
  dwelling = (await ask<{ dwellingId: string }>(page, `/vacancies/${vacancy}`)).body.dwellingId;
});

test('the register ranks the households that suit, each with its reasons', async ({ browse }) => {
  const page = await browse(nadia);
  await page.goto(`/liberations/${vacancy}`);
  const ranking = panel(page, 'Candidats du registre pour ce logement');
  const rows = ranking.getByRole('row');
  await expect(rows.nth(5)).toBeVisible();
  await expect(ranking).toContainText('Non classés :');
  await rows.nth(1).getByRole('button', { name: 'Pourquoi ?' }).click();
  await expect(page.getByRole('dialog', { name: 'Pourquoi ?' })).toContainText('Rang dans le registre');
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Retenir les premiers du registre' }).click();
  const chosen = panel(page, '4 candidats');
  await expect(chosen.getByRole('row')).toHaveCount(5);
  candidates = await Promise.all(
    [1, 2, 3, 4].map(async (rank) => {
      const row = chosen.getByRole('row').nth(rank);
      await expect(row.getByRole('cell').first()).toHaveText(String(rank));
      const link = row.getByRole('link');
      return {
        name: (await link.textContent())!,
        file: (await row.locator('.dim').first().textContent())!,
        address: (await link.getAttribute('href'))!,
      };
    }),
  );
});

test('the committee may choose rank 4, and says why ranks 1 to 3 are passed over', async ({ browse }) => {
  const page = await browse(nadia);
  await page.goto('/commissions');
  await page.getByRole('button', { name: 'Prévoir une séance' }).click();
  const plan = page.getByRole('dialog');
  await plan.getByLabel('Date').fill('2026-03-12');
  await expectAccessible(page);
  await plan.getByRole('button', { name: 'Prévoir une séance' }).click();
  await expect(page).toHaveURL(/\/commissions\/[0-9a-f-]{36}$/);
  session = idIn(page);
  await expect(page.getByText('Rien à l’ordre du jour')).toBeVisible();

  await page.goto(`/liberations/${vacancy}`);
  await page.getByRole('button', { name: 'Inscrire en commission' }).click();
  await page.getByRole('radio', { name: /12\/03\/2026/ }).check();
  await send(page, 'Inscrire à l’ordre du jour');
  await page.getByRole('link', { name: /^Ouvrir CA / }).click();
  await takeAttendance(page);
  await openSitting(page);
  await expect(agendaEntry(page, address)).toContainText('4 candidats');

  // The order proposes ranks 1 to 4; the sitting moves the fourth to the front.
  const item = page.getByRole('listitem').filter({ hasText: candidates[3]!.name });
  await choose(item, 'Rang', 'rang 1');
  await expect(page.getByText('3 ménages inscrits avant sont dépassés : dites pourquoi, pour chacun.')).toBeVisible();
  announce(page, 400, 409, 422);
  await page.getByRole('button', { name: 'Enregistrer les décisions' }).click();
  await expect(page.getByRole('alert')).toContainText(/E-DEROGATION-0\d/);
  for (const { name } of candidates.slice(0, 3)) {
    const familyName = name.split(' ')[0]!;
    await page
      .getByLabel(new RegExp(`^Motif de la dérogation pour ${familyName}`))
      .first()
      .fill('Un membre du ménage ne peut pas monter les deux étages sans ascenseur.');
  }
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Enregistrer les décisions' }).click();
  await expect(page.getByText(/^Décidé par Nadia Belkacem/)).toBeVisible();
  for (const [index, { name }] of candidates.slice(0, 3).entries()) {
    const line = new RegExp(`^${name.split(' ')[0]}.*, rang ${index + 1}`);
    const passed = page.getByRole('listitem').filter({ hasText: line });
    await expect(passed).toContainText('Un membre du ménage ne peut pas monter');
  }
  await closeSitting(page);
  await expectAccessible(page);
  const president = await browse(marc);
  await signMinutes(president, session);
  await expectAccessible(president);
});

test('the household accepts; its lease begins in mid-month with the first rent by days', async ({ browse }) => {
  const page = await browse(nadia);
  await page.goto(`/liberations/${vacancy}`);
  await page.getByRole('button', { name: 'Proposer le logement' }).click();
  await expect(page.getByRole('dialog')).toContainText(`Proposer le logement à ${candidates[3]!.name}, rang 1`);
  await expectAccessible(page);
  await send(page, 'Envoyer l’offre');
  const letter = panel(page, '1 offre').getByRole('link', { name: 'Lettre' });
  const file = await page.request.get((await letter.getAttribute('href'))!);
  expect(file.headers()['content-type']).toBe('application/pdf');

  await page.getByRole('button', { name: 'Noter la réponse' }).click();
  await page.getByRole('radio', { name: 'Accepte le logement' }).check();
  await send(page, 'Enregistrer la réponse');
  await page.getByRole('button', { name: 'Signer le bail' }).click();
  await page.getByRole('dialog').getByLabel('Entrée le').fill('2026-07-15');
  await expectAccessible(page);
  await send(page, 'Signer le bail');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Bail signé');

  await fact(page, 'Nouveau bail').getByRole('link').click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText(candidates[3]!.name);
  const { body } = await ask<{ rentCents: number; firstRentCents: number }>(page, `/tenancies/${idIn(page)}`);
  // Seventeen days of July, the 15th included, half a cent up (vectors 4.7).
  expect(body.firstRentCents).toBe(Math.floor((body.rentCents * 17) / 31 + 0.5));
  const figure = page.locator('div:has(> b)').filter({ hasText: 'premier loyer' });
  await expect(figure.locator('b')).toHaveText(inEuros(body.firstRentCents));
  await figure.getByRole('button', { name: 'Pourquoi ?' }).click();
  const why = page.getByRole('dialog', { name: 'Pourquoi ?' });
  await expect(why).toContainText('Du 15/07/2026 au 31/07/2026');
  await expect(why).toContainText('17 jours');
  await expectAccessible(page);
});

test('the register shows the exit with its cause, without a name', async ({ browse }) => {
  const page = await browse(nadia);
  await page.goto('/registre?state=housed&sort=registration&order=desc');
  const row = page.getByRole('row').filter({ hasText: candidates[3]!.file });
  for (let screen = 0; screen < 20 && (await row.count()) === 0; screen++) {
    await page.getByRole('region', { name: 'Liste' }).press('PageDown');
    await settle(page);
  }
  await expect(row).toContainText('12/03/2026, logé');
  await expect(row).not.toContainText(candidates[3]!.name.split(' ')[0]!);
  await expectAccessible(page);
});

test('the timelines of the dwelling, the household and the sitting tell what was done', async ({ browse }) => {
  const page = await browse(nadia);
  await expectTold(page, `/biens/${dwelling}?tab=historique`, [
    /^Congé reçu le 10\/03\/2026, fin du bail le 30\/06\/2026/,
    /^4 candidats retenus dans l’ordre du registre/,
    /avec dérogation motivée/,
    /^Offre envoyée au rang 1/,
    /^Offre acceptée/,
    /^Bail .+ signé, entrée le 15\/07\/2026/,
  ]);
  await expectTold(page, `${candidates[3]!.address}?tab=historique`, [
    /^Offre envoyée au rang 1/,
    /^Offre acceptée/,
    /^Bail .+ signé/,
  ]);
  await expectTold(page, `/commissions/${session}?tab=historique`, [
    /^Séance ouverte, /,
    /avec dérogation motivée/,
    /^Séance close, procès-verbal scellé/,
    /^Procès-verbal signé par/,
  ]);
});

/** The step at which an import stands. */
const stepOf = (page: Page) => page.locator('[aria-current="step"]');

async function expectTold(page: Page, where: string, sentences: readonly RegExp[]): Promise<void> {
  await test.step(where, async () => {
    await page.goto(where);
    for (const sentence of sentences) {
      await expect(page.getByRole('listitem').filter({ hasText: sentence })).not.toHaveCount(0);
    }
    await expectAccessible(page);
  });
}

/** An amount as the screen writes it, whatever blank stands before the sign. */
const inEuros = (cents: number): RegExp => {
  const [euros, rest] = (cents / 100).toFixed(2).split('.');
  return new RegExp(`^${euros!.replace(/\B(?=(\d{3})+$)/g, '\\s?')},${rest}\\s€$`);
};
