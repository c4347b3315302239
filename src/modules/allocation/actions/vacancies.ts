import { sql } from 'kysely';
import { newId } from '../../../kernel/id.ts';
import { addDays, earliest, type LocalDate } from '../../../kernel/local-date.ts';
import { conflict, invalid, notFound, refused } from '../../../kernel/problem.ts';
import { recordEvent } from '../../../platform/audit/events.ts';
import type { Tx } from '../../../platform/database/connection.ts';
import type { Actor } from '../../../platform/http/actor.ts';
import { remind, settleReminders } from '../../../platform/jobs/reminders.ts';
import { baseClassFor, countFlow, requireOpenCategory } from '../../flow/index.ts';
import { settingOn } from '../../organisations/index.ts';
import { flowFactsOf, type VacancyCard } from '../queries.ts';
import { justOpened, stageOf } from '../rules/stage.ts';
import { refreshStage, requireOpenVacancy, sharesFlow } from './refresh-stage.ts';

/** A notice was recorded: the dwelling starts its road to the next lease. */
export async function openVacancy(
  tx: Tx,
  actor: Actor,
  notice: {
    noticeId: string;
    tenancyId: string;
    dwellingId: string;
    householdId: string;
    receivedOn: LocalDate;
    endsOn: LocalDate;
    today: LocalDate;
  },
): Promise<void> {
  await open(tx, actor, {
    ...notice,
    cause: 'notice',
    openedOn: notice.receivedOn,
    freeOn: notice.endsOn,
    reason: null,
  });
}

/**
 * An empty dwelling that no notice announced: new, taken under management, left without a word.
 * @throws Problem E-VACANCY-05 somebody lives there, or is about to; E-VACANCY-06 it is on its road already
 */
export async function openEmptyDwelling(
  tx: Tx,
  actor: Actor,
  dwellingId: string,
  body: { cause: string; availableOn: LocalDate; reason: string | null },
  today: LocalDate,
): Promise<{ id: string }> {
  const { rows } = await sql<{ occupancy: string; leftOn: string | null; open: string | null }>`
    select d.occupancy, d.left_on as "leftOn", (select v.opened_on::text from allocation.vacancies v
      where v.organisation_id = d.organisation_id and v.dwelling_id = d.id and v.closed_on is null) as open
    from portfolio.dwelling_cards d where d.organisation_id = ${actor.organisationId} and d.id = ${dwellingId}`.execute(
    tx,
  );
  const dwelling = rows[0];
  if (!dwelling) throw notFound();
  if (dwelling.open) throw conflict('E-VACANCY-06', { openedOn: dwelling.open });
  if (dwelling.occupancy !== 'void' || dwelling.leftOn !== null) throw refused('E-VACANCY-05');
  const freeOn = addDays(body.availableOn, -1);
  const id = await open(tx, actor, {
    ...body,
    dwellingId,
    noticeId: null,
    tenancyId: null,
    householdId: null,
    openedOn: earliest(today, body.availableOn),
    freeOn,
    today,
  });
  return { id };
}

type Opening = {
  cause: string;
  dwellingId: string;
  noticeId: string | null;
  tenancyId: string | null;
  householdId: string | null;
  openedOn: LocalDate;
  /** Last day before it is free. */
  freeOn: LocalDate;
  reason: string | null;
  today: LocalDate;
};

/** Opens a vacancy, with works planned for the usual time, counts it in the base, and reminds of the day it is free. */
async function open(tx: Tx, actor: Actor, opening: Opening): Promise<string> {
  const { cause, dwellingId, openedOn, freeOn, today } = opening;
  const id = newId();
  const oriented = sharesFlow(actor);
  const next = stageOf(justOpened({ expectedFreeOn: freeOn, oriented }), today);
  const worksDays = await settingOn(tx, actor, 'allocation.planned-works-days', today);
  const classed = oriented
    ? await baseClassFor(tx, actor.organisationId, { id, dwellingId, cause, on: openedOn })
    : undefined;
  await tx
    .insertInto('allocation.vacancies')
    .values({
      organisation_id: actor.organisationId,
      id,
      dwelling_id: dwellingId,
      tenancy_id: opening.tenancyId,
      notice_id: opening.noticeId,
      cause,
      opened_on: openedOn,
      expected_free_on: freeOn,
      works_until: worksDays > 0 && cause === 'notice' ? addDays(freeOn, worksDays) : null,
      base_class: classed?.baseClass ?? 'not-applicable',
      base_reason: classed?.reason ?? null,
      stage: next.stage,
      stage_since: today,
      next_due_on: next.dueOn,
      next_due_what: next.what,
    })
    .execute();
  if (classed) {
    await countFlow(tx, actor.organisationId, {
      kind: 'freed',
      on: openedOn,
      vacancyId: id,
      baseClass: classed.baseClass,
      agreement: null,
      facts: classed.facts,
      ...(opening.tenancyId && { leftTenancyId: opening.tenancyId }),
    });
  }
  if (freeOn >= today) {
    await remind(tx, actor.organisationId, [
      {
        dueOn: freeOn,
        kind: 'vacancies.free',
        subject: { kind: 'vacancy', id },
        forOrganisationId: actor.organisationId,
        forRole: 'rental-manager',
      },
    ]);
  }
  await recordEvent(tx, {
    kind: 'allocation.vacancy-opened',
    organisationId: actor.organisationId,
    subjects: [
      { kind: 'vacancy', id },
      { kind: 'dwelling', id: dwellingId },
      ...(opening.householdId ? [{ kind: 'household', id: opening.householdId }] : []),
    ],
    reason: opening.reason,
    after: { openedOn, freeOn, cause },
    journal: { vacancy: id, dwelling: dwellingId, openedOn, freeOn, cause },
  });
  return id;
}

