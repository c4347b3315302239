import fs from 'node:fs';
import path from 'node:path';
import { type Account, accounts, emailOf, organisations } from '../../db/fixtures/accounts.ts';
import { announce, ask, expect, expectAccessible, follow, type Page, palier, panel, settle, test } from '../journey.ts';
import { project } from '../program.ts';

const desk = { width: 1_440, height: 900 };
const phone = { width: 390, height: 844 };

/** The addresses of the router: a page added there is visited here. */
const routes = [
  ...fs.readFileSync(path.join(project, 'src/app/web/router.tsx'), 'utf8').matchAll(/ (?:page|firstPage)\('([^']+)'/g),
].map((match) => match[1]!);

/** Where the records behind an address with an identifier are listed. */
const lists: Record<string, string> = {
  '/liberations': '/vacancies',
  '/propositions': '/proposals',
  '/conventions': '/agreements',
  '/commissions': '/sessions',
  '/biens': '/dwellings',
  '/proprietaires': '/owners',
  '/baux': '/tenancies',
  '/candidats': '/applications',
  '/echanges/imports': '/imports',
  '/bilans': '/reports',
  '/reunions': '/flow/meetings',
  '/assiette/previsionnel': '/base/forecasts',
};

/** What a page says that a role does not open, in the three languages. */
const refusals = ['fr', 'nl', 'en'].map(
  (language) =>
    (
      JSON.parse(fs.readFileSync(path.join(project, `src/platform/messages/${language}.json`), 'utf8')) as Record<
        string,
        string
      >
    )['problems.E-ACCESS-01.title'],
);

const nowhere = '01900000-0000-7000-8000-000000000000';

/** An address of a record this person may see, or of none. */
async function addressFor(page: Page, route: string): Promise<{ address: string; record: boolean }> {
  if (!route.includes('$id')) return { address: route, record: true };
  const list = lists[route.slice(0, route.indexOf('/$id'))];
  if (!list) throw new Error(`${route}: say in this file where its records are listed`);
  const { body } = await ask<{ items?: { id?: string; reportId?: string | null }[] }>(page, list);
  const id = body.items?.map((item) => item.id ?? item.reportId).find((known) => known);
  return { address: route.replace('$id', id ?? nowhere), record: Boolean(id) };
}

/** The pages that someone's own navigation leads to: all of them open. */
async function offeredTo(page: Page): Promise<Set<string>> {
  await page.goto('/');
  await settle(page);
  const links = page.getByRole('navigation').first().getByRole('link');
  const found = await links.evaluateAll((all) => all.map((link) => link.getAttribute('href')!));
  expect(found.length).toBeGreaterThan(3);
  return new Set(found);
}

const kindOf = ({ organisation }: Account) => organisations.find(({ key }) => key === organisation)!.kind;

/** One account for each way of working: a kind of organisation and roles. */
const ways = [
  ...new Map(accounts.map((account) => [`${kindOf(account)}, ${account.roles.join(' and ')}`, account])),
].map(([way, account]) => ({ way, kind: kindOf(account), email: emailOf(account) }));

/** Pages differ between kinds of organisation; between roles, what they offer does. Each is looked at closely once. */
const looked = new Set<string>();

test('every page is visited', () => {
  expect(routes.length).toBeGreaterThan(25);
});

for (const { way, kind, email } of ways) {
  test(`every page, for ${way}`, async ({ browse }) => {
    test.slow();
    const page = await browse(email);
    const offered = await offeredTo(page);
    /** The parts of the program that are closed to this person: their records are not tried one by one. */
    const closed = new Set<string>();
    // Two refusals in a row look alike: after one, the program is loaded again, as it is at first.
    let afresh = true;
    for (const route of routes) {
      const part = route.split('/')[1]!;
      if (closed.has(part) && !offered.has(route)) continue;
      await test.step(route, async () => {
        const { address, record } = await addressFor(page, route);
        // Nobody sees the record of nowhere; an agency has nobody to orient its dwellings to.
        if (!record || (kind === 'agency' && route.endsWith('/orientation'))) announce(page, 403, 404);
        if (afresh) await page.goto(address);
        else await goInside(page, address);
        const title = page.getByRole('heading', { level: 1 });
        await expect(title).toHaveCount(1);
        await expect(page).toHaveTitle(/\S · Palier$/);
        await expectNoSidewaysScroll(page);
        const opened = !refusals.includes((await title.textContent())!);
        expect(opened || !offered.has(route), `${route} is in the navigation`).toBe(true);
        if (!opened) closed.add(part);
        afresh = !opened;
        const look = `${kind} ${opened ? route : 'refused'}`;
        if (looked.has(look)) return;
        looked.add(look);
        await expectAccessible(page);
        await page.setViewportSize(phone);
        await expectNoSidewaysScroll(page);
        await expectAccessible(page);
        await page.setViewportSize(desk);
      });
    }
  });
}

