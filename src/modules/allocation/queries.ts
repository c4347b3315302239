import { type CompiledQuery, type RawBuilder, sql } from 'kysely';
import { type LocalDate, startOfYear } from '../../kernel/local-date.ts';
import type { Step } from '../../kernel/steps.ts';
import type { Tx } from '../../platform/database/connection.ts';
import { statements } from '../../platform/database/statements.ts';
import type { FlowFacts } from '../flow/index.ts';
import type { Candidate } from './contract.ts';
import type { VacancyFacts } from './rules/stage.ts';

/** A vacancy as its actions need it: the dwelling's facts, and what decides its stage. */
export type VacancyCard = {
  id: string;
  dwellingId: string;
  version: number;
  cause: string;
  tenancyId: string | null;
  baseClass: string;
  openedOn: LocalDate;
  expectedFreeOn: LocalDate;
  closedOn: LocalDate | null;
  address: string;
  municipality: string;
  postalCode: string;
  kind: string;
  bedrooms: number;
  rooms: number | null;
  areaM2: string | null;
  floor: number | null;
  energyLabel: string | null;
  accessible: boolean;
  funding: string | null;
  rentCents: number;
  chargesCents: number;
  constructionYear: number | null;
  priorityArea: string | null;
  municipalityCode: string;
  department: string | null;
  territory: string | null;
  innerRing: boolean;
  stageFacts: Omit<VacancyFacts, 'oriented'>;
};

/** Holds a vacancy for the rest of the transaction: two officers at once wait for each other. */
export async function lockVacancy(tx: Tx, organisationId: string, vacancyId: string): Promise<VacancyCard | undefined> {
  const held = await tx
    .selectFrom('allocation.vacancies')
    .select('id')
    .where('organisation_id', '=', organisationId)
    .where('id', '=', vacancyId)
    .forUpdate()
    .executeTakeFirst();
  return held && vacancyCard(tx, organisationId, vacancyId);
}

export async function vacancyCard(tx: Tx, organisationId: string, vacancyId: string): Promise<VacancyCard | undefined> {
  const { rows } = await vacancyCards(organisationId, sql`v.id = ${vacancyId}`).execute(tx);
  return rows[0];
}

/** Holds several vacancies, always in the same order: two acts on the same ones wait for each other, never in a ring. */
export async function lockVacancies(tx: Tx, organisationId: string, ids: readonly string[]): Promise<VacancyCard[]> {
  await sql`select 1 from allocation.vacancies where organisation_id = ${organisationId} and id = any(${[...ids]}::uuid[])
    order by id for update`.execute(tx);
  return readVacancies(tx, organisationId, ids);
}

export async function readVacancies(tx: Tx, organisationId: string, ids: readonly string[]): Promise<VacancyCard[]> {
  const { rows } = await vacancyCards(
    organisationId,
    sql`v.id = any(${[...ids]}::uuid[]) order by v.opened_on, v.id`,
  ).execute(tx);
  return rows;
}

/** The vacancies of the base that wait for an orientation, the longest waiting first: all, or those named. */
export async function vacanciesToOrient(tx: Tx, organisationId: string, ids: string[] | null): Promise<VacancyCard[]> {
  const named = ids ? sql`and v.id = any(${ids}::uuid[])` : sql``;
  const { rows } = await vacancyCards(
    organisationId,
    sql`v.closed_on is null and v.stage = 'to-orient' and v.base_class = 'in-base' and d.department is not null ${named}
      order by v.opened_on, v.id limit 200`,
  ).execute(tx);
  return rows;
}

