import { expect, type Locator, type Page, panel } from './journey.ts';

/** What people do around the table of a committee. */

/** Notes everyone present: the sitting opens once the quorum is reached. */
export async function takeAttendance(page: Page): Promise<void> {
  await expect(panel(page, 'Membres')).toBeVisible();
  for (const member of await panel(page, 'Membres').getByRole('checkbox').all()) {
    if (await member.isChecked()) continue;
    await member.click();
    await expect(member).toBeChecked();
  }
}

export async function openSitting(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Ouvrir la séance' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('ouverte');
}

export const agendaEntry = (page: Page, address: string): Locator =>
  panel(page, 'Ordre du jour').getByRole('button').filter({ hasText: address });

/** The addresses on the agenda, in their order. */
export const agendaOf = (page: Page): Promise<string[]> =>
  panel(page, 'Ordre du jour').locator('li button .strong').allTextContents();

export async function closeSitting(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Clore et sceller' }).click();
  await page.getByRole('menuitem', { name: 'Procès-verbal en français' }).click();
  await expect(page.getByRole('link', { name: 'Lire le procès-verbal' })).toBeVisible();
}

/** Signs the sealed minutes of a sitting one sat in, and finds one's signature in its history. */
export async function signMinutes(page: Page, session: string): Promise<void> {
  await page.goto(`/commissions/${session}`);
  await page.getByRole('button', { name: 'Signer le procès-verbal' }).click();
  await expect(panel(page, 'Membres').getByText(/signé /)).toBeVisible();
  await page.getByRole('tab', { name: 'Historique' }).click();
  await expect(page.getByText(/^Procès-verbal signé par/)).toBeVisible();
}
