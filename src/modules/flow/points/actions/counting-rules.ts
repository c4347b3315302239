import { sql } from 'kysely';
import type { BodyOf } from '../../../../kernel/endpoint.ts';
import { newId } from '../../../../kernel/id.ts';
import { invalid, notFound, refused } from '../../../../kernel/problem.ts';
import { recordEvent, type Subject } from '../../../../platform/audit/events.ts';
import type { Tx } from '../../../../platform/database/connection.ts';
import type { Actor } from '../../../../platform/http/actor.ts';
import { closingLock } from '../../actions/flow-events.ts';
import type { decideCountingRule, proposeCountingRule } from '../contract.ts';
import { checkPhases, type PhaseWarning } from '../rules/phases.ts';

/**
 * Proposes how points are counted from a day on; who proposes approves. Nothing counts otherwise until the others do.
 * @throws Problem E-POINTS-01 to -04 as `checkPhases`; E-POINTS-05 a holder proposes for one of its agreements;
 *   E-POINTS-06 days of a year that is closed
 */
export async function proposeRule(
  tx: Tx,
  actor: Actor,
  body: BodyOf<typeof proposeCountingRule>,
): Promise<{ id: string; warnings: PhaseWarning[] }> {
  const warnings = checkPhases(body.phases);
  if (body.agreementId === null && actor.organisationKind !== 'landlord') throw refused('E-POINTS-05');
  const agreement = body.agreementId === null ? null : await agreementOf(tx, actor, body.agreementId);
  const landlordId = agreement?.landlordId ?? actor.organisationId;
  const fromDay = body.phases[0]!.from;
  await requireOpenFrom(tx, landlordId, fromDay);
  const id = newId();
  await tx
    .insertInto('flow.counting_rules')
    .values({
      organisation_id: landlordId,
      id,
      agreement_id: agreement?.id ?? null,
      holder_id: agreement?.holderId ?? null,
      perimeter_code: agreement?.perimeterCode ?? null,
      phases: JSON.stringify(body.phases),
      from_day: fromDay,
      note: body.note,
      proposed_by_party: actor.organisationId,
      proposed_by: actor.userId,
    })
    .execute();
  await insertDecision(tx, actor, landlordId, id, 'approved', null);
  await recordEvent(tx, {
    kind: 'flow.counting-rule-proposed',
    organisationId: landlordId,
    subjects: subjectsOf(id, agreement?.id ?? null),
    reason: body.note,
    after: { from: fromDay },
    journal: { rule: id, agreement: agreement?.id ?? null, phases: body.phases },
  });
  return { id, warnings };
}

/**
 * A party approves or refuses a proposed rule, once.
 * @throws Problem E-POINTS-06 days of a year that was closed since; E-POINTS-07 said already; E-NOT-FOUND-01 no party to it
 */
export async function decideRule(
  tx: Tx,
  actor: Actor,
  ruleId: string,
  body: BodyOf<typeof decideCountingRule>,
): Promise<{ decision: string }> {
  const { rows } = await sql<{
    landlordId: string;
    agreementId: string | null;
    fromDay: string;
    isParty: boolean;
    mine: string | null;
  }>`select r.organisation_id as "landlordId", r.agreement_id as "agreementId", r.from_day as "fromDay",
      r.organisation_id = ${actor.organisationId} or r.holder_id = ${actor.organisationId}
        or (r.holder_id is null and exists (select from flow.agreements a where a.organisation_id = r.organisation_id
          and a.holder_id = ${actor.organisationId} and a.state = 'signed')) as "isParty",
      (select d.decision from flow.counting_decisions d where d.organisation_id = r.organisation_id and d.rule_id = r.id
        and d.party_id = ${actor.organisationId}) as mine
    from flow.counting_rules r where r.id = ${ruleId}`.execute(tx);
  const [rule] = rows;
  if (!rule?.isParty) throw notFound();
  if (rule.mine) throw refused('E-POINTS-07', { decision: rule.mine });
  if (body.decision === 'refused' && !body.reason)
    throw invalid('E-FIELDS-01', {}, [{ path: 'reason', code: 'E-FIELD-REQUIRED' }]);
  if (body.decision === 'approved') await requireOpenFrom(tx, rule.landlordId, rule.fromDay);
  await insertDecision(tx, actor, rule.landlordId, ruleId, body.decision, body.reason);
  await recordEvent(tx, {
    kind: `flow.counting-rule-${body.decision}`,
    organisationId: rule.landlordId,
    subjects: subjectsOf(ruleId, rule.agreementId),
    reason: body.reason,
    after: { from: rule.fromDay },
    journal: { rule: ruleId, party: actor.organisationId, decision: body.decision },
  });
  return { decision: body.decision };
}

const subjectsOf = (ruleId: string, agreementId: string | null): Subject[] => [
  { kind: 'counting-rule', id: ruleId },
  ...(agreementId ? [{ kind: 'agreement', id: agreementId }] : []),
];

async function agreementOf(tx: Tx, actor: Actor, id: string) {
  const agreement = await tx
    .selectFrom('flow.agreements')
    .select(['id', 'organisation_id as landlordId', 'holder_id as holderId', 'perimeter_code as perimeterCode'])
    .where('id', '=', id)
    .where('state', '=', 'signed')
    .where((where) =>
      where.or([where('organisation_id', '=', actor.organisationId), where('holder_id', '=', actor.organisationId)]),
    )
    .executeTakeFirst();
  if (!agreement) throw notFound();
  return agreement;
}

/** A closed year is never counted otherwise: the closing waits for us, and we for it. */
async function requireOpenFrom(tx: Tx, landlordId: string, fromDay: string): Promise<void> {
  await sql`select pg_advisory_xact_lock_shared(${closingLock(landlordId)})`.execute(tx);
  const { rows } = await sql<{ year: number | null }>`select max(year)::int as year from flow.year_closings
    where organisation_id = ${landlordId}`.execute(tx);
  const closed = rows[0]?.year;
  if (closed && fromDay <= `${closed}-12-31`) throw refused('E-POINTS-06', { year: closed });
}

const insertDecision = (
  tx: Tx,
  actor: Actor,
  landlordId: string,
  ruleId: string,
  decision: string,
  reason: string | null,
) =>
  tx
    .insertInto('flow.counting_decisions')
    .values({
      organisation_id: landlordId,
      id: newId(),
      rule_id: ruleId,
      party_id: actor.organisationId,
      decision,
      reason,
      decided_by: actor.userId,
    })
    .execute();