function vacancyCards(organisationId: string, which: RawBuilder<unknown>): RawBuilder<VacancyCard> {
  return sql<VacancyCard>`
    select v.id, v.dwelling_id as "dwellingId", v.version, v.cause, v.tenancy_id as "tenancyId", v.base_class as "baseClass",
      v.opened_on as "openedOn", v.expected_free_on as "expectedFreeOn", v.closed_on as "closedOn",
      d.street || ' ' || d.house_number || coalesce(' bte ' || d.box, '') as address, d.municipality_fr as municipality,
      d.postal_code as "postalCode", d.kind, d.bedrooms, d.rooms, d.area_m2 as "areaM2", d.floor,
      d.energy_label as "energyLabel", d.accessible, d.funding, d.rent_cents as "rentCents",
      d.charges_cents as "chargesCents", d.construction_year as "constructionYear", d.priority_area as "priorityArea",
      d.municipality_code as "municipalityCode", d.department, d.territory, d.inner_ring as "innerRing",
      json_build_object(
        'expectedFreeOn', v.expected_free_on,
        'orientation', (select case when o.chosen_agreement_id is null then 'own' else 'holder' end
          from allocation.orientations o
          where o.organisation_id = v.organisation_id and o.vacancy_id = v.id and o.superseded_at is null),
        'proposal', (select json_build_object('state', p.state, 'nominateBy', p.nominate_by) from allocation.proposals p
          where p.organisation_id = v.organisation_id and p.vacancy_id = v.id and p.state in ('open', 'nominated')),
        'candidates', (select count(*) from allocation.candidates c
          where c.organisation_id = v.organisation_id and c.vacancy_id = v.id and c.state = 'named'),
        'session', (select json_build_object('heldOn', s.held_on, 'decided', i.state = 'decided')
          from allocation.agenda_items i
          join allocation.sessions s on s.organisation_id = i.organisation_id and s.id = i.session_id
          where i.organisation_id = v.organisation_id and i.vacancy_id = v.id and i.state in ('pending', 'decided')
          order by (i.state = 'pending') desc, s.held_on desc limit 1),
        'toOffer', (select count(*) from allocation.candidates c
          where c.organisation_id = v.organisation_id and c.vacancy_id = v.id and c.state in ('granted', 'ranked', 'conditional')),
        'offer', (select json_build_object('state', f.state, 'answerBy', f.answer_by) from allocation.offers f
          where f.organisation_id = v.organisation_id and f.vacancy_id = v.id and f.state in ('pending', 'accepted')),
        'leaseStartsOn', v.let_from,
        'closedAs', v.closed_as) as "stageFacts"
    from allocation.vacancies v
    join portfolio.dwelling_cards d on d.organisation_id = v.organisation_id and d.id = v.dwelling_id
    where v.organisation_id = ${organisationId} and ${which}`;
}

/** The facts a vacancy is counted by in the flow. Only where flows are shared (France). */
export const flowFactsOf = (vacancy: VacancyCard): FlowFacts => ({
  department: vacancy.department ?? '',
  municipalityCode: vacancy.municipalityCode,
  territory: vacancy.territory,
  rooms: vacancy.rooms,
  funding: vacancy.funding,
  inPriorityArea: vacancy.priorityArea !== null,
  constructionYear: vacancy.constructionYear,
});

/** Candidates as JSON, each with its decision in force: shared by the record of a vacancy and by a sitting. */
const candidatesJson = (condition: ReturnType<typeof sql>) => sql`
  (select coalesce(json_agg(json_build_object('id', c.id, 'source', c.source, 'applicationId', c.application_id,
      'householdId', c.household_id, 'registerRank', c.register_rank, 'familyName', c.family_name, 'givenName', c.given_name,
      'fileNumber', c.file_number, 'uniqueNumber', c.unique_number, 'persons', c.persons, 'adults', c.adults,
      'children', c.children, 'incomeCents', c.income_cents, 'incomeClass', c.income_class, 'priorityGroup', c.priority_group,
      'quartile', c.quartile, 'registeredOn', c.registered_on, 'language', c.language, 'steps', c.steps, 'state', c.state,
      'position', c.position, 'holderRank', c.holder_rank, 'holder', ho.name,
      'decision', (select json_build_object('kind', e.kind, 'rank', e.rank, 'condition', e.condition,
          'conditionDueOn', e.condition_due_on, 'reason', e.reason) from allocation.decisions e
        where e.organisation_id = c.organisation_id and e.candidate_id = c.id and e.annulled_at is null
        order by e.created_at desc limit 1))
      order by c.position), '[]')
    from allocation.candidates c
    left join organisations.organisations ho on ho.id = c.holder_id
    where ${condition} and c.state <> 'withdrawn')`;

