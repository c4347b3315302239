import { createHash } from 'node:crypto';
import { newId } from '../kernel/id.ts';
import { notFound } from '../kernel/problem.ts';
import type { Tx } from './database/connection.ts';

/** Keeps a document in the database: in the same transaction as what it documents, and in every backup. */
export async function storeFile(
  tx: Tx,
  file: { organisationId: string; name: string; mediaType: string; content: Buffer; createdBy: string },
): Promise<{ id: string; sha256: string }> {
  const fileId = newId();
  const sha256 = createHash('sha256').update(file.content).digest();
  await tx
    .insertInto('platform.files')
    .values({
      organisation_id: file.organisationId,
      id: fileId,
      name: file.name,
      media_type: file.mediaType,
      size: file.content.length,
      sha256,
      content: file.content,
      created_by: file.createdBy,
    })
    .execute();
  return { id: fileId, sha256: sha256.toString('hex') };
}

/** @throws Problem when there is no such file for this actor */
export async function loadFile(tx: Tx, organisationId: string, fileId: string) {
  const file = await tx
    .selectFrom('platform.files')
    .select(['name', 'media_type as mediaType', 'content'])
    .where('organisation_id', '=', organisationId)
    .where('id', '=', fileId)
    .executeTakeFirst();
  if (!file) throw notFound();
  return file;
}
