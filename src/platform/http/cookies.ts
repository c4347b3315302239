import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';

/** The cookie of the session, as Better Auth writes it: `token.signature`, the signature being HMAC-SHA-256 in base64. */
export const sessionCookie = 'palier.session_token';

/** Which of a person's organisations the screens show; not a secret, the session decides. */
export const organisationCookie = 'palier.organisation';

export function readCookies(header: string | undefined): Map<string, string> {
  const cookies = new Map<string, string>();
  for (const part of (header ?? '').split(';')) {
    const at = part.indexOf('=');
    if (at < 0) continue;
    const value = part.slice(at + 1).trim();
    cookies.set(part.slice(0, at).trim(), value.includes('%') ? decode(value) : value);
  }
  return cookies;
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return '';
  }
}

/** The token of a signed cookie, or `undefined` when its signature is not ours. */
export function verifySigned(value: string | undefined, secret: KeyObject): string | undefined {
  const at = value?.lastIndexOf('.') ?? -1;
  if (!value || at < 1) return undefined;
  const token = value.slice(0, at);
  const given = Buffer.from(value.slice(at + 1), 'base64');
  const expected = createHmac('sha256', secret).update(token).digest();
  return given.length === expected.length && timingSafeEqual(given, expected) ? token : undefined;
}