export type VacancyRecordRow = {
  id: string;
  dwellingId: string;
  reference: string;
  address: string;
  municipality: string;
  kind: string;
  bedrooms: number;
  rooms: number | null;
  areaM2: string | null;
  funding: string | null;
  constructionYear: number | null;
  priorityArea: string | null;
  rentCents: number;
  chargesCents: number;
  cause: string;
  baseClass: 'in-base';
  baseReason: string | null;
  stage: 'to-orient';
  stageSince: string;
  nextDueOn: string | null;
  nextDueWhat: string | null;
  openedOn: LocalDate;
  freeOn: LocalDate;
  worksUntil: LocalDate | null;
  worksDoneOn: LocalDate | null;
  tenancyId: string | null;
  leaving: string | null;
  newTenancyId: string | null;
  letFrom: LocalDate | null;
  closedOn: LocalDate | null;
  holder: string | null;
  orientation: { holder: string | null; followed: boolean; reason: string | null; by: string; at: string } | null;
  proposal: {
    id: string;
    holder: string;
    proposedOn: LocalDate;
    nominateBy: LocalDate;
    state: 'open';
    returnReason: string | null;
    closedOn: LocalDate | null;
  } | null;
  exchange: { receiver: string; on: LocalDate; note: string } | null;
  session: {
    id: string;
    reference: string;
    heldOn: LocalDate;
    itemId: string;
    state: 'open';
    itemState: string;
  } | null;
  candidates: Candidate[];
  offers: {
    id: string;
    candidateId: string;
    rank: number;
    channel: 'letter';
    sentOn: LocalDate;
    notifiedOn: LocalDate;
    responseDays: number;
    answerBy: LocalDate;
    steps: Step[];
    state: 'pending';
    answeredOn: LocalDate | null;
    answerReason: string | null;
    letterId: string | null;
    version: number;
  }[];
  documents: { id: string; fileId: string; title: string; createdAt: string }[];
  version: number;
};

