import { walk } from '../../db/fixtures/walk.ts';
import {
  announce,
  choose,
  expect,
  expectAccessible,
  fact,
  follow,
  heading,
  idIn,
  type Page,
  panel,
  send,
  settle,
  test,
} from '../journey.ts';
import { agendaEntry, agendaOf, closeSitting, openSitting, signMinutes, takeAttendance } from '../sitting.ts';

const nabil = 'nabil@rive-haute.example';
const claire = 'claire@rive-haute.example';
const jeanne = 'jeanne@rive-haute.example';
const thomas = 'thomas@als.example';
const holder = 'Action Logement 93-94-77 (démonstration)';

/** From a tenant's notice to a lease signed with a household whom a holder named, by everyone who has a hand in it. */
test.describe.configure({ mode: 'serial' });

let vacancy: { id: string; address: string };
/** A dwelling that went to another holder. */
let elsewhere: string;
let before: Counters;

test('a notice opens the vacancy the same day', async ({ browse }) => {
  const page = await browse(nabil);
  await page.goto('/baux?state=running&q=Montreuil&sort=start&order=asc');
  await settle(page);
  await page
    .getByRole('row', { name: /Montreuil/ })
    .first()
    .getByRole('link')
    .first()
    .click();
  await page.getByRole('button', { name: 'Enregistrer un congé' }).click();
  const form = page.getByRole('dialog');
  await form.getByLabel('Congé reçu le').fill('2026-03-10');
  await expect(form.getByRole('heading', { name: /^Dernier jour du bail : / })).toBeVisible();
  await expectAccessible(page);
  await send(page, 'Enregistrer le congé');
  await expect(panel(page, 'Congé en cours')).toContainText('reçu le 10/03/2026');

  await page.getByRole('link', { name: /, Montreuil$/ }).click();
  await page.getByRole('link', { name: 'Suivre la libération' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('À orienter');
  vacancy = { id: idIn(page), address: (await heading(page)).replace('À orienter', '').trim() };
  await expectAccessible(page);
});

test('the suggestion has its reasons and the effect of each choice; sending elsewhere takes a reason', async ({
  browse,
}) => {
  const page = await browse(claire);
  await page.goto('/aujourdhui');
  await follow(page, 'Orientation');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(/logements à orienter$/);
  await page
    .getByRole('link', { name: new RegExp(walk.orientation.street) })
    .first()
    .click();

  await expect(panel(page, /^Pré-orientation : /)).toContainText(/proposés? pour [\d,]+ dus à ce jour .+Pourquoi\s:/);
  await expect(panel(page, 'Pourquoi ?')).toContainText('Part conventionnelle');
  const effects = page.getByRole('table');
  for (const party of [holder, 'Ville de Montreuil (démonstration)', 'Contingent propre']) {
    await expect(effects.getByRole('row').filter({ hasText: party })).toContainText(/Écart .+ avant, .+ après/);
  }
  await expectAccessible(page);

  const town = 'Ville de Montreuil (démonstration)';
  await page.getByRole('button', { name: 'Choisir un autre réservataire…' }).click();
  await page.getByRole('row').filter({ hasText: town }).getByRole('button', { name: 'Choisir' }).click();
  const decide = page.getByRole('button', { name: `Orienter vers ${town}` });
  await expect(decide).toBeDisabled();
  await page.getByLabel('Motif').fill('Convenu en réunion avec la ville : retour d’un logement du même type.');
  await expectAccessible(page);
  await decide.click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Chez le réservataire');
  await expect(fact(page, 'Orienté vers')).toContainText(town);
  await expect(fact(page, 'Motif')).toContainText('Convenu en réunion');
});

test('the officer follows the suggestion for the dwelling that is left', async ({ browse }) => {
  before = await countersOf(await browse(thomas));
  const page = await browse(claire);
  await page.goto(`/liberations/${vacancy.id}/orientation`);
  await expectAccessible(page);
  await page.getByRole('button', { name: `Orienter vers ${holder}` }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Chez le réservataire');
  await expect(fact(page, 'Orienté vers')).toContainText(holder);
  await expect(fact(page, 'Candidats jusqu’au')).toContainText('12/04/2026');

  await page.goto('/liberations?stage=with-holder');
  const others = page.getByRole('row').filter({ hasText: 'Chez le réservataire', hasNotText: 'Action Logement' });
  elsewhere = (await others.first().getByRole('link').textContent())!;
});

test('the holder sees its own proposals only, and names three candidates', async ({ browse }) => {
  const page = await browse(thomas);
  await page.goto('/');
  await expect(page.getByRole('navigation').getByRole('link')).not.toContainText(['Libérations', 'Biens', 'Baux']);
  await follow(page, 'Propositions');
  await page.getByRole('button', { name: /^à pourvoir/ }).click();
  await settle(page);
  await expect(page.getByRole('link', { name: elsewhere })).toHaveCount(0);
  await page.getByRole('link', { name: new RegExp(vacancy.address) }).click();
  await expect(page.getByText('Aucun candidat présenté')).toBeVisible();
  await expectAccessible(page);

  await page.getByRole('button', { name: 'Présenter un candidat' }).first().click();
  const form = page.getByRole('dialog');
  for (const [index, file] of ['2021-0001', '2021-0002', '2021-0003'].entries()) {
    await form.getByLabel('Depuis ma liste').fill(file);
    await page.getByRole('option', { name: new RegExp(file) }).click();
    await expect(form.getByLabel('Numéro unique (NUR)')).not.toHaveValue('');
    const last = index === 2;
    await form
      .getByRole('button', { name: last ? 'Présenter ce candidat' : 'Enregistrer et en saisir un autre' })
      .click();
    if (!last) await expect(form.getByLabel('Numéro unique (NUR)')).toHaveValue('');
  }
  await expect(form).toHaveCount(0);
  await expect(panel(page, '3 candidats')).toBeVisible();
  await page.getByRole('button', { name: 'Transmettre les 3 candidats' }).click();
  await expect(page.getByText('candidats transmis')).toBeVisible();
  expect((await countersOf(page)).proposed, 'proposed counts at once').toBe(before.proposed + 1);
});

test('the CALEOL decides with ranks, and its president signs', async ({ browse }) => {
  const page = await browse(claire);
  await page.goto(`/liberations/${vacancy.id}`);
  await page.getByRole('button', { name: 'Inscrire en commission' }).click();
  await page.getByRole('radio', { name: /12\/03\/2026/ }).check();
  await send(page, 'Inscrire à l’ordre du jour');
  await page.getByRole('link', { name: /^Ouvrir CALEOL/ }).click();
  const session = idIn(page);

  await takeAttendance(page);
  await openSitting(page);

  for (const name of await agendaOf(page)) {
    if (name === vacancy.address) continue;
    await agendaEntry(page, name).click();
    await page.getByRole('button', { name: 'Reporter ce logement' }).click();
    await expect(agendaEntry(page, name)).not.toContainText('à décider');
  }
  await agendaEntry(page, vacancy.address).click();
  await expect(page.getByRole('combobox', { name: /^Décision pour / })).toHaveCount(3);
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Enregistrer les décisions' }).click();
  await expect(page.getByText(/^Décidé par Claire Morel/)).toBeVisible();

  await closeSitting(page);

  const president = await browse(jeanne);
  await signMinutes(president, session);
  await expectAccessible(president);
});

test('silence or refusal brings the next rank; the third household signs its lease', async ({ browse }) => {
  const page = await browse(claire);
  await page.goto(`/liberations/${vacancy.id}`);

  // The first was notified so long ago that its silence has become a refusal: it can no longer accept.
  await offer(page, 1, '2026-02-25');
  announce(page, 409, 422);
  await page.getByRole('button', { name: 'Noter la réponse' }).click();
  await page.getByRole('button', { name: 'Enregistrer la réponse' }).click();
  await expect(page.getByRole('alert')).toContainText('le silence vaut refus');
  await expect(page.getByRole('alert')).toContainText('E-OFFER-05');
  await page.getByRole('radio', { name: 'Refuse le logement' }).check();
  await send(page, 'Enregistrer la réponse');

  await offer(page, 2, '2026-03-12');
  await answer(page, 'Refuse le logement', 'Trop loin de l’école des enfants.');
  await offer(page, 3, '2026-03-12');
  await expect(panel(page, '3 offres').getByRole('row').filter({ hasText: 'en attente' })).toContainText('23/03/2026');
  await answer(page, 'Accepte le logement', '');

  await page.getByRole('button', { name: 'Signer le bail' }).click();
  const form = page.getByRole('dialog');
  await form.getByLabel('Entrée le').fill('2026-04-20');
  await expectAccessible(page);
  await send(page, 'Signer le bail');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Bail signé');
  await fact(page, 'Nouveau bail').getByRole('link').click();
  await expect(fact(page, 'Imputé au contingent')).toHaveText('Action Logement');
  await page.getByRole('button', { name: 'Pourquoi ?' }).first().click();
  await expect(page.getByRole('dialog')).toContainText('Du 20/04/2026 au 30/04/2026');
});

test('the counters of the holder have moved, and the timeline tells all of it', async ({ browse }) => {
  const page = await browse(thomas);
  const after = await countersOf(page);
  expect(after).toEqual({
    proposed: before.proposed + 1,
    attributed: before.attributed + 1,
    leased: before.leased + 1,
  });
  await expectAccessible(page);

  const officer = await browse(claire);
  await officer.goto(`/liberations/${vacancy.id}?tab=historique`);
  for (const sentence of [
    /^Libération ouverte, /,
    /^Orienté vers Action Logement/,
    /^3 candidats transmis/,
    /^À l’ordre du jour de CALEOL/,
    /^Décision de CALEOL/,
    /^Offre envoyée au rang 3/,
    /^Offre acceptée/,
    /^Logement reloué, bail /,
  ]) {
    await expect(officer.getByRole('listitem').filter({ hasText: sentence })).not.toHaveCount(0);
  }
  await expectAccessible(officer);
});

type Counters = { proposed: number; attributed: number; leased: number };

/** « Où en suis-je ? » of Action Logement in Seine-Saint-Denis. */
async function countersOf(page: Page): Promise<Counters> {
  await page.goto('/ou-en-suis-je');
  await choose(page, 'Choisir une convention', /· 93$/);
  await settle(page);
  const figure = async (label: string) =>
    Number(await page.locator('div:has(> b)').filter({ hasText: label }).locator('b').textContent());
  return {
    proposed: await figure('proposés'),
    attributed: await figure('attribués en commission'),
    leased: await figure('baux signés'),
  };
}

async function offer(page: Page, rank: number, notifiedOn: string): Promise<void> {
  await page.getByRole('button', { name: 'Proposer le logement' }).click();
  const form = page.getByRole('dialog', { name: new RegExp(`rang ${rank}$`) });
  await form.getByLabel('Envoyée le').fill(notifiedOn);
  await form.getByLabel('Reçue par le ménage le').fill(notifiedOn);
  await expect(form).toContainText('Délai de réponse');
  await send(page, 'Envoyer l’offre');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Offre en cours');
}

async function answer(page: Page, choice: string, reason: string): Promise<void> {
  await page.getByRole('button', { name: 'Noter la réponse' }).click();
  const form = page.getByRole('dialog');
  await form.getByRole('radio', { name: choice }).check();
  await form.getByLabel('Ce qu’il en dit').fill(reason);
  await send(page, 'Enregistrer la réponse');
}
