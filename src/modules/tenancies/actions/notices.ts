import type { BodyOf } from '../../../kernel/endpoint.ts';
import { newId } from '../../../kernel/id.ts';
import type { LocalDate } from '../../../kernel/local-date.ts';
import { conflict, invalid, notFound, refused } from '../../../kernel/problem.ts';
import type { Step } from '../../../kernel/steps.ts';
import { recordEvent } from '../../../platform/audit/events.ts';
import { publish } from '../../../platform/audit/subscribers.ts';
import type { Tx } from '../../../platform/database/connection.ts';
import type { Actor } from '../../../platform/http/actor.ts';
import { markOccupancy } from '../../portfolio/index.ts';
import { type recordNotice as endpoint, noticeRecorded, noticeWithdrawn } from '../contract.ts';
import { lockTenancy } from '../queries.ts';
import { noticePeriod } from '../rules/notice-period.ts';

/**
 * Records the notice of a lease. Changes the lease's end and the dwelling's occupancy; sends `notice-recorded`, so that
 * the vacancy opens in the same transaction.
 * @throws Problem E-NOTICE-01 before the lease began; E-NOTICE-03 the lease has ended; E-NOTICE-04 in the future;
 *   E-NOTICE-OPEN a notice runs already
 */
export async function recordNotice(
  tx: Tx,
  actor: Actor,
  tenancyId: string,
  notice: BodyOf<typeof endpoint>,
  today: LocalDate,
): Promise<{ id: string; startsOn: LocalDate; endsOn: LocalDate; steps: Step[] }> {
  const tenancy = await lockTenancy(tx, actor.organisationId, tenancyId);
  if (!tenancy) throw notFound();
  if (tenancy.endedOn)
    throw refused(tenancy.endedOn < today ? 'E-NOTICE-03' : 'E-NOTICE-OPEN', { endedOn: tenancy.endedOn });
  if (tenancy.version !== notice.version) throw conflict('E-CONFLICT-01', { version: tenancy.version });
  if (notice.receivedOn > today) throw invalid('E-NOTICE-04', { receivedOn: notice.receivedOn });
  const { result, steps } = noticePeriod({
    jurisdiction: actor.jurisdiction as 'be-bru',
    givenBy: notice.givenBy,
    receivedOn: notice.receivedOn,
    agreedEnd: notice.agreedEnd,
    leaseStartsOn: tenancy.startsOn,
    months: notice.months,
  });
  const id = newId();
  await tx
    .insertInto('tenancies.notices')
    .values({
      organisation_id: actor.organisationId,
      id,
      tenancy_id: tenancyId,
      given_by: notice.givenBy,
      received_on: notice.receivedOn,
      months: result.months,
      starts_on: result.startsOn,
      ends_on: result.endsOn,
      reason: notice.reason,
      steps: JSON.stringify(steps),
    })
    .execute();
  await endTenancyOn(tx, actor, tenancyId, result.endsOn, tenancy.version);
  await markOccupancy(tx, actor.organisationId, tenancy.dwellingId, result.endsOn < today ? 'void' : 'notice');
  await recordEvent(tx, {
    kind: 'tenancies.notice-recorded',
    organisationId: actor.organisationId,
    subjects: subjectsOf(tenancy),
    reason: notice.reason,
    after: { givenBy: notice.givenBy, receivedOn: notice.receivedOn, endsOn: result.endsOn },
  });
  await publish(tx, actor, noticeRecorded, {
    noticeId: id,
    tenancyId,
    dwellingId: tenancy.dwellingId,
    householdId: tenancy.householdId,
    receivedOn: notice.receivedOn,
    endsOn: result.endsOn,
    today,
  });
  return { id, startsOn: result.startsOn, endsOn: result.endsOn, steps };
}

/** The household stays: the lease runs on as if the notice had not been given. Sends `notice-withdrawn`. */
export async function withdrawNotice(
  tx: Tx,
  actor: Actor,
  noticeId: string,
  withdrawal: { reason: string; version: number },
  today: LocalDate,
): Promise<{ version: number }> {
  const notice = await tx
    .selectFrom('tenancies.notices')
    .select(['tenancy_id as tenancyId', 'ends_on as endsOn', 'withdrawn_on as withdrawnOn', 'version'])
    .where('organisation_id', '=', actor.organisationId)
    .where('id', '=', noticeId)
    .forUpdate()
    .executeTakeFirst();
  if (!notice) throw notFound();
  if (notice.version !== withdrawal.version) throw conflict('E-CONFLICT-01', { version: notice.version });
  if (notice.withdrawnOn) throw refused('E-NOTICE-05');
  if (notice.endsOn < today) throw refused('E-NOTICE-06', { endsOn: notice.endsOn });
  const tenancy = await lockTenancy(tx, actor.organisationId, notice.tenancyId);
  if (!tenancy) throw notFound();
  await tx
    .updateTable('tenancies.notices')
    .set({ withdrawn_on: today, withdrawn_reason: withdrawal.reason, version: notice.version + 1 })
    .where('organisation_id', '=', actor.organisationId)
    .where('id', '=', noticeId)
    .execute();
  await endTenancyOn(tx, actor, tenancy.id, null, tenancy.version);
  await markOccupancy(tx, actor.organisationId, tenancy.dwellingId, 'let');
  await recordEvent(tx, {
    kind: 'tenancies.notice-withdrawn',
    organisationId: actor.organisationId,
    subjects: subjectsOf(tenancy),
    reason: withdrawal.reason,
    before: { endsOn: notice.endsOn },
  });
  await publish(tx, actor, noticeWithdrawn, {
    noticeId,
    tenancyId: tenancy.id,
    dwellingId: tenancy.dwellingId,
    today,
    reason: withdrawal.reason,
  });
  return { version: notice.version + 1 };
}

async function endTenancyOn(
  tx: Tx,
  actor: Actor,
  tenancyId: string,
  endsOn: LocalDate | null,
  version: number,
): Promise<void> {
  await tx
    .updateTable('tenancies.tenancies')
    .set({ ended_on: endsOn, version: version + 1 })
    .where('organisation_id', '=', actor.organisationId)
    .where('id', '=', tenancyId)
    .execute();
}

const subjectsOf = (tenancy: { id: string; dwellingId: string; householdId: string }) => [
  { kind: 'tenancy', id: tenancy.id },
  { kind: 'dwelling', id: tenancy.dwellingId },
  { kind: 'household', id: tenancy.householdId },
];