/** A vacancy with everything its page shows: one row, one statement. */
export const vacancyRecord = (organisationId: string, vacancyId: string): CompiledQuery<VacancyRecordRow> =>
  sql<VacancyRecordRow>`
    select v.id, v.dwelling_id as "dwellingId", d.reference,
      d.street || ' ' || d.house_number || coalesce(' bte ' || d.box, '') as address, d.municipality_fr as municipality,
      d.kind, d.bedrooms, d.rooms, d.area_m2 as "areaM2", d.funding, d.construction_year as "constructionYear",
      d.priority_area as "priorityArea", d.rent_cents as "rentCents", d.charges_cents as "chargesCents",
      v.cause, v.base_class as "baseClass", v.base_reason as "baseReason", v.stage, v.stage_since as "stageSince",
      v.next_due_on as "nextDueOn", v.next_due_what as "nextDueWhat", v.opened_on as "openedOn",
      coalesce(v.freed_on, v.expected_free_on) as "freeOn", v.works_until as "worksUntil", v.works_done_on as "worksDoneOn",
      v.tenancy_id as "tenancyId", lh.family_name || ' ' || lh.given_name as leaving, v.new_tenancy_id as "newTenancyId",
      v.let_from as "letFrom", v.closed_on as "closedOn", vh.name as holder, v.version,
      (select json_build_object('holder', oh.name, 'followed', o.followed, 'reason', o.reason,
          'by', coalesce(u.given_name || ' ' || u.family_name, o.decided_by), 'at', o.decided_at)
        from allocation.orientations o
        left join organisations.organisations oh on oh.id = o.chosen_holder_id
        left join organisations.users u on u.id = o.decided_by
        where o.organisation_id = v.organisation_id and o.vacancy_id = v.id and o.superseded_at is null) as orientation,
      (select json_build_object('id', p.id, 'holder', ph.name, 'proposedOn', p.proposed_on, 'nominateBy', p.nominate_by,
          'state', p.state, 'returnReason', p.return_reason, 'closedOn', p.closed_on)
        from allocation.proposals p join organisations.organisations ph on ph.id = p.holder_id
        where p.organisation_id = v.organisation_id and p.vacancy_id = v.id
        order by p.created_at desc limit 1) as proposal,
      (select json_build_object('receiver', x.receiver_name, 'on', x.on_day, 'note', x.note) from flow.exchanges x
        where x.organisation_id = v.organisation_id and x.proposal_id = (select p.id from allocation.proposals p
          where p.organisation_id = v.organisation_id and p.vacancy_id = v.id and p.state in ('nominated', 'housed')
          order by p.created_at desc limit 1)) as exchange,
      (select json_build_object('id', s.id, 'reference', s.reference, 'heldOn', s.held_on, 'itemId', i.id, 'state', s.state,
          'itemState', i.state)
        from allocation.agenda_items i
        join allocation.sessions s on s.organisation_id = i.organisation_id and s.id = i.session_id
        where i.organisation_id = v.organisation_id and i.vacancy_id = v.id and i.state in ('pending', 'decided')
        order by (i.state = 'pending') desc, s.held_on desc limit 1) as session,
      ${candidatesJson(sql`c.organisation_id = v.organisation_id and c.vacancy_id = v.id`)} as candidates,
      (select coalesce(json_agg(json_build_object('id', f.id, 'candidateId', f.candidate_id, 'rank', f.rank,
          'channel', f.channel, 'sentOn', f.sent_on, 'notifiedOn', f.notified_on, 'responseDays', f.response_days,
          'answerBy', f.answer_by, 'steps', f.steps, 'state', f.state, 'answeredOn', f.answered_on,
          'answerReason', f.answer_reason, 'letterId', f.letter_id, 'version', f.version) order by f.sent_on, f.id), '[]')
        from allocation.offers f where f.organisation_id = v.organisation_id and f.vacancy_id = v.id) as offers,
      (select coalesce(json_agg(json_build_object('id', k.id, 'fileId', k.file_id, 'title', k.title, 'createdAt', k.created_at)
          order by k.created_at desc), '[]')
        from knowledge.document_cards k
        where k.organisation_id = v.organisation_id and k.subject_kind = 'vacancy' and k.subject_id = v.id) as documents
    from allocation.vacancies v
    join portfolio.dwelling_cards d on d.organisation_id = v.organisation_id and d.id = v.dwelling_id
    left join tenancies.tenancy_cards t on t.organisation_id = v.organisation_id and t.id = v.tenancy_id
    left join applicants.household_cards lh on lh.organisation_id = t.organisation_id and lh.id = t.household_id
    left join organisations.organisations vh on vh.id = v.holder_id
    where v.organisation_id = ${organisationId} and v.id = ${vacancyId}`.compile(statements);

export type SummaryRow = {
  open: number;
  void: number;
  notice: number;
  late: number;
  toDo: number;
  toOrient: number;
  rents: number[];
  byStage: Record<string, number>;
  stockRentCents: number;
  lost: { rent: number; from: LocalDate; to: LocalDate }[];
};

