import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { betterAuth } from 'better-auth';
import { genericOAuth } from 'better-auth/plugins/generic-oauth';
import { twoFactor } from 'better-auth/plugins/two-factor';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { invalid, refused, unauthenticated } from '../../kernel/problem.ts';
import type { Database } from '../database/connection.ts';
import { hashPassword, minimumPasswordLength, verifyPassword } from './passwords.ts';

/** An organisation's own OpenID Connect provider, its secret in clear: lives in memory only. */
export type Provider = { id: string; name: string; issuer: string; clientId: string; clientSecret: string };

/** Five failures in a quarter of an hour lock an account, fifty lock a network address, for what is left of it. */
const lock = { minutes: 15, perAccount: 5, perAddress: 50 };

const sessionHours = 12;

/**
 * Signing in: passwords, one-time codes and the providers of organisations. Better Auth does the work; this class
 * gives it our database, our rules of locking, and answers with our codes.
 */
export class Identity {
  readonly #database: Database;
  readonly #secret: string;
  readonly #baseUrl: string;
  #auth: ReturnType<typeof createAuth>;

  constructor(options: { database: Database; secret: string; baseUrl: string; providers: Provider[] }) {
    this.#database = options.database;
    this.#secret = options.secret;
    this.#baseUrl = options.baseUrl;
    this.#auth = createAuth(options);
  }

  /** Takes up providers added or changed since the start. */
  useProviders(providers: Provider[]): void {
    this.#auth = createAuth({ database: this.#database, secret: this.#secret, baseUrl: this.#baseUrl, providers });
  }

  /**
   * @returns `code-needed` when the account has one-time codes: the session then opens with `enterCode`
   * @throws Problem E-SIGN-IN-03 wrong address or password; E-SIGN-IN-04 locked for a while
   */
  async signIn(request: FastifyRequest, reply: FastifyReply, email: string, password: string) {
    const subjects = [accountSubject(email), addressSubject(request.ip)];
    await this.#refuseWhenLocked(subjects);
    const response = await this.#auth.api.signInEmail({
      body: { email: email.toLowerCase(), password },
      headers: headersOf(request),
      asResponse: true,
    });
    if (!response.ok) {
      await this.#noteFailure(subjects);
      throw unauthenticated('E-SIGN-IN-03');
    }
    await this.#database.auth.query('delete from auth.sign_in_failures where subject = $1', [subjects[0]]);
    passCookies(response, reply);
    const answer = (await response.json()) as { twoFactorRedirect?: boolean };
    return answer.twoFactorRedirect ? ('code-needed' as const) : ('signed-in' as const);
  }

  /** The second half of signing in: a one-time code, or one of the codes kept for a lost phone. */
  async enterCode(request: FastifyRequest, reply: FastifyReply, code: string, kind: 'app' | 'backup'): Promise<void> {
    const subjects = [addressSubject(request.ip)];
    await this.#refuseWhenLocked(subjects);
    const call = { headers: headersOf(request), asResponse: true as const };
    const response =
      kind === 'app'
        ? await this.#auth.api.verifyTOTP({ ...call, body: { code } })
        : await this.#auth.api.verifyBackupCode({ ...call, body: { code } });
    if (!response.ok) {
      await this.#noteFailure(subjects);
      const { code: reason } = (await response.json()) as { code?: string };
      if (reason === 'ACCOUNT_TEMPORARILY_LOCKED') throw refused('E-SIGN-IN-04', { minutes: lock.minutes });
      throw unauthenticated(reason === 'INVALID_TWO_FACTOR_COOKIE' ? 'E-SIGN-IN-06' : 'E-SIGN-IN-05');
    }
    passCookies(response, reply);
  }

  async signOut(request: FastifyRequest, reply: FastifyReply): Promise<void> {
    passCookies(await this.#auth.api.signOut({ headers: headersOf(request), asResponse: true }), reply);
  }

  /** Changes the password and ends every other session of the person. */
  async changePassword(request: FastifyRequest, reply: FastifyReply, current: string, next: string): Promise<void> {
    requireGoodPassword(next);
    const response = await this.#auth.api.changePassword({
      body: { currentPassword: current, newPassword: next, revokeOtherSessions: true },
      headers: headersOf(request),
      asResponse: true,
    });
    if (!response.ok) throw invalid('E-PASSWORD-02');
    passCookies(response, reply);
  }

  /** First step of one-time codes: the address for the phone's application, and the codes for a lost phone. */
  async prepareCodes(request: FastifyRequest, password: string): Promise<{ uri: string; backupCodes: string[] }> {
    const response = await this.#auth.api.enableTwoFactor({
      body: { password },
      headers: headersOf(request),
      asResponse: true,
    });
    if (!response.ok) throw invalid('E-PASSWORD-02');
    const answer = (await response.json()) as { totpURI: string; backupCodes: string[] };
    return { uri: answer.totpURI, backupCodes: answer.backupCodes };
  }

  /** Second step: a first code proves that the phone has it; from then on it is asked at each sign-in. */
  async confirmCodes(request: FastifyRequest, reply: FastifyReply, code: string): Promise<void> {
    const response = await this.#auth.api.verifyTOTP({ body: { code }, headers: headersOf(request), asResponse: true });
    if (!response.ok) throw invalid('E-SIGN-IN-05');
    passCookies(response, reply);
  }

  async removeCodes(request: FastifyRequest, reply: FastifyReply, password: string): Promise<void> {
    const response = await this.#auth.api.disableTwoFactor({
      body: { password },
      headers: headersOf(request),
      asResponse: true,
    });
    if (!response.ok) throw invalid('E-PASSWORD-02');
    passCookies(response, reply);
  }

  /** @returns the address of the provider, where the browser goes to sign in */
  async startProvider(request: FastifyRequest, reply: FastifyReply, providerId: string): Promise<string> {
    const response = await this.#auth.api.signInSocial({
      body: { provider: providerId, callbackURL: '/', errorCallbackURL: '/connexion', disableRedirect: true },
      headers: headersOf(request),
      asResponse: true,
    });
    if (!response.ok) throw refused('E-PROVIDER-01', { provider: providerId });
    passCookies(response, reply);
    return ((await response.json()) as { url: string }).url;
  }

  /** The provider sends the browser back here. */
  async finishProvider(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const response = await this.#auth.handler(
      new Request(new URL(request.url, this.#baseUrl), { method: request.method, headers: headersOf(request) }),
    );
    passCookies(response, reply);
    const location = response.headers.get('location');
    return location ? reply.redirect(location, 302) : reply.redirect('/connexion?error=provider', 302);
  }

  async #refuseWhenLocked(subjects: string[]): Promise<void> {
    const { rows } = await this.#database.auth.query<{ subject: string; failures: number; minutes: number }>(
      `select subject, count(*)::int failures, ceil(extract(epoch from max(at) + $2::interval - now()) / 60)::int minutes
       from auth.sign_in_failures where subject = any($1) and at > now() - $2::interval group by subject`,
      [subjects, `${lock.minutes} minutes`],
    );
    for (const row of rows) {
      const limit = row.subject.startsWith('account:') ? lock.perAccount : lock.perAddress;
      if (row.failures >= limit) throw refused('E-SIGN-IN-04', { minutes: Math.max(1, row.minutes) });
    }
  }

  async #noteFailure(subjects: string[]): Promise<void> {
    await this.#database.auth.query(
      `with old as (delete from auth.sign_in_failures where at < now() - interval '1 day')
       insert into auth.sign_in_failures (subject, at) select s, clock_timestamp() from unnest($1::text[]) s on conflict do nothing`,
      [subjects],
    );
  }
}

