import { createHmac } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';
import { demonstrationPassword } from '../../db/fixtures/accounts.ts';
import {
  announce,
  expect,
  expectAccessible,
  type Page,
  palier,
  program,
  send,
  settle,
  signIn,
  test,
} from '../journey.ts';

/** Coming in: by password, with a one-time code, on an invitation, through the organisation's own provider. */

test('a wrong password is refused, and the fifth locks the account for a while', async ({ browse }) => {
  const page = await browse();
  announce(page, 401, 409);
  await signIn(page, 'linh@hopital.example', 'pas le bon mot de passe');
  await expect(page.getByRole('alert')).toContainText('Connexion refusée');
  await expect(page.getByRole('alert')).toContainText('E-SIGN-IN-03');
  await expectAccessible(page);
  const enter = page.getByRole('button', { name: 'Se connecter', exact: true });
  for (let failure = 2; failure <= 5; failure++) {
    const refusal = page.waitForResponse((answer) => answer.url().endsWith('/session'));
    await enter.click();
    expect((await refusal).status()).toBe(401);
  }
  // Even the right one, now.
  await page.getByRole('textbox', { name: 'Mot de passe', exact: true }).fill(demonstrationPassword);
  await enter.click();
  await expect(page.getByRole('alert')).toContainText('Connexion bloquée pour un moment');
  await expect(page.getByRole('alert')).toContainText(/Réessayez dans \d+ minutes?/);
  await expectAccessible(page);

  expect(palier(['users', 'unlock', 'linh@hopital.example'])).toMatchObject({ code: 0 });
  await enter.click();
  await expect(page).toHaveURL(/\/aujourdhui$/);
});

test('who comes by a deep link is led there once signed in', async ({ browse }) => {
  const page = await browse();
  await page.goto('/baux?q=Benyahia');
  await expect(page).toHaveURL(/\/connexion/);
  await page.getByLabel('Adresse de courriel').fill('nadia@tilleuls.example');
  await page.getByRole('textbox', { name: 'Mot de passe', exact: true }).fill(demonstrationPassword);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/baux\?q=Benyahia$/);
  await expect(page.getByRole('row', { name: /Benyahia Soumaya/ })).toBeVisible();
  await page.getByRole('button', { name: 'Nadia Belkacem' }).click();
  await page.getByRole('menuitem', { name: 'Se déconnecter' }).click();
  await expect(page).toHaveURL(/\/connexion/);
  await page.goto('/baux');
  await expect(page).toHaveURL(/\/connexion/);
});

test('one-time codes are set up, asked for, replaced by a backup code, and removed', async ({ browse }) => {
  const email = 'ghislaine@caf.example';
  const page = await browse();
  await signIn(page, email);
  await expect(page).toHaveURL(/\/aujourdhui$/);
  await page.goto('/compte');
  await page.getByRole('button', { name: 'Activer les codes' }).click();
  await page.getByRole('dialog').getByLabel('Mot de passe actuel').fill(demonstrationPassword);
  await page.getByRole('button', { name: 'Continuer' }).click();
  const secret = (await page.getByLabel('Ou saisissez ce secret').inputValue()).replaceAll(' ', '');
  const backup = (await page.getByLabel('Tous les codes, à copier').inputValue()).split(' ');
  await expectAccessible(page);

  const form = page.getByRole('dialog');
  announce(page, 400, 401, 422);
  await form.getByLabel('Le code affiché par le téléphone').fill(otherThan(codeNow(secret)));
  await form.getByRole('button', { name: 'Activer les codes' }).click();
  await expect(form.getByRole('alert')).toContainText('Ce code n’est pas le bon');
  await form.getByLabel('Le code affiché par le téléphone').fill(codeNow(secret));
  await send(page, 'Activer les codes');
  await expect(page.getByText('actifs', { exact: true })).toBeVisible();

  await page.getByRole('button', { name: /Ghislaine/ }).click();
  await page.getByRole('menuitem', { name: 'Se déconnecter' }).click();
  await signIn(page, email);
  await expect(page.getByRole('heading', { name: 'Code à usage unique' })).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel('Code à six chiffres').fill(otherThan(codeNow(secret)));
  await page.getByRole('button', { name: 'Se connecter' }).click();
  await expect(page.getByRole('alert')).toContainText('E-SIGN-IN-05');
  await page.getByLabel('Code à six chiffres').fill(codeNow(secret));
  await page.getByRole('button', { name: 'Se connecter' }).click();
  await expect(page).toHaveURL(/\/aujourdhui$/);

  // The phone is lost: one of the codes kept opens once, and never again.
  await page.context().clearCookies();
  for (const outcome of ['opens', 'is used up'] as const) {
    await signIn(page, email);
    await page.getByRole('button', { name: 'Je n’ai pas mon téléphone' }).click();
    await page.getByLabel('Code de secours').fill(backup[0]!);
    await page.getByRole('button', { name: 'Se connecter' }).click();
    if (outcome === 'opens') {
      await expect(page).toHaveURL(/\/aujourdhui$/);
      await page.goto('/compte');
      await page.context().clearCookies();
    } else {
      await expect(page.getByRole('alert')).toContainText('Ce code n’est pas le bon');
      await page.getByLabel('Code de secours').fill(backup[1]!);
      await page.getByRole('button', { name: 'Se connecter' }).click();
      await expect(page).toHaveURL(/\/aujourdhui$/);
    }
  }

  await page.goto('/compte');
  await page.getByRole('button', { name: 'Retirer les codes' }).click();
  await page.getByRole('dialog').getByLabel('Mot de passe actuel').fill(demonstrationPassword);
  await send(page, 'Ne plus demander de code');
  await expect(page.getByText('inactifs', { exact: true })).toBeVisible();
});

