import { newId } from '../../../kernel/id.ts';
import type { Language } from '../../../kernel/schemas.ts';
import type { Tx } from '../../../platform/database/connection.ts';
import { storeFile } from '../../../platform/files.ts';
import type { Actor } from '../../../platform/http/actor.ts';
import { typeset } from '../typesetter.ts';

/** Templates and their versions: a document says for ever which one it was made from. */
export const templateVersions = {
  'conversion-note': 1,
  agreement: 1,
  'flow-report': 1,
  'offer-letter': 1,
  'meeting-minutes': 1,
  minutes: 1,
} as const;
export type Template = keyof typeof templateVersions;

/**
 * Makes a document from a template and keeps it, with the facts it prints. The organisation's own block is added here.
 * @param facts what the template prints, already written for the reader: amounts and days as text
 */
export async function makeDocument(
  tx: Tx,
  actor: Actor,
  document: {
    template: Template;
    language: Extract<Language, 'fr' | 'nl'>;
    title: string;
    facts: Record<string, unknown>;
    subject: { kind: string; id: string };
  },
): Promise<{ id: string; fileId: string; sha256: string }> {
  const organisation = await tx
    .selectFrom('organisations.organisations')
    .select(['name', 'address', 'email', 'phone'])
    .where('id', '=', actor.organisationId)
    .executeTakeFirstOrThrow();
  const contact = [organisation.phone, organisation.email].filter(Boolean).join(' · ') || null;
  const facts = {
    ...document.facts,
    language: document.language,
    organisation: { name: organisation.name, address: organisation.address, contact },
  };
  const content = typeset(document.template, facts);
  const file = await storeFile(tx, {
    organisationId: actor.organisationId,
    name: `${document.title}.pdf`,
    mediaType: 'application/pdf',
    content,
    createdBy: actor.userId,
  });
  const id = newId();
  await tx
    .insertInto('knowledge.documents')
    .values({
      organisation_id: actor.organisationId,
      id,
      template: document.template,
      template_version: templateVersions[document.template],
      language: document.language,
      title: document.title,
      facts: JSON.stringify(facts),
      file_id: file.id,
      subject_kind: document.subject.kind,
      subject_id: document.subject.id,
      created_by: actor.userId,
    })
    .execute();
  return { id, fileId: file.id, sha256: file.sha256 };
}