/** What the heading of « Libérations » counts, with the empty stretches of the year whose rent is lost. */
export const vacancySummary = (organisationId: string, today: LocalDate): CompiledQuery<SummaryRow> =>
  sql<SummaryRow>`
    with open as (
      select v.*, coalesce(v.freed_on, v.expected_free_on) as free_on, d.rent_cents
      from allocation.vacancies v
      join portfolio.dwelling_cards d on d.organisation_id = v.organisation_id and d.id = v.dwelling_id
      where v.organisation_id = ${organisationId} and v.closed_on is null)
    select count(*)::int as open, (count(*) filter (where free_on < ${today}::date))::int as void,
      (count(*) filter (where free_on >= ${today}::date))::int as notice,
      (count(*) filter (where next_due_on < ${today}::date))::int as late,
      (count(*) filter (where stage in ('to-orient', 'to-select', 'to-offer', 'to-sign') or (stage = 'committee' and next_due_what = 'schedule')))::int as "toDo",
      (count(*) filter (where stage = 'to-orient'))::int as "toOrient",
      coalesce(array_agg(rent_cents) filter (where free_on < ${today}::date), '{}') as rents,
      coalesce((select json_object_agg(stage, n) from (select stage, count(*)::int as n from open group by stage) s), '{}') as "byStage",
      (select coalesce(sum(d.rent_cents), 0)::bigint from portfolio.dwelling_cards d
        where d.organisation_id = ${organisationId} and d.left_on is null) as "stockRentCents",
      (select coalesce(json_agg(json_build_object('rent', d.rent_cents, 'from', greatest(coalesce(v.freed_on, v.expected_free_on) + 1, date_trunc('year', ${today}::timestamp)::date),
          'to', least(coalesce(v.let_from - 1, ${today}::date), ${today}::date))), '[]')
        from allocation.vacancies v
        join portfolio.dwelling_cards d on d.organisation_id = v.organisation_id and d.id = v.dwelling_id
        where v.organisation_id = ${organisationId} and v.closed_as is distinct from 'cancelled'
          and coalesce(v.freed_on, v.expected_free_on) < ${today}::date
          and (v.let_from is null or v.let_from > date_trunc('year', ${today}::timestamp)::date)
          and coalesce(v.freed_on, v.expected_free_on) + 1 < coalesce(v.let_from, ${today}::date + 1)) as lost
    from open`.compile(statements);

export type SessionRow = {
  id: string;
  reference: string;
  kind: 'committee' | 'caleol';
  heldOn: LocalDate;
  heldAt: string | null;
  place: string | null;
  state: 'preparing' | 'open' | 'closed' | 'signed' | 'cancelled';
  quorum: number;
  presentVoting: number;
  openedAt: string | null;
  closedAt: string | null;
  minutesFileId: string | null;
  minutesSha256: string | null;
  version: number;
  members: {
    id: string;
    name: string;
    capacity: 'landlord';
    voting: boolean;
    chair: boolean;
    userId: string | null;
    present: boolean;
    signedAt: string | null;
  }[];
  agenda: {
    id: string;
    vacancyId: string;
    position: number;
    address: string;
    municipality: string;
    bedrooms: number;
    rooms: number | null;
    funding: string | null;
    rentCents: number;
    freeOn: string;
    holder: string | null;
    state: string;
    fewerThanThree: 'dalo' | null;
    decidedAt: string | null;
    decidedBy: string | null;
    version: number;
    candidates: Candidate[];
    derogations: { passedCandidateId: string; kind: 'other'; reason: string }[];
  }[];
};