test('an invitation opens an account, once', async ({ browse }) => {
  const administrator = await browse('ilyas@tilleuls.example');
  await administrator.goto('/equipe');
  await administrator.getByRole('button', { name: 'Inviter une personne' }).first().click();
  const form = administrator.getByRole('dialog');
  await form.getByLabel('Adresse de courriel').fill('odile@tilleuls.example');
  await form.getByLabel('Prénom').fill('Odile');
  await form.getByRole('textbox', { name: 'Nom', exact: true }).fill('Wauters');
  await form.getByRole('checkbox', { name: /^comptabilité/ }).check();
  await expectAccessible(administrator);
  await form.getByRole('button', { name: 'Créer le lien d’invitation' }).click();
  const link = await administrator.getByLabel('Lien d’invitation').inputValue();
  await expectAccessible(administrator);

  const guest = await browse();
  announce(guest, 400, 404, 422);
  await guest.goto(link);
  await expect(guest.getByRole('heading', { level: 1 })).toHaveText('AIS Les Tilleuls vous invite');
  await expectAccessible(guest);
  await guest.getByLabel('Choisissez un mot de passe').fill('azerty123456');
  await guest.getByRole('button', { name: 'Ouvrir mon compte' }).click();
  await expect(guest.getByRole('alert')).toContainText('E-PASSWORD-01');
  await guest.getByLabel('Choisissez un mot de passe').fill('cerise tambour lanterne');
  await guest.getByRole('button', { name: 'Ouvrir mon compte' }).click();
  await expect(guest.getByRole('heading', { level: 1 })).toHaveText('Vous faites partie de AIS Les Tilleuls');
  await guest.getByRole('link', { name: 'Se connecter' }).click();
  await expect(guest.getByLabel('Adresse de courriel')).toHaveValue('odile@tilleuls.example');
  await guest.getByRole('textbox', { name: 'Mot de passe', exact: true }).fill('cerise tambour lanterne');
  await guest.getByRole('button', { name: 'Se connecter', exact: true }).click();
  await expect(guest.getByRole('heading', { level: 1 })).toHaveText('Bonjour Odile');
  await guest.goto(link);
  await expect(guest.getByRole('heading', { level: 1 })).toHaveText('Cette invitation n’est plus valable');
});

