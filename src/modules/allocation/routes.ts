import { sql } from 'kysely';
import { addDays, type LocalDate, latest } from '../../kernel/local-date.ts';
import { decimal, exact } from '../../kernel/money.ts';
import { notFound } from '../../kernel/problem.ts';
import { amount, count, rate, type Step } from '../../kernel/steps.ts';
import type { Actor } from '../../platform/http/actor.ts';
import type { Api } from '../../platform/http/api.ts';
import { policy } from '../../regulation/sources.ts';
import { chosenSetting, valueOrDefault } from '../organisations/index.ts';
import { applyPlan, undoPlan } from './actions/apply-plan.ts';
import { decide } from './actions/decide.ts';
import { exchangeDwelling } from './actions/exchange-pool.ts';
import { closeSession, signMinutes } from './actions/minutes.ts';
import { nameCandidate, returnProposal, transmitCandidates, withdrawCandidate } from './actions/nominate.ts';
import { answerOffer, sendOffer } from './actions/offers.ts';
import { orient, suggestionFor, withdrawProposal } from './actions/orient.ts';
import { planOrientations } from './actions/plan-orientations.ts';
import { sharesFlow } from './actions/refresh-stage.ts';
import { rankForVacancy, selectCandidates } from './actions/select-candidates.ts';
import { addToAgenda, markAttendance, openSession, planSession, removeFromAgenda } from './actions/sessions.ts';
import { signLease } from './actions/sign-lease.ts';
import { classifyVacancy, openEmptyDwelling, planWorks } from './actions/vacancies.ts';
import * as contract from './contract.ts';
import { orientationList, planList, proposalList, sessionList, vacancyList } from './lists.ts';
import {
  orientationStatistics,
  proposalRecord,
  type SummaryRow,
  sessionRecord,
  type VacancyRecordRow,
  vacancyCard,
  vacancyRecord,
  vacancySummary,
} from './queries.ts';
import { nominationDeadline } from './rules/deadlines.ts';
import { vacancyRibbon } from './rules/ribbon.ts';
import { dailyVacancyCost, vacancyCost } from './rules/vacancy-cost.ts';

