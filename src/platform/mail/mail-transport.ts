import nodemailer from 'nodemailer';

const timeouts = { dnsTimeout: 10_000, connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 30_000 };

/**
 * How to reach the server of `SMTP_URL`. Outside of this machine TLS is required, from the start (`smtps:`) or by
 * STARTTLS, with a certificate that holds; on this machine nothing is encrypted.
 */
export function transportOptions(smtpUrl: string) {
  const { protocol, hostname, port, username, password } = new URL(smtpUrl);
  const host = hostname.replace(/^\[|\]$/g, '');
  const secure = protocol === 'smtps:';
  const local = ['localhost', '127.0.0.1', '::1'].includes(host);
  return {
    host,
    port: Number(port) || (secure ? 465 : 587),
    secure,
    requireTLS: !secure && !local,
    ignoreTLS: !secure && local,
    ...(username ? { auth: { user: decoded(username), pass: decoded(password) } } : {}),
    ...timeouts,
  };
}

/** A part of an address as it was meant; one whose `%` was left as it is, as it is. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/**
 * One connection, kept between mails. A mail whose connection is lost is not sent again by the transport: whether the
 * server had taken it, it cannot know.
 */
export const openTransport = (smtpUrl: string) =>
  nodemailer.createTransport({ ...transportOptions(smtpUrl), pool: true, maxConnections: 1, maxRequeues: 0 });

export type MailTransport = ReturnType<typeof openTransport>;

/** How long a start or a check waits for the mail server. */
const verifyMs = 3_000;

/** Whether the server answers and takes our account. @returns why not, in its own words, else null */
export async function verifyTransport(smtpUrl: string): Promise<string | null> {
  const patience = {
    dnsTimeout: verifyMs,
    connectionTimeout: verifyMs,
    greetingTimeout: verifyMs,
    socketTimeout: verifyMs,
  };
  const transport = nodemailer.createTransport({ ...transportOptions(smtpUrl), ...patience });
  try {
    await transport.verify();
    return null;
  } catch (error) {
    return answerOf(error);
  } finally {
    transport.close();
  }
}

/**
 * What a mail server said, or the code of the fault that kept us from asking (ECONNREFUSED, which the transport calls
 * ESOCKET): never what we sent.
 */
export function answerOf(error: unknown): string {
  const { response, code, message } = error as Error & { response?: string; code?: string };
  return response || /\bE[A-Z]{4,}\b/.exec(message)?.[0] || code || 'ESMTP';
}
