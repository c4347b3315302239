import type { BodyOf } from '../../../../kernel/endpoint.ts';
import { newId } from '../../../../kernel/id.ts';
import type { LocalDate } from '../../../../kernel/local-date.ts';
import { notFound, refused } from '../../../../kernel/problem.ts';
import { recordEvent } from '../../../../platform/audit/events.ts';
import type { Tx } from '../../../../platform/database/connection.ts';
import type { Actor } from '../../../../platform/http/actor.ts';
import type * as contract from '../contract.ts';
import { requireOpenCategory } from './open-categories.ts';

type Volumes = BodyOf<typeof contract.recordBaseDocument>['volumes'];

/**
 * Records a document an exclusion rests on: ANRU agreement, rehousing charter, sale plan, CUS, CIA.
 * @throws Problem E-BASE-06 its number is known already; E-BASE-03 a category that was not opened
 */
export async function recordDocument(
  tx: Tx,
  actor: Actor,
  body: BodyOf<typeof contract.recordBaseDocument>,
  today: LocalDate,
): Promise<{ id: string }> {
  const known = await tx
    .selectFrom('flow.reference_documents')
    .select('title')
    .where('organisation_id', '=', actor.organisationId)
    .where('kind', '=', body.kind)
    .where('number', '=', body.number)
    .executeTakeFirst();
  if (known) throw refused('E-BASE-06', { number: body.number, title: known.title });
  const id = newId();
  await tx
    .insertInto('flow.reference_documents')
    .values({
      organisation_id: actor.organisationId,
      id,
      kind: body.kind,
      number: body.number,
      title: body.title,
      signatories: body.signatories,
      signed_on: body.signedOn,
      starts_on: body.startsOn,
      ends_on: body.endsOn,
      note: body.note,
      recorded_by: actor.userId,
    })
    .execute();
  await writeVolumes(tx, actor, id, body.volumes, null, today);
  await recordEvent(tx, {
    kind: 'flow.base-document-recorded',
    organisationId: actor.organisationId,
    subjects: [{ kind: 'base-document', id }],
    after: { title: body.title, number: body.number },
    journal: { document: id, ...body },
  });
  return { id };
}

/**
 * Says what a document plans, again: what was said before stays, the last holds.
 * @throws Problem E-BASE-03 a category that was not opened
 */
export async function planVolumes(
  tx: Tx,
  actor: Actor,
  documentId: string,
  body: BodyOf<typeof contract.planDocumentVolumes>,
  today: LocalDate,
): Promise<{ recorded: number }> {
  const document = await tx
    .selectFrom('flow.reference_documents')
    .select(['title', 'number'])
    .where('organisation_id', '=', actor.organisationId)
    .where('id', '=', documentId)
    .executeTakeFirst();
  if (!document) throw notFound();
  await writeVolumes(tx, actor, documentId, body.volumes, body.reason, today);
  await recordEvent(tx, {
    kind: 'flow.base-volumes-planned',
    organisationId: actor.organisationId,
    subjects: [{ kind: 'base-document', id: documentId }],
    reason: body.reason,
    after: { title: document.title, number: document.number },
    journal: { document: documentId, ...body },
  });
  return { recorded: body.volumes.length };
}

async function writeVolumes(
  tx: Tx,
  actor: Actor,
  documentId: string,
  volumes: Volumes,
  reason: string | null,
  today: LocalDate,
): Promise<void> {
  if (volumes.length === 0) return;
  for (const category of new Set(volumes.map((one) => one.category)))
    await requireOpenCategory(tx, actor, category, today);
  await tx
    .insertInto('flow.document_volumes')
    .values(
      volumes.map((one) => ({
        organisation_id: actor.organisationId,
        id: newId(),
        document_id: documentId,
        ...one,
        reason,
        recorded_by: actor.userId,
      })),
    )
    .execute();
}