/** A sitting with its members, its agenda, the candidates and what was decided of each. */
export const sessionRecord = (organisationId: string, sessionId: string): CompiledQuery<SessionRow> =>
  sql<SessionRow>`
    select s.id, s.reference, s.kind, s.held_on as "heldOn", s.held_at as "heldAt", s.place, s.state, s.quorum,
      s.opened_at as "openedAt", s.closed_at as "closedAt", s.minutes_file_id as "minutesFileId",
      s.minutes_sha256 as "minutesSha256", s.version,
      (select count(*)::int from allocation.session_members m
        where m.organisation_id = s.organisation_id and m.session_id = s.id and m.voting and m.present) as "presentVoting",
      (select coalesce(json_agg(json_build_object('id', m.id, 'name', m.name, 'capacity', m.capacity, 'voting', m.voting,
          'chair', m.chair, 'userId', m.user_id, 'present', m.present, 'signedAt', m.signed_at) order by m.position), '[]')
        from allocation.session_members m where m.organisation_id = s.organisation_id and m.session_id = s.id) as members,
      (select coalesce(json_agg(json_build_object('id', i.id, 'vacancyId', i.vacancy_id, 'position', i.position,
          'address', d.street || ' ' || d.house_number || coalesce(' bte ' || d.box, ''), 'municipality', d.municipality_fr,
          'bedrooms', d.bedrooms, 'rooms', d.rooms, 'funding', d.funding, 'rentCents', d.rent_cents,
          'freeOn', coalesce(v.freed_on, v.expected_free_on), 'holder', h.name, 'state', i.state,
          'fewerThanThree', i.fewer_than_three, 'decidedAt', i.decided_at,
          'decidedBy', (select u.given_name || ' ' || u.family_name from organisations.users u where u.id = i.decided_by),
          'version', i.version,
          'candidates', ${candidatesJson(sql`c.organisation_id = i.organisation_id and c.vacancy_id = i.vacancy_id`)},
          'derogations', (select coalesce(json_agg(json_build_object('passedCandidateId', g.passed_candidate_id,
              'kind', g.kind, 'reason', g.reason)), '[]')
            from allocation.derogations g where g.organisation_id = i.organisation_id and g.agenda_item_id = i.id))
          order by i.position), '[]')
        from allocation.agenda_items i
        join allocation.vacancies v on v.organisation_id = i.organisation_id and v.id = i.vacancy_id
        join portfolio.dwelling_cards d on d.organisation_id = v.organisation_id and d.id = v.dwelling_id
        left join organisations.organisations h on h.id = v.holder_id
        where i.organisation_id = s.organisation_id and i.session_id = s.id and i.state <> 'withdrawn') as agenda
    from allocation.sessions s
    where s.organisation_id = ${organisationId} and s.id = ${sessionId}`.compile(statements);

export type ProposalRow = {
  id: string;
  landlordId: string;
  landlord: string;
  vacancyId: string;
  dwelling: SharedDwelling;
  proposedOn: LocalDate;
  nominateBy: LocalDate;
  state: 'open' | 'nominated' | 'returned' | 'expired' | 'withdrawn' | 'housed' | 'unsuccessful';
  returnReason: string | null;
  agreement: string;
  nominationDays: number | null;
  candidates: {
    id: string;
    familyName: string;
    givenName: string;
    uniqueNumber: string | null;
    persons: number;
    incomeCents: number | null;
    priorityGroup: string | null;
    state: string;
    position: number;
    holderRank: number | null;
    decision: 'granted' | null;
    rank: number | null;
  }[];
  version: number;
};

/** What a holder is told of a dwelling: enough to name candidates, nothing of who leaves it. */
export type SharedDwelling = {
  address: string;
  municipality: string;
  rooms: number | null;
  areaM2: string | null;
  floor: number | null;
  energyLabel: string | null;
  accessible: boolean;
  funding: string | null;
  inPriorityArea: boolean;
  constructionYear: number | null;
  rentCents: number;
  chargesCents: number;
  freeOn: LocalDate;
};

export const proposalRecord = (holderId: string, proposalId: string): CompiledQuery<ProposalRow> =>
  sql<ProposalRow>`
    select p.id, p.organisation_id as "landlordId", l.name as landlord, p.vacancy_id as "vacancyId", p.dwelling,
      p.proposed_on as "proposedOn", p.nominate_by as "nominateBy", p.state, p.return_reason as "returnReason",
      a.reference as agreement, flow.nomination_days(p.organisation_id, p.agreement_id, p.proposed_on) as "nominationDays", p.version,
      (select coalesce(json_agg(json_build_object('id', c.id, 'familyName', c.family_name, 'givenName', c.given_name,
          'uniqueNumber', c.unique_number, 'persons', c.persons, 'incomeCents', c.income_cents,
          'priorityGroup', c.priority_group, 'state', c.state, 'position', c.position, 'holderRank', c.holder_rank,
          'decision', case when c.state in ('granted', 'ranked', 'conditional', 'not-granted', 'inadmissible') then c.state end,
          'rank', null) order by c.position), '[]')
        from allocation.candidates c
        where c.organisation_id = p.organisation_id and c.proposal_id = p.id and c.state <> 'withdrawn') as candidates
    from allocation.proposals p
    join organisations.organisations l on l.id = p.organisation_id
    join flow.agreement_cards a on a.organisation_id = p.organisation_id and a.id = p.agreement_id
    where p.holder_id = ${holderId} and p.id = ${proposalId}`.compile(statements);