for (const address of ['/connexion', `/invitation/${'x'.repeat(43)}`]) {
  test(`${address.split('/')[1]}, for nobody yet`, async ({ browse }) => {
    const page = await browse();
    announce(page, 404);
    await page.goto(address);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    for (const size of [desk, phone]) {
      await page.setViewportSize(size);
      await expectNoSidewaysScroll(page);
      await expectAccessible(page);
    }
  });
}

test('an address that leads nowhere says so', async ({ browse }) => {
  const page = await browse('nadia@tilleuls.example');
  await page.goto('/nulle-part');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Introuvable');
  await expectAccessible(page);
});

test('an agency that begins reads what each page is for', async ({ browse }) => {
  const password = 'quatre mots sans rapport';
  const person = ['--email', 'ann@erables.example', '--given-name', 'Ann', '--family-name', 'Peeters'];
  const agency = ['--organisation', 'AIS Les Érables', '--kind', 'agency', '--jurisdiction', 'be-bru'];
  const roles = ['--roles', 'director,rental-manager,allocation-officer,administrator'];
  const added = palier(['users', 'add', ...person, ...agency, ...roles, '--password-stdin'], password);
  expect(added, added.said).toMatchObject({ code: 0 });

  const page = await browse();
  await page.request.post('/api/v1/session', { data: { email: 'ann@erables.example', password } });
  const empty: Record<string, string> = {
    '/aujourdhui': 'Rien à faire aujourd’hui',
    '/liberations': 'Aucun logement à relouer',
    '/candidats': 'Aucun',
    '/commissions': 'Aucune séance',
    '/biens': 'Aucun',
    '/proprietaires': 'Aucun',
    '/contrats': 'Aucun',
    '/baux': 'Aucun bail',
    '/registre': 'Aucun',
    '/travaux': 'Aucun travail long pour l’instant',
  };
  for (const [address, words] of Object.entries(empty)) {
    await test.step(address, async () => {
      for (const size of [desk, phone]) {
        await page.setViewportSize(size);
        await page.goto(address);
        await settle(page);
        await expect(
          page
            .locator('main')
            .getByText(new RegExp(`^${words}`))
            .first(),
        ).toBeVisible();
        await expectNoSidewaysScroll(page);
        await expectAccessible(page);
      }
    });
  }
});

test('the keyboard finds anything: Ctrl K, arrows, Enter', async ({ browse }) => {
  const page = await browse('nadia@tilleuls.example');
  await page.goto('/aujourdhui');
  await settle(page);
  await page.keyboard.press('Control+k');
  const field = page.getByRole('combobox', { name: /^Un ménage, une adresse/ });
  await expect(field).toBeFocused();
  await page.keyboard.type('Benyahia');
  const results = page.getByRole('option').filter({ hasText: 'Benyahia Soumaya' });
  await expect(results).toHaveCount(2);
  await expectAccessible(page);
  const first = page.getByRole('option', { selected: true });
  await expect(first).toHaveCount(1);
  const before = await first.getAttribute('id');
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('option', { selected: true })).not.toHaveAttribute('id', before!);
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Benyahia Soumaya');
  await page.goBack();
  await expect(page).toHaveURL(/\/aujourdhui$/);
});

test('the first Tab offers to skip the navigation', async ({ browse }) => {
  const page = await browse('nadia@tilleuls.example');
  await page.goto('/liberations');
  await settle(page);
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Aller au contenu' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main')).toBeFocused();
});

test('a list is walked and opened by keyboard', async ({ browse }) => {
  const page = await browse('nadia@tilleuls.example');
  await page.goto('/baux');
  await settle(page);
  await page.keyboard.press('/');
  await expect(page.getByLabel('Ménage, adresse, référence')).toBeFocused();
  await page.keyboard.type('Benyahia');
  await expect(page.getByRole('row')).toHaveCount(2);
  await page.getByRole('region', { name: 'Liste' }).focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Benyahia Soumaya');
});

test('a drawer keeps the focus inside, and Escape closes it', async ({ browse }) => {
  const page = await browse('benoit@horizon.example');
  await page.goto('/baux?state=running&sort=start&order=asc');
  await page.getByRole('row').nth(1).getByRole('link').first().click();
  const button = page.getByRole('button', { name: 'Enregistrer un congé' });
  await button.click();
  const drawer = page.getByRole('dialog', { name: /^Congé de / });
  const holdsFocus = () => drawer.evaluate((element) => element.contains(document.activeElement));
  await expect.poll(holdsFocus).toBe(true);
  for (let press = 0; press < 16; press++) {
    await page.keyboard.press('Tab');
    expect(await holdsFocus(), `after Tab ${press + 1}`).toBe(true);
  }
  await page.keyboard.press('Escape');
  await expect(drawer).toHaveCount(0);
  await expect(button).toBeFocused();
});

