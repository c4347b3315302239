import { sql } from 'kysely';
import type { BodyOf } from '../../../../kernel/endpoint.ts';
import { newId } from '../../../../kernel/id.ts';
import type { LocalDate } from '../../../../kernel/local-date.ts';
import { notFound } from '../../../../kernel/problem.ts';
import { recordEvent } from '../../../../platform/audit/events.ts';
import type { Tx } from '../../../../platform/database/connection.ts';
import type { Actor } from '../../../../platform/http/actor.ts';
import type { classDwelling as endpoint } from '../contract.ts';
import { classifyStock, holdClasses } from './classify-stock.ts';
import { requireOpenCategory } from './open-categories.ts';
import { requireDocument } from './rules.ts';

/**
 * Classes one dwelling by hand for a time, or gives it back to the rules. What was decided before stays written.
 * @throws Problem E-BASE-02 no such document; E-BASE-03 a category that was not opened
 */
export async function classDwelling(
  tx: Tx,
  actor: Actor,
  dwellingId: string,
  body: BodyOf<typeof endpoint>,
  today: LocalDate,
): Promise<{ id: string; changed: number }> {
  const { rows } = await sql`select 1 from portfolio.dwelling_cards
    where organisation_id = ${actor.organisationId} and id = ${dwellingId}`.execute(tx);
  if (rows.length === 0) throw notFound();
  if (body.baseClass) await requireOpenCategory(tx, actor, body.baseClass, today);
  await requireDocument(tx, actor, body.documentId);
  await holdClasses(tx, actor.organisationId);
  const id = newId();
  await tx
    .insertInto('flow.base_choices')
    .values({
      organisation_id: actor.organisationId,
      id,
      dwelling_id: dwellingId,
      base_class: body.baseClass,
      document_id: body.documentId,
      reason: body.reason,
      starts_on: body.startsOn,
      ends_on: body.endsOn,
      decided_by: actor.userId,
    })
    .execute();
  const work = { cause: 'choice' as const, byUser: actor.userId, today, dwellingId };
  const changed = await classifyStock(tx, actor.organisationId, work);
  await recordEvent(tx, {
    kind: body.baseClass ? 'flow.dwelling-classed' : 'flow.dwelling-unclassed',
    organisationId: actor.organisationId,
    subjects: [{ kind: 'dwelling', id: dwellingId }],
    reason: body.reason,
    after: { baseClass: body.baseClass, startsOn: body.startsOn, endsOn: body.endsOn },
    journal: { dwelling: dwellingId, ...body },
  });
  return { id, changed };
}