/** The notice was withdrawn: nothing is let after all. What was counted is taken back. */
export async function cancelVacancy(
  tx: Tx,
  actor: Actor,
  withdrawal: { noticeId: string; dwellingId: string; today: LocalDate; reason: string },
): Promise<void> {
  const open = await tx
    .selectFrom('allocation.vacancies')
    .select('id')
    .where('organisation_id', '=', actor.organisationId)
    .where('notice_id', '=', withdrawal.noticeId)
    .where('closed_on', 'is', null)
    .executeTakeFirst();
  if (!open) return;
  const vacancy = await requireOpenVacancy(tx, actor, open.id);
  await tx
    .updateTable('allocation.proposals')
    .set({ state: 'withdrawn', closed_on: withdrawal.today })
    .where('organisation_id', '=', actor.organisationId)
    .where('vacancy_id', '=', open.id)
    .where('state', 'in', ['open', 'nominated'])
    .execute();
  await tx
    .updateTable('allocation.agenda_items')
    .set({ state: 'withdrawn' })
    .where('organisation_id', '=', actor.organisationId)
    .where('vacancy_id', '=', open.id)
    .where('state', '=', 'pending')
    .execute();
  await tx
    .updateTable('allocation.vacancies')
    .set({ closed_on: withdrawal.today, closed_as: 'cancelled' })
    .where('organisation_id', '=', actor.organisationId)
    .where('id', '=', open.id)
    .execute();
  if (sharesFlow(actor)) await countFreed(tx, actor, vacancy, withdrawal.today, 'unfreed');
  await refreshStage(tx, actor, open.id, withdrawal.today);
  await settleReminders(tx, actor.organisationId, { kind: 'vacancy', id: open.id }, 'void');
  await recordEvent(tx, {
    kind: 'allocation.vacancy-cancelled',
    organisationId: actor.organisationId,
    subjects: [
      { kind: 'vacancy', id: open.id },
      { kind: 'dwelling', id: vacancy.dwellingId },
    ],
    reason: withdrawal.reason,
    journal: { vacancy: open.id, dwelling: vacancy.dwellingId, on: withdrawal.today },
  });
}

/** Says until when works last, or that they are done. */
export async function planWorks(
  tx: Tx,
  actor: Actor,
  vacancyId: string,
  works: { worksUntil: LocalDate | null; worksDoneOn: LocalDate | null; version: number },
  today: LocalDate,
): Promise<{ version: number }> {
  const vacancy = await requireOpenVacancy(tx, actor, vacancyId, works.version);
  if (works.worksDoneOn && works.worksDoneOn > today)
    throw invalid('E-FIELDS-01', {}, [{ path: 'worksDoneOn', code: 'E-FIELD-FUTURE' }]);
  await tx
    .updateTable('allocation.vacancies')
    .set({ works_until: works.worksUntil, works_done_on: works.worksDoneOn })
    .where('organisation_id', '=', actor.organisationId)
    .where('id', '=', vacancyId)
    .execute();
  const version = await refreshStage(tx, actor, vacancyId, today);
  await recordEvent(tx, {
    kind: works.worksDoneOn ? 'allocation.works-done' : 'allocation.works-planned',
    organisationId: actor.organisationId,
    subjects: [
      { kind: 'vacancy', id: vacancyId },
      { kind: 'dwelling', id: vacancy.dwellingId },
    ],
    after: { worksUntil: works.worksUntil, worksDoneOn: works.worksDoneOn },
  });
  return { version };
}

/**
 * Says whether a vacancy counts in the base of the flow, or which of the categories of the law takes it out (L-11). What
 * was counted under the old class is taken back, and counted anew under the new one.
 */
export async function classifyVacancy(
  tx: Tx,
  actor: Actor,
  vacancyId: string,
  choice: { baseClass: string; reason: string; version: number },
  today: LocalDate,
): Promise<{ version: number }> {
  const vacancy = await requireOpenVacancy(tx, actor, vacancyId, choice.version);
  if (!sharesFlow(actor)) throw invalid('E-VACANCY-03');
  // Once proposed it has been counted for somebody: the proposal is withdrawn first.
  if (vacancy.stageFacts.orientation) throw refused('E-VACANCY-04');
  await requireOpenCategory(tx, actor, choice.baseClass, today);
  await countFreed(tx, actor, vacancy, today, 'unfreed');
  await tx
    .updateTable('allocation.vacancies')
    .set({ base_class: choice.baseClass, base_reason: choice.reason })
    .where('organisation_id', '=', actor.organisationId)
    .where('id', '=', vacancyId)
    .execute();
  await countFreed(tx, actor, { ...vacancy, baseClass: choice.baseClass }, today, 'freed');
  const version = await refreshStage(tx, actor, vacancyId, today);
  await recordEvent(tx, {
    kind: 'allocation.vacancy-classified',
    organisationId: actor.organisationId,
    subjects: [
      { kind: 'vacancy', id: vacancyId },
      { kind: 'dwelling', id: vacancy.dwellingId },
    ],
    reason: choice.reason,
    before: { baseClass: vacancy.baseClass },
    after: { baseClass: choice.baseClass },
    journal: { vacancy: vacancyId, before: vacancy.baseClass, after: choice.baseClass, reason: choice.reason },
  });
  return { version };
}

const countFreed = (
  tx: Tx,
  actor: Actor,
  vacancy: VacancyCard,
  on: LocalDate,
  kind: 'freed' | 'unfreed',
): Promise<void> =>
  countFlow(tx, actor.organisationId, {
    kind,
    on,
    vacancyId: vacancy.id,
    baseClass: vacancy.baseClass,
    agreement: null,
    facts: flowFactsOf(vacancy),
  });