export type OrientationStatisticsRow = {
  months: { month: string; decided: number; followed: number }[];
  parties: { name: string | null; suggested: number; left: number; preferred: number }[];
  reasons: { reason: string; count: number }[];
  roles: { role: string; decided: number; followed: number }[];
  planned: number;
};

/**
 * Orientations of the year, and how often the suggestion was not followed: by month, party and reason. A vacancy outside the
 * base takes from nobody's flow: it does not count, nor does what was undone with its plan. A person of several roles counts
 * by the one closest to the work.
 */
export const orientationStatistics = (
  organisationId: string,
  today: LocalDate,
): CompiledQuery<OrientationStatisticsRow> =>
  sql<OrientationStatisticsRow>`
    with decided as materialized (
      select to_char(o.decided_at, 'YYYY-MM') as month, o.followed, o.reason, o.suggested_agreement_id, o.chosen_agreement_id,
        o.batch_id, (select case when 'allocation-officer' = any (m.roles) then 'allocation-officer'
            when 'rental-manager' = any (m.roles) then 'rental-manager' else m.roles[1] end
          from organisations.role_cards m where m.organisation_id = o.organisation_id and m.user_id = o.decided_by limit 1) as role
      from allocation.orientations o
      join allocation.vacancies v on v.organisation_id = o.organisation_id and v.id = o.vacancy_id
      left join platform.batches b on b.organisation_id = o.organisation_id and b.id = o.batch_id
      where o.organisation_id = ${organisationId} and o.decided_at >= ${startOfYear(today)}::date
        and o.decided_at < ${today}::date + 1 and v.base_class = 'in-base' and b.state is distinct from 'reverted'),
    parties as (
      select a.holder_id, count(*) filter (where p.role = 'suggested') as suggested,
        count(*) filter (where p.role = 'suggested' and not d.followed) as given_up,
        count(*) filter (where p.role = 'chosen' and not d.followed) as preferred
      from decided d
      cross join lateral (values ('suggested', d.suggested_agreement_id), ('chosen', d.chosen_agreement_id)) p(role, agreement_id)
      left join flow.agreement_cards a on a.organisation_id = ${organisationId} and a.id = p.agreement_id
      group by a.holder_id)
    select
      (select coalesce(json_agg(json_build_object('month', m.month, 'decided', m.decided, 'followed', m.followed) order by m.month), '[]')
        from (select month, count(*) as decided, count(*) filter (where followed) as followed from decided group by month) m) as months,
      (select coalesce(json_agg(json_build_object('name', h.name, 'suggested', p.suggested, 'left', p.given_up,
          'preferred', p.preferred) order by p.given_up + p.preferred desc, h.name nulls last), '[]')
        from parties p left join organisations.organisations h on h.id = p.holder_id) as parties,
      (select coalesce(json_agg(json_build_object('reason', r.reason, 'count', r.n) order by r.n desc, r.reason), '[]')
        from (select min(trim(reason)) as reason, count(*) as n from decided where not followed
          group by lower(trim(reason)) order by count(*) desc, min(trim(reason)) limit 12) r) as reasons,
      (select coalesce(json_agg(json_build_object('role', r.role, 'decided', r.decided, 'followed', r.followed)
          order by r.decided desc, r.role), '[]')
        from (select role, count(*) as decided, count(*) filter (where followed) as followed from decided where role is not null group by role) r) as roles,
      (select count(*)::int from decided where batch_id is not null) as planned`.compile(statements);
