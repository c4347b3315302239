import { sql } from 'kysely';
import { newId } from '../../../kernel/id.ts';
import type { LocalDate } from '../../../kernel/local-date.ts';
import type { Tx } from '../../../platform/database/connection.ts';
import { countFlow, type FlowEventKind } from '../actions/flow-events.ts';
import type { FlowFacts } from '../queries.ts';
import { classifyStock, holdClasses } from './actions/classify-stock.ts';
import { type ClassFacts, classFacts, type HousedFacts, housedFacts } from './queries.ts';
import { type BaseClass, exclusionCategories } from './rules/categories.ts';
import { classOnDay } from './rules/dwelling-class.ts';
import { eligibleContingents } from './rules/eligible-contingents.ts';

/**
 * The class of a vacancy that opens: that of its dwelling on the day. A new dwelling that is let for the first time is not in the
 * flow; left for the first time it enters it, for good (L-71).
 * @returns the class, the reason a rule or a choice gave for it, and the facts the vacancy is counted by
 */
export async function baseClassFor(
  tx: Tx,
  organisationId: string,
  vacancy: { id: string; dwellingId: string; cause: string; on: LocalDate },
): Promise<{ baseClass: BaseClass; reason: string | null; facts: FlowFacts }> {
  const { rows } = await sql<ClassFacts>`${classFacts(organisationId, vacancy.dwellingId)}`.execute(tx);
  const dwelling = rows[0]!;
  const classed = classOnDay({ ...dwelling, on: vacancy.on }).result;
  const isFirst = vacancy.cause === 'first-letting';
  if (classed.baseClass === 'first-letting' && !isFirst) {
    await releaseFirst(tx, organisationId, vacancy);
    return baseClassFor(tx, organisationId, vacancy);
  }
  if (isFirst && classed.baseClass === 'in-base')
    return { baseClass: 'first-letting', reason: null, facts: dwelling.flowFacts };
  return { baseClass: classed.baseClass, reason: reasonOf(dwelling, classed.id), facts: dwelling.flowFacts };
}

function reasonOf({ rules, choices }: ClassFacts, id: string | null): string | null {
  const decided = choices.find((choice) => choice.id === id) ?? rules.find((rule) => rule.id === id);
  if (!decided) return null;
  return [decided.reason, decided.document].filter(Boolean).join(' · ');
}

/** The first time a new dwelling is left: rules of first lettings no longer hold for it. */
async function releaseFirst(
  tx: Tx,
  organisationId: string,
  vacancy: { id: string; dwellingId: string; on: LocalDate },
): Promise<void> {
  await holdClasses(tx, organisationId);
  await tx
    .insertInto('flow.first_releases')
    .values({
      organisation_id: organisationId,
      dwelling_id: vacancy.dwellingId,
      vacancy_id: vacancy.id,
      on_day: vacancy.on,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  const work = { cause: 'first-release' as const, byUser: null, today: vacancy.on, dwellingId: vacancy.dwellingId };
  await classifyStock(tx, organisationId, work);
}

/**
 * A tenant of the same landlord takes a dwelling: a mutation is two vacancies, the one used and the one freed (L-77). The second,
 * when it opens later, is linked by `countFlow`.
 * @param mutation `inBase`: the vacancy used had been counted for a reservation holder and stays so
 */
export async function linkMutation(
  tx: Tx,
  organisationId: string,
  mutation: {
    usedVacancyId: string;
    leftTenancyId: string;
    leftDwellingId: string;
    freedVacancyId: string | null;
    inBase: boolean;
    on: LocalDate;
  },
): Promise<void> {
  await tx
    .insertInto('flow.linked_vacancies')
    .values({
      organisation_id: organisationId,
      used_vacancy_id: mutation.usedVacancyId,
      left_tenancy_id: mutation.leftTenancyId,
      left_dwelling_id: mutation.leftDwellingId,
      freed_vacancy_id: mutation.freedVacancyId,
      in_base: mutation.inBase,
      linked_on: mutation.on,
    })
    .execute();
}

/** Kinds of events by which a vacancy is counted, each with its contrary. */
const contraries = { freed: 'unfreed', proposed: 'withdrawn', attributed: 'unattributed', leased: 'unleased' } as const;

/**
 * A vacancy leaves the base after it was counted there for the landlord's own contingent: everything counted of it is taken back,
 * and counted anew under its class. Nothing is changed, nothing is removed (L-78).
 */
export async function leaveBase(
  tx: Tx,
  organisationId: string,
  vacancy: { vacancyId: string; baseClass: string; on: LocalDate; facts: FlowFacts },
): Promise<void> {
  const { rows } = await sql<{ kind: string; n: number }>`select kind, count(*)::int as n from flow.events
    where organisation_id = ${organisationId} and vacancy_id = ${vacancy.vacancyId} and base_class = 'in-base'
      and agreement_id is null group by kind`.execute(tx);
  const counted = new Map(rows.map(({ kind, n }) => [kind, n]));
  for (const [kind, contrary] of Object.entries(contraries)) {
    if ((counted.get(kind) ?? 0) <= (counted.get(contrary) ?? 0)) continue;
    const event = { on: vacancy.on, vacancyId: vacancy.vacancyId, agreement: null, facts: vacancy.facts };
    await countFlow(tx, organisationId, { ...event, kind: contrary as FlowEventKind, baseClass: 'in-base' });
    await countFlow(tx, organisationId, { ...event, kind: kind as FlowEventKind, baseClass: vacancy.baseClass });
  }
}

/**
 * Notes a letting by a category that is outside the base, with the public it served and the contingents it could have gone to,
 * or may have: of the household itself, only how many it was (F-18). It is not deducted from anybody's flow (L-70).
 */
export async function noteOutsideLetting(
  tx: Tx,
  organisationId: string,
  letting: {
    vacancyId: string;
    signedOn: LocalDate;
    baseClass: string;
    householdId: string;
    applicationId: string | null;
    priorityGroup: string | null;
    quartile: number | null;
    facts: FlowFacts;
  },
): Promise<void> {
  const { facts, signedOn } = letting;
  if (!(exclusionCategories as readonly string[]).includes(letting.baseClass)) return;
  const { rows } = await sql<HousedFacts>`${housedFacts(organisationId, letting)}`.execute(tx);
  const { persons, ...known } = rows[0]!;
  const { eligible, unknown } = eligibleContingents({
    priorityGroup: letting.priorityGroup,
    municipalityCode: facts.municipalityCode,
    ...known,
  }).result;
  await tx
    .insertInto('flow.outside_lettings')
    .values({
      organisation_id: organisationId,
      id: newId(),
      vacancy_id: letting.vacancyId,
      signed_on: signedOn,
      base_class: letting.baseClass,
      department: facts.department,
      municipality_code: facts.municipalityCode,
      territory: facts.territory,
      rooms: facts.rooms,
      funding: facts.funding,
      in_priority_area: facts.inPriorityArea,
      priority_group: letting.priorityGroup,
      quartile: letting.quartile,
      eligible_to: eligible,
      unknown_for: unknown,
      persons,
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
