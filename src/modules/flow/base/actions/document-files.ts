import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { sql } from 'kysely';
import { newId } from '../../../../kernel/id.ts';
import { invalid, notFound, refused, tooLarge } from '../../../../kernel/problem.ts';
import { recordEvent } from '../../../../platform/audit/events.ts';
import type { Tx } from '../../../../platform/database/connection.ts';
import { loadFile, storeFile } from '../../../../platform/files.ts';
import type { Actor } from '../../../../platform/http/actor.ts';
import { type DocumentExtension, documentTypeOf, documentTypes, largestDocument } from '../rules/document-file.ts';

const sizeRefused = () => tooLarge('E-BASE-18', { megabytes: largestDocument / 1024 / 1024 });

export type ReceivedDocument = { name: string; type: DocumentExtension; content: Buffer };

/**
 * Reads a file that is sent, as far as it may go, and finds out what it is.
 * @throws Problem E-BASE-16 none of the types taken; E-BASE-17 empty; E-BASE-18 too large; E-BODY-01 it did not arrive whole
 */
export async function receiveDocument(
  name: string,
  body: Readable,
  declaredLength: number,
  largest = largestDocument,
): Promise<ReceivedDocument> {
  if (declaredLength > largest) throw sizeRefused();
  const pieces: Buffer[] = [];
  let size = 0;
  try {
    for await (const piece of body.iterator({ destroyOnReturn: false })) {
      size += (piece as Buffer).length;
      if (size > largest) break;
      pieces.push(piece as Buffer);
    }
  } catch {
    throw invalid('E-BODY-01');
  }
  if (size > largest) {
    // What still comes is let through unread, so that the refusal reaches whoever sends.
    body.resume();
    throw sizeRefused();
  }
  if (size === 0) throw invalid('E-BASE-17', { name });
  const content = Buffer.concat(pieces);
  const type = documentTypeOf(name, content);
  if (!type) throw invalid('E-BASE-16', { name });
  return { name, type, content };
}

/**
 * Gives a document its file, or a new version of it: the former ones stay readable.
 * @throws Problem E-NOT-FOUND-01; E-BASE-20 it is the file it has already
 */
export async function attachFile(
  tx: Tx,
  actor: Actor,
  documentId: string,
  file: ReceivedDocument,
  note: string | null,
): Promise<{ id: string; number: number }> {
  const { rows } = await sql<{ title: string; number: string; version: number; sha256: Buffer | null }>`
    select d.title, d.number, coalesce(v.number, 0)::int as version, f.sha256
    from flow.reference_documents d
    left join lateral (select v.number, v.file_id from flow.document_versions v
      where v.organisation_id = d.organisation_id and v.document_id = d.id order by v.number desc limit 1) v on true
    left join platform.files f on f.organisation_id = d.organisation_id and f.id = v.file_id
    where d.organisation_id = ${actor.organisationId} and d.id = ${documentId}
    for update of d`.execute(tx);
  const document = rows[0];
  if (!document) throw notFound();
  const sha256 = createHash('sha256').update(file.content).digest();
  if (document.sha256?.equals(sha256)) throw refused('E-BASE-20', { version: document.version });
  const stored = await storeFile(tx, {
    organisationId: actor.organisationId,
    name: file.name,
    mediaType: documentTypes[file.type],
    content: file.content,
    createdBy: actor.userId,
  });
  const id = newId();
  const number = document.version + 1;
  await tx
    .insertInto('flow.document_versions')
    .values({
      organisation_id: actor.organisationId,
      id,
      document_id: documentId,
      number,
      file_id: stored.id,
      note,
      added_by: actor.userId,
      added_by_name: `${actor.givenName} ${actor.familyName}`,
    })
    .execute();
  await recordEvent(tx, {
    kind: 'flow.base-document-attached',
    organisationId: actor.organisationId,
    subjects: [{ kind: 'base-document', id: documentId }],
    reason: note,
    after: { title: document.title, number: document.number, version: number, file: file.name },
    journal: { document: documentId, version: number, file: file.name, sha256: stored.sha256 },
  });
  return { id, number };
}

/** The file of one version, for the landlord and those it shares the document with. @throws Problem E-NOT-FOUND-01 */
export async function documentFile(tx: Tx, versionId: string) {
  const version = await tx
    .selectFrom('flow.document_versions')
    .select(['organisation_id as organisationId', 'file_id as fileId'])
    .where('id', '=', versionId)
    .executeTakeFirst();
  if (!version) throw notFound();
  return loadFile(tx, version.organisationId, version.fileId);
}
