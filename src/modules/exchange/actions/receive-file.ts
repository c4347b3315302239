import type { Readable } from 'node:stream';
import { newId } from '../../../kernel/id.ts';
import { recordEvent } from '../../../platform/audit/events.ts';
import { openBatch } from '../../../platform/batches.ts';
import type { Tx } from '../../../platform/database/connection.ts';
import type { Actor } from '../../../platform/http/actor.ts';
import { kindOf } from '../kinds/all-kinds.ts';
import { type Inspection, inspectFile } from '../reading/inspect-file.ts';
import { removeUpload, type StoredUpload, storeUpload } from '../reading/uploads.ts';
import type { ImportKindName } from '../rules/fields.ts';
import { proposeMapping } from '../rules/propose-mapping.ts';

export type ReceivedFile = { importId: string; upload: StoredUpload; inspection: Inspection };

/**
 * Keeps a file that is sent and looks into it. Nothing is written to the database yet: the file may take minutes to come.
 * @throws Problem E-IMPORT-SIZE and those of `inspectFile`; the file is then removed
 */
export async function receiveFile(folder: string, body: Readable): Promise<ReceivedFile> {
  const importId = newId();
  const upload = await storeUpload(folder, importId, body);
  try {
    return { importId, upload, inspection: await inspectFile(upload.path, upload.isUtf8) };
  } catch (error) {
    removeUpload(folder, upload.storedAs);
    throw error;
  }
}

/** Opens the import of a file received, its columns mapped by their names as far as these are known. */
export async function openImport(
  tx: Tx,
  actor: Actor,
  file: ReceivedFile,
  kindName: ImportKindName,
  fileName: string,
): Promise<void> {
  const { importId, upload, inspection } = file;
  const { form, header, sample, notes } = inspection;
  await openBatch(tx, actor, { id: importId, kind: 'import', label: fileName, parameters: { kind: kindName } });
  await tx
    .insertInto('exchange.imports')
    .values({
      organisation_id: actor.organisationId,
      id: importId,
      kind: kindName,
      file_name: fileName,
      stored_as: upload.storedAs,
      size: upload.size,
      format: form.format,
      encoding: form.format === 'csv' ? form.encoding : null,
      separator: form.format === 'csv' ? form.separator : null,
      header,
      sample: JSON.stringify(sample),
      notes: JSON.stringify(notes),
      mapping: JSON.stringify(proposeMapping(kindOf(kindName).fields, header)),
    })
    .execute();
  await recordEvent(tx, {
    kind: 'exchange.file-sent',
    organisationId: actor.organisationId,
    subjects: [{ kind: 'batch', id: importId }],
    after: { file: fileName, importKind: kindName },
    batchId: importId,
  });
}
