import { sql } from 'kysely';
import type { Language } from '../../kernel/schemas.ts';
import { asProgram } from '../database/as-program.ts';
import type { Database } from '../database/connection.ts';
import { answerOf, type MailTransport } from './mail-transport.ts';
import { type MailContent, oneLine, renderMail } from './render-mail.ts';

/** The queue waits e¹, e², … e¹⁰ seconds between attempts, then six hours: a server may be away for sixteen hours. */
const attempts = 12;

/**
 * What the worker does with one message: sends it, or notes that no server is set. Each is said at most once: what
 * stands as « sending » when its turn comes was begun by a program that died, and may have left (E-MAIL-02). A refusal
 * for good ends it (E-MAIL-03); an absent server or a temporary refusal leaves it in the queue, for a while (E-MAIL-04).
 * Its words are forgotten once it has ended: the link of an invitation is a secret.
 */
export function mailSender(options: {
  database: Database;
  transport: MailTransport | undefined;
  from: string;
  /** Where people reach the program. */
  baseUrl: string;
}) {
  const { database, transport, from, baseUrl } = options;
  return async ({ organisationId, messageId }: { organisationId: string; messageId: string }): Promise<void> => {
    const change = (expected: string, values: Record<string, unknown>) =>
      asProgram(database, { organisationId }, (tx) =>
        tx
          .updateTable('platform.messages')
          .set(values)
          .where('organisation_id', '=', organisationId)
          .where('id', '=', messageId)
          .where('state', '=', expected)
          .returning(['recipient', 'subject', 'language', 'content', 'attempts'])
          .executeTakeFirst(),
      );
    if (!transport) return void (await change('queued', { state: 'kept', content: null }));
    const message = await change('queued', { state: 'sending', attempts: sql`attempts + 1` });
    if (!message) return void (await change('sending', { state: 'failed', problem: 'E-MAIL-02', content: null }));
    const id = `<${messageId}@${domainOf(from)}>`;
    try {
      const info = await transport.sendMail({
        from,
        to: { name: '', address: message.recipient },
        subject: message.subject,
        ...renderMail(message.content as MailContent, { language: message.language as Language, baseUrl }),
        messageId: id,
        headers: { 'Auto-Submitted': 'auto-generated', 'Content-Language': message.language },
        disableFileAccess: true,
        disableUrlAccess: true,
      });
      const answer = oneLine(info.response).slice(0, longestAnswer);
      const sent = { state: 'sent', sent_at: new Date(), message_id: id, answer, problem: null, content: null };
      await change('sending', sent);
    } catch (error) {
      const answer = oneLine(answerOf(error)).slice(0, longestAnswer);
      if (isRefusal(error))
        return void (await change('sending', { state: 'failed', problem: 'E-MAIL-03', answer, content: null }));
      const over = message.attempts >= attempts;
      const later = { state: over ? 'failed' : 'queued', problem: 'E-MAIL-04', answer };
      await change('sending', over ? { ...later, content: null } : later);
      if (!over) throw new Error(`Mail ${messageId} waits: ${answer}`);
    }
  };
}

const longestAnswer = 500;

/** The server will never take this message. One that does not take our account may, once it is corrected. */
function isRefusal(error: unknown): boolean {
  const { code, permanent, responseCode } = error as { code?: string; permanent?: boolean; responseCode?: number };
  return (code === 'EENVELOPE' || code === 'EMESSAGE') && (permanent ?? responseCode === undefined);
}

const domainOf = (from: string): string => /@([^\s<>@]+)>?\s*$/.exec(from)?.[1] ?? 'localhost';