test('a lost connection keeps what was typed, and sending again does it once', async ({ browse }) => {
  const page = await browse('leila@canal.example');
  await page.goto('/baux?state=running&sort=start&order=asc');
  await page.getByRole('row').nth(1).getByRole('link').first().click();
  await page.getByRole('button', { name: 'Enregistrer un congé' }).click();
  const form = page.getByRole('dialog');
  await form.getByLabel('Congé reçu le').fill('2026-03-11');
  await form.getByLabel('Motif').fill('Achat d’une maison à Namur.');

  // The request arrives, its answer is lost: the worst of cases.
  announce(page, 0);
  const keys: string[] = [];
  await page.route('**/api/v1/tenancies/*/notice', async (route) => {
    keys.push(route.request().headers()['idempotency-key']!);
    if (keys.length === 1) await route.fetch();
    return keys.length === 1 ? route.abort('connectionreset') : route.continue();
  });
  await form.getByRole('button', { name: 'Enregistrer le congé' }).click();
  await expect(form.getByRole('alert')).toContainText('Connexion perdue');
  await expect(form.getByRole('alert')).toContainText('E-NETWORK-01');
  await expect(form.getByLabel('Motif')).toHaveValue('Achat d’une maison à Namur.');
  await expect(form.getByLabel('Congé reçu le')).toHaveValue('2026-03-11');

  await form.getByRole('button', { name: 'Enregistrer le congé' }).click();
  await expect(form).toHaveCount(0);
  expect(keys).toHaveLength(2);
  expect(keys[1]).toBe(keys[0]);
  await expect(panel(page, 'Congé en cours')).toContainText('Achat d’une maison à Namur.');
});

test('what was typed is found again after the page is left', async ({ browse }) => {
  const page = await browse('nadia@tilleuls.example');
  await page.goto('/baux?state=running&sort=start&order=asc');
  await page.getByRole('row').nth(1).getByRole('link').first().click();
  await page.getByRole('button', { name: 'Enregistrer un congé' }).click();
  const kept = page.waitForResponse(
    (answer) => answer.url().includes('/drafts/') && answer.request().method() === 'PUT',
  );
  await page.getByRole('dialog').getByLabel('Motif').fill('Retour au pays.');
  expect((await kept).status()).toBe(200);
  await page.reload();
  await page.getByRole('button', { name: 'Enregistrer un congé' }).click();
  await expect(page.getByText('Votre saisie précédente a été retrouvée.')).toBeVisible();
  await expect(page.getByRole('dialog').getByLabel('Motif')).toHaveValue('Retour au pays.');
  await page.getByRole('button', { name: 'Recommencer à vide' }).click();
  await expect(page.getByRole('dialog').getByLabel('Motif')).toHaveValue('');
});

test('menus open by keyboard, are walked by arrows, and give the focus back', async ({ browse }) => {
  const page = await browse('claire@rive-haute.example');
  await page.goto('/liberations');
  await settle(page);
  for (const name of ['Claire Morel', 'Colonnes', 'Extraire', 'Étape', 'Vues']) {
    await test.step(name, async () => {
      const button = page.getByRole('button', { name: new RegExp(`^${name}`) }).first();
      await button.focus();
      await page.keyboard.press('Enter');
      await expect(page.getByRole('menu')).toBeVisible();
      await page.keyboard.press('ArrowDown');
      await expect(page.getByRole('menu').locator(':focus')).toHaveCount(1);
      await expectAccessible(page);
      await page.keyboard.press('Escape');
      await expect(page.getByRole('menu')).toHaveCount(0);
      await expect(button).toBeFocused();
    });
  }
});

test('on a phone the navigation unfolds, leads, and folds again', async ({ browse }) => {
  const page = await browse('nadia@tilleuls.example');
  await page.setViewportSize(phone);
  await page.goto('/aujourdhui');
  await page.getByRole('button', { name: 'Navigation' }).click();
  await expectAccessible(page);
  await follow(page, 'Libérations');
  await expect(page).toHaveURL(/\/liberations$/);
  await expect(
    page.getByRole('navigation', { name: 'Navigation' }).getByRole('link', { name: 'Biens' }),
  ).not.toBeInViewport();
});

/** Goes to an address as a link does, without loading the program again: the title or the heading is then another. */
async function goInside(page: Page, address: string): Promise<void> {
  await settle(page);
  const left = await page.title();
  await page.evaluate((to) => {
    document.querySelector('h1')!.setAttribute('data-left', '');
    history.pushState({}, '', to);
  }, address);
  await page.waitForFunction(
    (title) => document.title !== title || document.querySelector('h1:not([data-left])') !== null,
    left,
  );
  await settle(page);
}

/** Nothing is wider than the window: a page is read without moving it sideways. */
async function expectNoSidewaysScroll(page: Page): Promise<void> {
  await settle(page);
  const wide = await page.evaluate(() => {
    const limit = document.documentElement.clientWidth;
    const main = document.querySelector('main');
    return {
      page: document.documentElement.scrollWidth - limit,
      main: main ? main.scrollWidth - main.clientWidth : 0,
    };
  });
  expect
    .soft(wide, `sideways scroll of ${page.url()}, ${page.viewportSize()!.width} wide`)
    .toEqual({ page: 0, main: 0 });
}