/** @throws Problem E-PASSWORD-01 when it is shorter than twelve characters or one of the usual ones */
export function requireGoodPassword(password: string): void {
  const plain = password.toLowerCase();
  const common = ['password', 'motdepasse', 'wachtwoord', 'azerty', 'qwerty', '123456', 'palier'];
  const rest = common.reduce((text, word) => text.replaceAll(word, ''), plain);
  if (password.length < minimumPasswordLength || new Set(rest).size < 5) {
    throw invalid('E-PASSWORD-01', { length: minimumPasswordLength });
  }
}

/** What failed attempts are counted by: the account and the network address. */
export const accountSubject = (email: string): string =>
  `account:${createHash('sha256').update(email.trim().toLowerCase()).digest('hex')}`;
export const addressSubject = (address: string): string => `address:${address}`;

function headersOf(request: FastifyRequest): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (typeof value === 'string') headers.set(name, value);
  }
  return headers;
}

function passCookies(response: Response, reply: FastifyReply): void {
  for (const cookie of response.headers.getSetCookie()) reply.header('set-cookie', cookie);
}

function createAuth(options: { database: Database; secret: string; baseUrl: string; providers: Provider[] }) {
  return betterAuth({
    appName: 'Palier',
    baseURL: options.baseUrl,
    basePath: '/api/auth',
    secret: options.secret,
    database: options.database.auth,
    telemetry: { enabled: false },
    logger: { disabled: true },
    trustedOrigins: [options.baseUrl],
    advanced: {
      cookiePrefix: 'palier',
      useSecureCookies: options.baseUrl.startsWith('https:'),
      defaultCookieAttributes: { sameSite: 'lax', httpOnly: true, path: '/' },
    },
    session: { expiresIn: sessionHours * 3_600, disableSessionRefresh: true },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: minimumPasswordLength,
      maxPasswordLength: 200,
      password: { hash: hashPassword, verify: ({ hash, password }) => verifyPassword(hash, password) },
    },
    // Only people whom an organisation invited: a provider never makes an account, it opens one by its address of mail.
    account: { accountLinking: { enabled: true, trustedProviders: options.providers.map((provider) => provider.id) } },
    plugins: [
      twoFactor({ issuer: 'Palier', totpOptions: { digits: 6, period: 30 } }),
      genericOAuth({
        config: options.providers.map((provider) => ({
          providerId: provider.id,
          name: provider.name,
          discoveryUrl: `${provider.issuer.replace(/\/$/, '')}/.well-known/openid-configuration`,
          clientId: provider.clientId,
          clientSecret: provider.clientSecret,
          scopes: ['openid', 'email', 'profile'],
          pkce: true,
          disableSignUp: true,
        })),
      }),
    ],
  });
}

const sealKey = (secret: string): Buffer => createHash('sha256').update(`provider secrets ${secret}`).digest();

/** Encrypts a provider's secret for the database (AES-256-GCM). */
export function seal(secret: string, clear: string): Buffer {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', sealKey(secret), iv);
  const body = Buffer.concat([cipher.update(clear, 'utf8'), cipher.final()]);
  return Buffer.concat([iv, cipher.getAuthTag(), body]);
}

/** @throws Error when the program's secret is not the one that sealed it */
export function unseal(secret: string, sealed: Buffer): string {
  const decipher = createDecipheriv('aes-256-gcm', sealKey(secret), sealed.subarray(0, 12));
  decipher.setAuthTag(sealed.subarray(12, 28));
  return decipher.update(sealed.subarray(28), undefined, 'utf8') + decipher.final('utf8');
}
