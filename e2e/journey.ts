import fs from 'node:fs';
import path from 'node:path';
import { test as base, type ConsoleMessage, expect, type Locator, type Page } from '@playwright/test';
import { demonstrationPassword } from '../db/fixtures/accounts.ts';
import { program, project } from './program.ts';

export { palier, program } from './program.ts';
export { expect, type Locator, type Page };

/** What the person on a page must not meet: an error of the program, a request that fails, a refusal nobody announced. */
type Watch = { faults: string[]; announced: Set<number> };

const watches = new WeakMap<Page, Watch>();
/** Signing in costs a good part of a second: each account does it once. */
const sessions = new Map<string, Awaited<ReturnType<ReturnType<Page['context']>['storageState']>>>();

type Fixtures = {
  /** A browser of its own for someone: nobody yet, or an account that is signed in. Several people at once. */
  browse(email?: string): Promise<Page>;
};

export const test = base.extend<Fixtures>({
  browse: async ({ browser }, use) => {
    const opened: Page[] = [];
    await use(async (email) => {
      const context = await browser.newContext(email ? { storageState: await sessionOf(browser, email) } : {});
      const page = await context.newPage();
      watch(page);
      opened.push(page);
      return page;
    });
    const faults = opened.flatMap((page) => watches.get(page)!.faults);
    for (const page of opened) await page.context().close();
    expect(faults, 'errors met on the way').toEqual([]);
  },
});

async function sessionOf(browser: import('@playwright/test').Browser, email: string) {
  let session = sessions.get(email);
  if (!session) {
    const context = await browser.newContext({ baseURL: program.url });
    const answer = await context.request.post('/api/v1/session', { data: { email, password: demonstrationPassword } });
    expect(answer.status(), `${email} signs in`).toBe(200);
    session = await context.storageState();
    sessions.set(email, session);
    await context.close();
  }
  return session;
}

/** Refusals with this status are part of the journey on this page. */
export function announce(page: Page, ...statuses: number[]): void {
  for (const status of statuses) watches.get(page)!.announced.add(status);
}

function watch(page: Page): void {
  const { faults, announced }: Watch = { faults: [], announced: new Set() };
  watches.set(page, { faults, announced });
  const note = (what: string) => faults.push(`${new URL(page.url()).pathname}: ${what}`);
  page.on('pageerror', (error) => note(error.message));
  page.on('console', (message) => isNews(message) && note(message.text()));
  page.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText ?? '';
    // A page that is left gives up what it still asked for.
    if (reason !== 'net::ERR_ABORTED' && !announced.has(0)) note(`${request.method()} ${request.url()} ${reason}`);
  });
  page.on('response', (response) => {
    const status = response.status();
    const { pathname } = new URL(response.url());
    const askingWho = status === 401 && pathname === '/api/v1/session';
    if (status >= 400 && !announced.has(status) && !askingWho)
      note(`${response.request().method()} ${pathname} ${status}`);
  });
}

/** Failed requests are noted with their status; the console repeats them without it. */
const isNews = (message: ConsoleMessage): boolean =>
  message.type() === 'error' && !message.text().startsWith('Failed to load resource');

/** Signs in on the screen, as people do. */
export async function signIn(page: Page, email: string, password: string = demonstrationPassword): Promise<void> {
  await page.goto('/connexion');
  await page.getByLabel('Adresse de courriel').fill(email);
  await page.getByRole('textbox', { name: 'Mot de passe', exact: true }).fill(password);
  await page.getByRole('button', { name: 'Se connecter', exact: true }).click();
}

/** Everything the page waited for is there, and nothing moves any more. */
export async function settle(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { level: 1 })).not.toHaveCount(0);
  await expect(page.locator('[aria-busy="true"], .mantine-Skeleton-root')).toHaveCount(0);
  await page.evaluate(() => Promise.allSettled(document.getAnimations().map((animation) => animation.finished)));
}

const axeSource = fs.readFileSync(path.join(project, 'node_modules', 'axe-core', 'axe.min.js'), 'utf8');
const axeTags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Nothing axe-core knows to look for is wrong with the page as it stands. */
export async function expectAccessible(page: Page): Promise<void> {
  await settle(page);
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axeSource);
  const violations = await page.evaluate(async (tags) => {
    const { axe } = window as unknown as { axe: typeof import('axe-core') };
    // A menu that is open stands beside the landmarks of the page, as menus do.
    const region = { enabled: document.querySelector('[role="menu"]') === null };
    const found = await axe.run(document, { runOnly: tags, rules: { region }, resultTypes: ['violations'] });
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
  }, axeTags);
  expect.soft(violations, `axe-core on ${page.url()}, ${page.viewportSize()!.width} wide`).toEqual([]);
}

/** Goes through the navigation, and waits for the page. */
export async function follow(page: Page, entry: string): Promise<void> {
  await page
    .getByRole('navigation', { name: 'Navigation' })
    .getByRole('link', { name: new RegExp(`^${entry}`) })
    .click();
  await settle(page);
}

/** The part of a page under a heading: a panel with what it holds. */
export const panel = (page: Page, title: string | RegExp): Locator =>
  page.locator('section').filter({ has: page.getByRole('heading', { name: title, level: 2 }) });

/** What stands beside a name in the facts of a record. */
export const fact = (page: Page, name: string): Locator =>
  page
    .locator('dl > div')
    .filter({ has: page.locator('dt', { hasText: new RegExp(`^${name}$`) }) })
    .locator('dd');

/** Chooses in a drop-down list by what it says. */
export async function choose(where: Page | Locator, name: string | RegExp, option: string | RegExp): Promise<void> {
  const field = where.getByRole('combobox', { name });
  await field.click();
  await field.page().getByRole('option', { name: option }).first().click();
}

/** Sends the form of the drawer and waits until it has closed: what it did is done. */
export async function send(page: Page, button: string | RegExp): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: button }).click();
  await expect(dialog).toHaveCount(0);
}

/** The identifier at the end of the address. */
export const idIn = (page: Page): string => /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(page.url())![0];

/** What the heading of the page says, with the state beside it. */
export async function heading(page: Page): Promise<string> {
  await settle(page);
  return (await page.getByRole('heading', { level: 1 }).textContent()) ?? '';
}

/** Asks the program itself, as the person whose browser this is. */
export async function ask<Answer>(page: Page, address: string): Promise<{ status: number; body: Answer }> {
  const answer = await page.request.get(`/api/v1${address}`);
  return { status: answer.status(), body: (await answer.json()) as Answer };
}
