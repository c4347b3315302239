import { announce, ask, expect, expectAccessible, type Page, panel, settle, test } from '../journey.ts';

/** The State, a municipality, the federation and a territory: what each sees, and nothing else. */

type Listed = { items: { id: string }[] };

/** What the navigation offers, without its counts. */
async function entries(page: Page): Promise<string[]> {
  await page.goto('/');
  await settle(page);
  const links = await page.getByRole('navigation', { name: 'Navigation' }).getByRole('link').allTextContents();
  return links.map((text) => text.replace(/\s/g, ' ').replace(/\d+$/, '').trim()).filter((text) => text !== 'Palier');
}

const everyone = ['Échanges', 'Équipe', 'Travaux en cours', 'Journal', 'Textes et barèmes', 'Réglages'];
/** What every partner of a landlord may read of its flow, each its own part. */
const reading = ['Bilans', 'Réunions', 'Rapprochement SNE'];
const agreeing = ['Conventions', 'Logements soustraits', 'Droits et conversion', 'Comptage', ...reading];
const holding = ['Aujourd’hui', 'Propositions', 'Où en suis-je ?', 'Candidats', ...agreeing, ...everyone];

for (const { who, email, offered } of [
  { who: 'an officer of the State', email: 'helene@prefecture.example', offered: holding },
  { who: 'a municipality', email: 'fatoumata@montreuil.example', offered: holding },
  {
    who: 'an observer of the State',
    email: 'yacine@prefecture.example',
    offered: ['Aujourd’hui', 'Secteur', 'Flux du territoire', ...agreeing, ...everyone],
  },
  {
    who: 'an observer of the territory',
    email: 'aminata@est-ensemble.example',
    offered: [
      ...['Aujourd’hui', 'Secteur', 'Flux du territoire', 'Conventions', 'Logements soustraits', 'Cadre et réglages'],
      ...[...reading, ...everyone],
    ],
  },
  { who: 'the federation', email: 'isabelle@federation.example', offered: ['Aujourd’hui', 'Secteur', ...everyone] },
]) {
  test(`${who} is offered its own work`, async ({ browse }) => {
    expect(await entries(await browse(email))).toEqual(offered);
  });
}

test('the federation sees six agencies, and no name', async ({ browse }) => {
  const page = await browse('isabelle@federation.example');
  await page.goto('/secteur');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('6 organisations suivies');
  const agencies = panel(page, 'Par organisation').getByRole('row');
  for (const [name, dwellings] of [
    ['AIS La Passerelle', '240'],
    ['AIS du Canal Bleu', '120'],
    ['AIS Sablon Vert', '840'],
  ] as const) {
    await expect(agencies.filter({ hasText: name })).toContainText(dwellings);
  }
  await expectAccessible(page);
  for (const list of ['/dwellings', '/applications', '/tenancies', '/vacancies', '/proposals']) {
    expect(await ask(page, list), list).toMatchObject({ status: 403, body: { code: 'E-ACCESS-01' } });
  }
});

test('the observers of Île-de-France see the flows of the landlord, and no name', async ({ browse }) => {
  for (const email of ['yacine@prefecture.example', 'aminata@est-ensemble.example']) {
    const page = await browse(email);
    await page.goto('/secteur');
    await expect(panel(page, 'Par organisation')).toContainText('Habitat Rive Haute');
    await expect(panel(page, 'Flux par contingent')).toContainText('Action Logement');
    await expectAccessible(page);
    for (const list of ['/dwellings', '/applications', '/tenancies', '/vacancies', '/proposals']) {
      expect(await ask(page, list), list).toMatchObject({ status: 403, body: { code: 'E-ACCESS-01' } });
    }
  }
});

test('a municipality sees the dwellings proposed to it, and its own agreement', async ({ browse }) => {
  const page = await browse('fatoumata@montreuil.example');
  await page.goto('/propositions');
  await settle(page);
  const rows = page.getByRole('table').getByRole('link');
  await expect(rows.first()).toBeVisible();
  for (const address of await rows.allTextContents()) expect(address).toMatch(/, Montreuil$/);
  await expectAccessible(page);
  await page.goto('/ou-en-suis-je');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Où en suis-je chez Habitat Rive Haute ?');
  await page.goto('/conventions');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('1 convention');
  await expectAccessible(page);
});

test('the record of another organisation cannot be found', async ({ browse }) => {
  const first = async (email: string, list: string) => (await ask<Listed>(await browse(email), list)).body.items[0]!.id;
  const nadia = await browse('nadia@tilleuls.example');
  const thomas = await browse('thomas@als.example');
  const claire = await browse('claire@rive-haute.example');
  for (const [page, address] of [
    [nadia, `/biens/${await first('leila@canal.example', '/dwellings')}`],
    [nadia, `/baux/${await first('leila@canal.example', '/tenancies')}`],
    [nadia, `/candidats/${await first('leila@canal.example', '/applications')}`],
    [nadia, `/proprietaires/${await first('leila@canal.example', '/owners')}`],
    [nadia, `/liberations/${await first('claire@rive-haute.example', '/vacancies')}`],
    [nadia, `/commissions/${await first('claire@rive-haute.example', '/sessions')}`],
    [claire, `/biens/${await first('nadia@tilleuls.example', '/dwellings')}`],
    [thomas, `/propositions/${await first('fatoumata@montreuil.example', '/proposals')}`],
    [thomas, `/candidats/${await first('claire@rive-haute.example', '/applications')}`],
  ] as const) {
    await test.step(address, async () => {
      announce(page, 404);
      await page.goto(address);
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Introuvable');
      await expect(page.getByRole('alert')).toContainText('E-NOT-FOUND-01');
      await expectAccessible(page);
    });
  }
});

test('a page that a role does not open says so, without asking for what it may not see', async ({ browse }) => {
  for (const [email, address] of [
    ['karim@tilleuls.example', '/candidats'],
    ['karim@tilleuls.example', '/journal'],
    ['thomas@als.example', '/liberations'],
    ['thomas@als.example', '/biens'],
    ['isabelle@federation.example', '/registre'],
    ['yacine@prefecture.example', '/propositions'],
    ['jeanne@rive-haute.example', '/candidats'],
  ] as const) {
    await test.step(`${email} ${address}`, async () => {
      const page = await browse(email);
      await page.goto(address);
      await expect(page.getByRole('heading', { level: 1 })).toHaveText('Vous n’avez pas ce droit');
      await expectAccessible(page);
      await page.getByRole('link', { name: 'Revenir à Aujourd’hui' }).click();
      await expect(page).toHaveURL(/\/aujourdhui$/);
    });
  }
});
