import { sql } from 'kysely';
import { z } from 'zod';
import { newId } from '../../kernel/id.ts';
import type { Language } from '../../kernel/schemas.ts';
import type { Tx } from '../database/connection.ts';
import { type MailContent, oneLine } from './render-mail.ts';

export type Mail = { to: string; language: Language; subject: string; content: MailContent };

/** The task of the queue that sends one message. */
export const sendMailTask = 'platform.send-mail';

/**
 * The queue's own bound, above that of `mailSender`: a program killed at work has used one of these without counting one
 * of those.
 */
const queueAttempts = 25;

/**
 * Writes mails of an organisation in the transaction of what they tell, and queues their sending: nothing leaves if the
 * transaction is rolled back. One whose address cannot be one is written as failed (E-MAIL-01), and stops nothing.
 */
export async function queueMail(tx: Tx, organisationId: string, ...mails: Mail[]): Promise<void> {
  if (mails.length === 0) return;
  const rows = mails.map(({ to, language, subject, content }) => {
    const usable = isAddress(to);
    return {
      organisation_id: organisationId,
      id: newId(),
      recipient: oneLine(to).slice(0, longestAddress),
      language,
      subject: oneLine(subject).slice(0, longestSubject),
      content: usable ? JSON.stringify(content) : null,
      state: usable ? 'queued' : 'failed',
      problem: usable ? null : 'E-MAIL-01',
    };
  });
  await tx.insertInto('platform.messages').values(rows).execute();
  const ids = rows.filter(({ state }) => state === 'queued').map(({ id }) => id);
  // One queue: a mail server that answers slowly keeps one hand of the worker busy, never all.
  await sql`select platform.queue_job(${sendMailTask},
      json_build_object('organisationId', ${organisationId}::text, 'messageId', id), id, now(), ${queueAttempts}, 'mail')
    from unnest(${ids}::text[]) id`.execute(tx);
}

/** RFC 5321, 4.5.3.1.3. */
const longestAddress = 254;

const longestSubject = 200;

/** One address and nothing else: no name, no list, no line break. */
const isAddress = (text: string): boolean => z.email().max(longestAddress).safeParse(text).success;