test('each person reads Palier in a language of their own', async ({ browse }) => {
  const page = await browse('david@rail.example');
  await page.goto('/aujourdhui');
  const speak = async (language: string) => {
    await page.getByRole('button', { name: 'David Fernandes' }).click();
    await page.getByRole('menuitem', { name: language }).click();
    await expect(page.getByRole('menu')).toHaveCount(0);
  };
  for (const [language, code, entry] of [
    ['Nederlands', 'nl', 'Vandaag'],
    ['English', 'en', 'Today'],
    ['Français', 'fr', 'Aujourd’hui'],
  ] as const) {
    await speak(language);
    await expect(page.getByRole('navigation').getByRole('link', { name: new RegExp(`^${entry}`) })).toBeVisible();
    await expect(page.locator('html')).toHaveAttribute('lang', code);
    await expectAccessible(page);
  }
});

test('an organisation signs in with its own OpenID Connect provider', async ({ browse }) => {
  const email = 'grace@tilleuls.example';
  const provider = await startProvider(`${program.url}/api/auth/callback/essai-tilleuls`, email);
  try {
    const administrator = await browse('ilyas@tilleuls.example');
    await administrator.goto('/reglages?tab=connexion');
    await administrator.getByRole('button', { name: 'Ajouter un fournisseur d’identité' }).click();
    const form = administrator.getByRole('dialog');
    await form.getByLabel('Nom affiché').fill('le compte des Tilleuls');
    await form.getByLabel('Nom court').fill('essai-tilleuls');
    await expect(form.getByLabel('Adresse de retour')).toHaveValue(provider.redirectUri);
    await form.getByLabel('Adresse de l’émetteur (issuer)').fill(provider.issuer);
    await form.getByLabel('Identifiant client').fill('palier');
    await form.getByRole('textbox', { name: 'Secret client', exact: true }).fill(provider.secret);
    await expectAccessible(administrator);
    await send(administrator, 'Ajouter un fournisseur d’identité');
    await expect(administrator.getByRole('row', { name: /le compte des Tilleuls/ })).toContainText('active');

    const page = await browse();
    await page.goto('/connexion');
    await throughProvider(page, email);
    await expect(page).toHaveURL(/\/aujourdhui$/);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Bonjour Grâce');

    // The provider knows this person, Palier does not: nobody is let in who was not invited.
    const stranger = await browse();
    await stranger.goto('/connexion');
    await throughProvider(stranger, 'nobody@elsewhere.example');
    await expect(stranger.getByText(/^Le fournisseur d’identité n’a pas permis la connexion/)).toBeVisible();
    await settle(stranger);
    await expectAccessible(stranger);
  } finally {
    await provider.stop();
  }
});

/** Signs in at the provider, which asks for an address, any password, and leave to tell Palier who came. */
async function throughProvider(page: Page, email: string): Promise<void> {
  // Its pages ask for letters from elsewhere: journeys stay on this machine.
  await page.route('https://fonts.googleapis.com/**', (route) => route.fulfill({ contentType: 'text/css', body: '' }));
  await page.getByRole('button', { name: 'Se connecter avec le compte des Tilleuls' }).click();
  await page.getByPlaceholder('Enter any login').fill(email);
  await page.getByPlaceholder('and password').fill('whatever the provider asks');
  await page.getByRole('button', { name: 'Sign-in' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
}

/** The code a phone shows now for a secret (RFC 6238: SHA-1, thirty seconds, six digits). */
function codeNow(secret: string): string {
  const bits = [...secret]
    .map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'))
    .join('');
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const digest = createHmac('sha1', key).update(counter).digest();
  const offset = digest[19]! & 15;
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/** A code that is wrong now and was not right a moment ago. */
const otherThan = (code: string): string => String((Number(code) + 123_457) % 1_000_000).padStart(6, '0');

/** An identity provider as organisations have, on this machine: whoever signs in there has the address they type. */
async function startProvider(redirectUri: string, known: string) {
  const secret = 'un secret pour les parcours seulement';
  const server = http.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, {
    clients: [{ client_id: 'palier', client_secret: secret, redirect_uris: [redirectUri] }],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    findAccount: (_context: unknown, id: string) => ({
      accountId: id,
      claims: () => ({ sub: id, email: id, email_verified: true, name: id === known ? 'Grâce Mukendi' : 'Personne' }),
    }),
    // Some programs read the address of mail from the identity token, others ask for it.
    conformIdTokenClaims: false,
    cookies: { keys: ['parcours'] },
  });
  server.on('request', provider.callback());
  return {
    issuer,
    secret,
    redirectUri,
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
