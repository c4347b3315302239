import { sql } from 'kysely';
import { addDays, type LocalDate } from '../../kernel/local-date.ts';
import { recordEvent } from '../../platform/audit/events.ts';
import { asProgram } from '../../platform/database/as-program.ts';
import type { Database, Tx } from '../../platform/database/connection.ts';
import type { Actor } from '../../platform/http/actor.ts';
import { settleReminders } from '../../platform/jobs/reminders.ts';
import type { Schedule } from '../../platform/jobs/schedules.ts';
import { countFlow } from '../flow/index.ts';
import { markOccupancy } from '../portfolio/index.ts';
import { closeOffer, lockOffer } from './actions/offers.ts';
import { refreshStage } from './actions/refresh-stage.ts';
import { flowFactsOf, vacancyCard } from './queries.ts';

/**
 * Each morning, what time alone changes: silence after the last day is a refusal, a proposal nobody answered expires, a
 * dwelling whose lease ended is empty, one whose lease begins is let. Each item is a transaction of its own: one that
 * fails is reported and does not stop the others.
 */
export const passingOfTime: Schedule = {
  name: 'allocation.passing-of-time',
  cron: '15 4 * * *',
  every: '26 hours',
  async run({ database, organisationIds, today }) {
    const failures: string[] = [];
    for (const organisationId of organisationIds) {
      for (const work of await workOf(database, organisationId, today)) {
        await asProgram(database, { organisationId }, (tx, actor) =>
          handlers[work.kind](tx, actor, work.id, today),
        ).catch((error: Error) => failures.push(`${work.kind} ${work.id}: ${error.message}`));
      }
    }
    if (failures.length > 0) throw new Error(failures.join('; '));
  },
};

type Work = { kind: keyof typeof handlers; id: string };

async function workOf(database: Database, organisationId: string, today: LocalDate): Promise<Work[]> {
  return asProgram(database, { organisationId }, async (tx) => {
    const { rows } = await sql<Work>`
      select 'silentOffer' as kind, id from allocation.offers
        where organisation_id = ${organisationId} and state = 'pending' and answer_by < ${today}::date
      union all select 'overdueProposal', id from allocation.proposals
        where organisation_id = ${organisationId} and state = 'open' and nominate_by < ${today}::date
      union all select 'freedDwelling', id from allocation.vacancies
        where organisation_id = ${organisationId} and closed_on is null and freed_on is null and expected_free_on < ${today}::date
      union all select 'begunLease', id from allocation.vacancies
        where organisation_id = ${organisationId} and closed_on is null and let_from <= ${today}::date`.execute(tx);
    return rows;
  });
}

const handlers = {
  /** No answer by the last day: a refusal (R441-10). The next in rank is to be asked. */
  async silentOffer(tx: Tx, actor: Actor, id: string, today: LocalDate) {
    const offer = await lockOffer(tx, actor, id);
    if (offer.state !== 'pending') return;
    await closeOffer(tx, actor, offer, 'silent', addDays(offer.answerBy, 1), null, today);
  },

  /** The holder's month is over. Candidates named but not handed over go to the landlord; without any, it expires. */
  async overdueProposal(tx: Tx, actor: Actor, id: string, today: LocalDate) {
    const { rows } = await sql<{
      vacancyId: string;
      agreementId: string;
      holderId: string;
      nominateBy: LocalDate;
      named: number;
    }>`
      select p.vacancy_id as "vacancyId", p.agreement_id as "agreementId", p.holder_id as "holderId", p.nominate_by as "nominateBy",
        (select count(*)::int from allocation.candidates c where c.organisation_id = p.organisation_id
          and c.proposal_id = p.id and c.state = 'named') as named
      from allocation.proposals p where p.organisation_id = ${actor.organisationId} and p.id = ${id} and p.state = 'open' for update`.execute(
      tx,
    );
    const proposal = rows[0];
    if (!proposal) return;
    const state = proposal.named > 0 ? 'nominated' : 'expired';
    await tx
      .updateTable('allocation.proposals')
      .set({ state, closed_on: addDays(proposal.nominateBy, 1) })
      .where('organisation_id', '=', actor.organisationId)
      .where('id', '=', id)
      .execute();
    const vacancy = await vacancyCard(tx, actor.organisationId, proposal.vacancyId);
    if (state === 'expired') {
      await countFlow(tx, actor.organisationId, {
        kind: 'expired',
        on: today,
        vacancyId: proposal.vacancyId,
        baseClass: vacancy!.baseClass,
        agreement: { id: proposal.agreementId, holderId: proposal.holderId },
        facts: flowFactsOf(vacancy!),
      });
    }
    await refreshStage(tx, actor, proposal.vacancyId, today, state === 'expired' ? { id: null } : undefined);
    await settleReminders(tx, actor.organisationId, { kind: 'proposal', id }, 'void');
    await recordEvent(tx, {
      kind: state === 'expired' ? 'allocation.proposal-expired' : 'allocation.candidates-transmitted',
      organisationId: actor.organisationId,
      subjects: [
        { kind: 'proposal', id },
        { kind: 'vacancy', id: proposal.vacancyId },
        { kind: 'dwelling', id: vacancy!.dwellingId },
      ],
      after: { deadline: proposal.nominateBy, candidates: proposal.named },
      journal: { vacancy: proposal.vacancyId, proposal: id, outcome: state, candidates: proposal.named },
    });
  },

  async freedDwelling(tx: Tx, actor: Actor, id: string, today: LocalDate) {
    const freed = await tx
      .updateTable('allocation.vacancies')
      .set((eb) => ({ freed_on: eb.ref('expected_free_on') }))
      .where('organisation_id', '=', actor.organisationId)
      .where('id', '=', id)
      .where('freed_on', 'is', null)
      .returning('dwelling_id as dwellingId')
      .executeTakeFirst();
    if (!freed) return;
    await markOccupancy(tx, actor.organisationId, freed.dwellingId, 'void');
    await refreshStage(tx, actor, id, today);
  },

  async begunLease(tx: Tx, actor: Actor, id: string, today: LocalDate) {
    const let$ = await tx
      .updateTable('allocation.vacancies')
      .set({ closed_on: today, closed_as: 'let' })
      .where('organisation_id', '=', actor.organisationId)
      .where('id', '=', id)
      .where('closed_on', 'is', null)
      .returning('dwelling_id as dwellingId')
      .executeTakeFirst();
    if (!let$) return;
    await markOccupancy(tx, actor.organisationId, let$.dwellingId, 'let');
    await refreshStage(tx, actor, id, today);
  },
} satisfies Record<string, (tx: Tx, actor: Actor, id: string, today: LocalDate) => Promise<void>>;