export function allocationRoutes(api: Api): void {
  // Vacancies --------------------------------------------------------------------------------------------------------

  api.list(contract.listVacancies, vacancyList, ({ ribbonDates, ...row }, { today }) => ({
    ...row,
    dailyCostCents: dailyVacancyCost(row.rentCents),
    ribbon: vacancyRibbon(ribbonDates, today),
  }));

  api.read(
    contract.vacancySummary,
    ({ organisationId, today }) => [
      vacancySummary(organisationId, today),
      chosenSetting(organisationId, 'allocation.vacancy-threshold', today),
    ],
    ([[row], [chosen]], { actor, today }) => {
      const threshold = valueOrDefault('allocation.vacancy-threshold', actor.jurisdiction, chosen?.value);
      return { ...summaryOf(row!, today), threshold: String(threshold) } as never;
    },
  );

  api.read(
    contract.getVacancy,
    ({ organisationId, params }) => [vacancyRecord(organisationId, params.id)],
    ([[row]], { actor, today }) => {
      if (!row) throw notFound();
      return { ...recordOf(row, today), can: abilitiesOf(row, actor) } as never;
    },
  );

  api.act(contract.planWorks, ({ tx, actor, params, body, today }) => planWorks(tx, actor, params.id, body, today));
  api.act(contract.openEmptyDwelling, ({ tx, actor, params, body, today }) =>
    openEmptyDwelling(tx, actor, params.id, body, today),
  );
  api.act(contract.classifyVacancy, ({ tx, actor, params, body, today }) =>
    classifyVacancy(tx, actor, params.id, body, today),
  );

  // Orientation and the holder's space -------------------------------------------------------------------------------

  api.act(contract.getOrientation, async ({ tx, actor, params, today }) => {
    await sql`set transaction read only`.execute(tx);
    const vacancy = await vacancyCard(tx, actor.organisationId, params.id);
    if (!vacancy || !sharesFlow(actor)) throw notFound();
    const { suggestion, stakes } = await suggestionFor(tx, actor.organisationId, vacancy, today);
    const { result, steps, parties, programme } = suggestion;
    const contingents = new Map(parties.map(({ id, contingent }) => [id, contingent]));
    return {
      suggested: result.suggested,
      alternatives: result.alternatives.map((party) => ({ ...party, contingent: contingents.get(party.id) ?? null })),
      programme,
      steps: steps as never,
      building: stakes.residence,
      fragile: stakes.result.fragile,
      leaning: stakes.result.leaning,
      stakes: stakes.result.objectives,
      stakesSteps: stakes.steps as never,
    };
  });

  api.act(contract.planOrientations, ({ tx, actor, body, today }) =>
    planOrientations(tx, actor, body.vacancyIds ?? null, today),
  );

  api.act(contract.applyPlan, ({ tx, actor, body, today }) => applyPlan(tx, actor, body, today));
  api.act(contract.undoPlan, ({ tx, actor, params, body, today }) => undoPlan(tx, actor, params.id, body, today));
  api.list(contract.listPlans, planList);

  api.list(contract.listOrientations, orientationList);

  api.read(
    contract.orientationStatistics,
    ({ organisationId, today }) => [orientationStatistics(organisationId, today)],
    ([[row]], { today }) => {
      const { months } = row!;
      const total = (of: 'decided' | 'followed') => months.reduce((sum, month) => sum + month[of], 0);
      return { ...row!, decided: total('decided'), followed: total('followed'), today };
    },
  );

  api.act(contract.orient, ({ tx, actor, params, body, today }) => orient(tx, actor, params.id, body, today));
  api.act(contract.withdrawProposal, ({ tx, actor, params, body, today }) =>
    withdrawProposal(tx, actor, params.id, body, today),
  );
  api.act(contract.exchangeDwelling, ({ tx, actor, params, body, today }) =>
    exchangeDwelling(tx, actor, params.id, body, today),
  );

  api.list(contract.listProposals, proposalList);

  api.read(
    contract.getProposal,
    ({ organisationId, params }) => [proposalRecord(organisationId, params.id)],
    ([[row]], { actor, today }) => {
      if (!row) throw notFound();
      const { dwelling, candidates, nominationDays, vacancyId: _, ...proposal } = row;
      const open = row.state === 'open' && row.nominateBy >= today && actor.may('proposals.answer');
      return {
        ...proposal,
        ...dwelling,
        candidates,
        progress: progressOf(
          row.state,
          candidates.map(({ state }) => state),
        ),
        deadlineSteps: nominationDeadline({ proposedOn: row.proposedOn, days: nominationDays }).steps as never,
        can: { name: open, transmit: open && candidates.length > 0, return: open },
      };
    },
  );

  api.act(contract.nameCandidate, ({ tx, actor, params, body, today }) =>
    nameCandidate(tx, actor, params.id, body, today),
  );
  api.act(contract.withdrawCandidate, async ({ tx, actor, params, today }) => {
    await withdrawCandidate(tx, actor, params.id, params.candidateId, today);
    return {};
  });
  api.act(contract.transmitCandidates, ({ tx, actor, params, body, today }) =>
    transmitCandidates(tx, actor, params.id, body, today),
  );
  api.act(contract.returnProposal, ({ tx, actor, params, body, today }) =>
    returnProposal(tx, actor, params.id, body, today),
  );

  // Candidates of the register ---------------------------------------------------------------------------------------

  api.act(contract.rankForVacancy, async ({ tx, actor, params, query, today }) => {
    await sql`set transaction read only`.execute(tx);
    const vacancy = await vacancyCard(tx, actor.organisationId, params.id);
    if (!vacancy) throw notFound();
    return rankForVacancy(tx, actor, vacancy, query.limit, today);
  });
  api.act(contract.selectCandidates, ({ tx, actor, params, body, today }) =>
    selectCandidates(tx, actor, params.id, body, today),
  );

  // Committee --------------------------------------------------------------------------------------------------------

  api.list(contract.listSessions, sessionList);

  api.read(
    contract.getSession,
    ({ organisationId, params }) => [sessionRecord(organisationId, params.id)],
    ([[session]], { actor, today }) => {
      if (!session) throw notFound();
      const manages = actor.may('committee.manage');
      const own = session.members.find((member) => member.userId === actor.userId);
      return {
        ...session,
        can: {
          prepare: manages && (session.state === 'preparing' || session.state === 'open'),
          open: manages && session.state === 'preparing' && session.heldOn <= today,
          decide: manages && session.state === 'open',
          close: manages && session.state === 'open' && session.agenda.every((item) => item.state !== 'pending'),
          sign: actor.may('committee.sign') && session.state === 'closed' && own?.present === true && !own.signedAt,
        },
      } as never;
    },
  );

  api.act(contract.planSession, ({ tx, actor, body, today }) => planSession(tx, actor, body, today));
  api.act(contract.addToAgenda, ({ tx, actor, params, body, today }) =>
    addToAgenda(tx, actor, params.id, body.vacancyId, today),
  );
  api.act(contract.removeFromAgenda, async ({ tx, actor, params, today }) => {
    await removeFromAgenda(tx, actor, params.id, params.itemId, today);
    return {};
  });
  api.act(contract.markAttendance, ({ tx, actor, params, body }) => markAttendance(tx, actor, params.id, body.present));
  api.act(contract.openSession, ({ tx, actor, params, body, today }) =>
    openSession(tx, actor, params.id, body.version, today),
  );
  api.act(contract.decide, ({ tx, actor, params, body, today }) =>
    decide(tx, actor, params.id, params.itemId, body, today),
  );
  api.act(contract.closeSession, ({ tx, actor, params, body, today }) =>
    closeSession(tx, actor, params.id, body, today),
  );
  api.act(contract.signMinutes, ({ tx, actor, params, body }) => signMinutes(tx, actor, params.id, body.sha256));

  // Offers and lease -------------------------------------------------------------------------------------------------

  api.act(
    contract.sendOffer,
    ({ tx, actor, params, body, today }) => sendOffer(tx, actor, params.id, body, today) as never,
  );
  api.act(contract.answerOffer, ({ tx, actor, params, body, today }) => answerOffer(tx, actor, params.id, body, today));
  api.act(contract.signLease, ({ tx, actor, params, body, today }) => signLease(tx, actor, params.id, body, today));
}

