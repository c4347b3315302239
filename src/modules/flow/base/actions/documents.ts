import type { BodyOf } from '../../../../kernel/endpoint.ts';
import { newId } from '../../../../kernel/id.ts';
import type { LocalDate } from '../../../../kernel/local-date.ts';
import { invalid, notFound, refused } from '../../../../kernel/problem.ts';
import { recordEvent } from '../../../../platform/audit/events.ts';
import type { Tx } from '../../../../platform/database/connection.ts';
import type { Actor } from '../../../../platform/http/actor.ts';
import { remind, settleReminders } from '../../../../platform/jobs/reminders.ts';
import type * as contract from '../contract.ts';
import { requireOpenCategory } from './open-categories.ts';

type Volumes = BodyOf<typeof contract.recordBaseDocument>['volumes'];

/**
 * Records a document an exclusion rests on: ANRU agreement, rehousing charter, sale plan, CUS, CIA.
 * Its review clause, if it has one, is written beside it.
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
      shared_with: body.sharedWith,
      recorded_by: actor.userId,
    })
    .execute();
  if (body.reviewOn)
    await writeReview(tx, actor, { id, ...body }, { reviewedOn: null, nextOn: body.reviewOn, note: null });
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
  const document = await ownDocument(tx, actor, documentId);
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

/** @throws Problem E-NOT-FOUND-01 there is none, or it is another organisation's */
async function ownDocument(tx: Tx, actor: Actor, documentId: string) {
  const document = await tx
    .selectFrom('flow.reference_documents')
    .select(['id', 'title', 'number'])
    .where('organisation_id', '=', actor.organisationId)
    .where('id', '=', documentId)
    .executeTakeFirst();
  if (!document) throw notFound();
  return document;
}

/** Says who reads a document and its files, beside the landlord. */
export async function shareDocument(
  tx: Tx,
  actor: Actor,
  documentId: string,
  { sharedWith }: BodyOf<typeof contract.shareBaseDocument>,
): Promise<void> {
  const document = await ownDocument(tx, actor, documentId);
  await tx
    .updateTable('flow.reference_documents')
    .set({ shared_with: sharedWith })
    .where('organisation_id', '=', actor.organisationId)
    .where('id', '=', documentId)
    .execute();
  await recordEvent(tx, {
    kind: 'flow.base-document-shared',
    organisationId: actor.organisationId,
    subjects: [{ kind: 'base-document', id: documentId }],
    after: { title: document.title, number: document.number, documentReaders: sharedWith },
    journal: { document: documentId, sharedWith },
  });
}

/**
 * Writes down that a document was reviewed (clause de revoyure), and from which day it is to be reviewed again.
 * @throws Problem E-BASE-15 reviewed in the future; E-BASE-21 the next review is not after this one
 */
export async function reviewDocument(
  tx: Tx,
  actor: Actor,
  documentId: string,
  body: BodyOf<typeof contract.reviewBaseDocument>,
  today: LocalDate,
): Promise<void> {
  const document = await ownDocument(tx, actor, documentId);
  if (body.reviewedOn > today) throw invalid('E-BASE-15', {}, [{ path: 'reviewedOn', code: 'E-FIELD-FUTURE' }]);
  if (body.nextOn !== null && body.nextOn <= body.reviewedOn)
    throw invalid('E-BASE-21', {}, [{ path: 'nextOn', code: 'E-FIELD-BEFORE-START' }]);
  await writeReview(tx, actor, document, body);
  await recordEvent(tx, {
    kind: 'flow.base-document-reviewed',
    organisationId: actor.organisationId,
    subjects: [{ kind: 'base-document', id: documentId }],
    reason: body.note,
    after: { title: document.title, number: document.number },
    journal: { document: documentId, ...body },
  });
}

/** The last review holds: the reminder of the former is settled, that of the next is planned. */
async function writeReview(
  tx: Tx,
  actor: Actor,
  document: { id: string; title: string; number: string },
  review: { reviewedOn: LocalDate | null; nextOn: LocalDate | null; note: string | null },
): Promise<void> {
  await tx
    .insertInto('flow.document_reviews')
    .values({
      organisation_id: actor.organisationId,
      id: newId(),
      document_id: document.id,
      reviewed_on: review.reviewedOn,
      next_on: review.nextOn,
      note: review.note,
      recorded_by: actor.userId,
    })
    .execute();
  const subject = { kind: 'base-document', id: document.id };
  await settleReminders(tx, actor.organisationId, subject, 'done');
  if (review.nextOn === null) return;
  await remind(tx, actor.organisationId, [
    {
      dueOn: review.nextOn,
      kind: 'base.document-review',
      subject,
      forOrganisationId: actor.organisationId,
      forRole: 'director',
      facts: { title: document.title, number: document.number },
    },
  ]);
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
