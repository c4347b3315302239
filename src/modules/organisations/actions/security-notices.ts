import { locales } from '../../../kernel/messages.ts';
import { asProgram } from '../../../platform/database/as-program.ts';
import type { Database } from '../../../platform/database/connection.ts';
import type { Actor } from '../../../platform/http/actor.ts';
import { queueMail } from '../../../platform/mail/mail.ts';
import { translate } from '../../../platform/messages.ts';

/**
 * Writes to a person that what protects their account has changed, so that a change they did not make is known. The
 * change itself is already made, by the identity part and its own connection.
 */
export async function noticeOfSecurity(
  database: Database,
  person: Pick<Actor, 'organisationId' | 'userId' | 'email' | 'givenName' | 'familyName' | 'language'>,
  change: 'password-changed' | 'codes-on' | 'codes-off',
): Promise<void> {
  const { organisationId, userId, email, givenName, familyName, language } = person;
  const t = translate(language);
  const at = new Intl.DateTimeFormat(locales[language], {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: 'Europe/Brussels',
  }).format(new Date());
  await asProgram(database, { organisationId, userId, userName: `${givenName} ${familyName}` }, (tx, program) =>
    queueMail(tx, organisationId, {
      to: email,
      language,
      subject: t(`mail.${change}.subject`),
      content: {
        greeting: t('mail.greeting', { name: givenName }),
        paragraphs: [t(`mail.${change}.says`, { at }), t('mail.not-you', { organisation: program.organisationName })],
        link: { label: t('mail.open-account'), path: '/compte' },
      },
    }),
  );
}