/** What the screens show of a vacancy beyond its columns: its ribbon, what it has cost so far. */
function recordOf(row: VacancyRecordRow, today: LocalDate) {
  const firstVoidDay = addDays(row.freeOn, 1);
  const lastVoidDay = row.letFrom && row.letFrom <= today ? addDays(row.letFrom, -1) : today;
  const empty = firstVoidDay <= lastVoidDay;
  const cost = empty ? vacancyCost({ rent: row.rentCents, from: firstVoidDay, to: lastVoidDay }) : null;
  const lastOffer = row.offers.at(-1);
  return {
    ...row,
    voidDays: cost?.result.days ?? null,
    dailyCostCents: dailyVacancyCost(row.rentCents),
    cost: cost && { days: cost.result.days, totalCents: cost.result.total, steps: cost.steps },
    ribbon: vacancyRibbon(
      {
        openedOn: row.openedOn,
        freeOn: row.freeOn,
        worksUntil: row.worksUntil,
        worksDoneOn: row.worksDoneOn,
        orientedOn: row.orientation ? (row.orientation.at.slice(0, 10) as LocalDate) : null,
        proposedOn: row.proposal?.proposedOn ?? null,
        nominateBy: row.proposal?.nominateBy ?? null,
        nominatedOn:
          row.proposal && !['open', 'expired'].includes(row.proposal.state)
            ? (row.proposal.closedOn ?? row.proposal.nominateBy)
            : null,
        sessionOn: row.session?.heldOn ?? null,
        offeredOn: lastOffer?.sentOn ?? null,
        answerBy: lastOffer?.answerBy ?? null,
        answeredOn: lastOffer?.answeredOn ?? null,
        leaseFrom: row.letFrom,
      },
      today,
    ),
  };
}

/** What this person may do with a vacancy now. The actions check again; the screens show no more than this. */
function abilitiesOf(row: VacancyRecordRow, actor: Actor) {
  const open = row.closedOn === null;
  const manages = open && actor.may('vacancies.manage');
  const stage = row.stage as string;
  const openProposal = row.proposal !== null && ['open', 'nominated'].includes(row.proposal.state);
  return {
    planWorks: manages && row.letFrom === null,
    orient: open && actor.may('allocation.orient') && stage === 'to-orient',
    withdrawProposal: open && actor.may('allocation.orient') && openProposal && stage === 'with-holder',
    select:
      manages && (stage === 'to-select' || (stage === 'committee' && row.nextDueWhat === 'schedule' && !openProposal)),
    schedule: open && actor.may('committee.manage') && stage === 'committee' && row.nextDueWhat === 'schedule',
    offer: manages && stage === 'to-offer',
    answer: manages && stage === 'offer',
    sign: manages && stage === 'to-sign',
    classify: manages && sharesFlow(actor) && row.orientation === null,
    exchange:
      open && actor.may('allocation.orient') && sharesFlow(actor) && (row.proposal?.state as string) === 'nominated',
  };
}

/** The heading of « Libérations », with the rate of the year and how it was computed. */
function summaryOf(row: SummaryRow, today: LocalDate) {
  const lost = row.lost
    .filter(({ from, to }) => from <= to)
    .reduce((total, { rent, from, to }) => total + vacancyCost({ rent, from, to }).result.total, 0);
  const firstDay = `${today.slice(0, 4)}-01-01` as LocalDate;
  const stockRent = vacancyCost({ rent: row.stockRentCents, from: firstDay, to: latest(today, firstDay) }).result.total;
  const share = stockRent === 0 ? exact(0) : exact(lost).div(stockRent);
  const steps: Step[] = [
    { label: 'vacancy-rate.lost', inputs: { stretches: count(row.lost.length) }, result: amount(lost) },
    { label: 'vacancy-rate.stock', result: amount(stockRent) },
    {
      label: 'vacancy-rate.rate',
      inputs: { lost: amount(lost), stock: amount(stockRent) },
      formula: 'lost ÷ stock',
      result: rate(decimal(share, 4)),
      source: policy('Loyers perdus sur loyers du patrimoine ; seuil choisi par l’organisation (R-53)'),
    },
  ];
  const { rents, lost: _, stockRentCents: __, ...counts } = row;
  return {
    ...counts,
    dailyCostCents: rents.reduce((total, rent) => total + dailyVacancyCost(rent), 0),
    rate: decimal(share, 4),
    steps,
  };
}

function progressOf(state: string, candidateStates: string[]) {
  if (state === 'open') return 'to-name' as const;
  if (state === 'housed') return 'housed' as const;
  if (state !== 'nominated') return 'ended' as const;
  if (candidateStates.some((candidate) => candidate === 'offered' || candidate === 'accepted')) return 'offer' as const;
  return candidateStates.every((candidate) => candidate === 'named') ? ('named' as const) : ('committee' as const);
}
