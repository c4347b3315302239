import { sql } from 'kysely';
import { inForce } from '../../../../kernel/dated.ts';
import type { BodyOf } from '../../../../kernel/endpoint.ts';
import { newId } from '../../../../kernel/id.ts';
import type { LocalDate } from '../../../../kernel/local-date.ts';
import { yearOf } from '../../../../kernel/local-date.ts';
import { invalid, refused } from '../../../../kernel/problem.ts';
import { recordEvent } from '../../../../platform/audit/events.ts';
import { holdBatch, moveBatch, openBatch } from '../../../../platform/batches.ts';
import type { Tx } from '../../../../platform/database/connection.ts';
import type { Actor } from '../../../../platform/http/actor.ts';
import { priorityAreaGeography } from '../../../../regulation/scales/flow-reports.ts';
import { intermunicipalityNames, settingsOn } from '../../../organisations/index.ts';
import { guaranteesOf, measured } from '../../points/guarantees.ts';
import type { produceReports as endpoint } from '../contract.ts';
import { currentRecipients, freezeFigures, givenScopes, type Scope, yearOfReport } from '../counting.ts';
import { forecastsFor } from '../forecasts.ts';
import type { ReportInputs } from '../queries.ts';
import { reportDeadline, toleranceOf } from '../rules/report-deadline.ts';

/** The kind of batch a production is. */
export const productionKind = 'flow.reports';

type Recipient = Scope & {
  code: string;
  name: string;
  recipientId: string | null;
  edition: number;
  /** How its last edition stands; null: it has none. */
  present: 'ready' | 'sent' | null;
};

/**
 * Freezes the reports of a year that is over: figures, what they were counted from, the forecast of the following year. One
 * batch, undone as a whole as long as nothing of it was sent. Without names: every recipient that has none yet; with names:
 * those, a second edition for one that was already sent.
 * @throws Problem E-REPORT-01 nothing to produce; E-REPORT-02 the year is not over; E-REPORT-03 unknown recipient;
 *   E-REPORT-04 a named one has a report that is ready
 */
export async function produceReports(
  tx: Tx,
  actor: Actor,
  { year, recipients: named }: BodyOf<typeof endpoint>,
  today: LocalDate,
): Promise<{ batchId: string; reports: number }> {
  if (year >= yearOf(today)) throw invalid('E-REPORT-02', { year }, [{ path: 'year', code: 'E-REPORT-02' }]);
  // Two productions at once would freeze the same reports twice.
  await sql`select pg_advisory_xact_lock(hashtextextended(${`flow.reports ${actor.organisationId} ${year}`}, 0))`.execute(
    tx,
  );
  const known = await recipientsOf(tx, actor.organisationId, year);
  const unknown = named?.find((key) => !known.some((recipient) => recipient.key === key));
  if (unknown) throw invalid('E-REPORT-03', { recipient: unknown });
  const chosen = known.filter(({ key, present }) => (named ? named.includes(key) : present === null));
  const ready = named && chosen.find(({ present }) => present === 'ready');
  if (ready) throw refused('E-REPORT-04', { recipient: ready.name });
  if (chosen.length === 0) throw refused('E-REPORT-01', { year });

  const settings = await settingsOn(
    tx,
    actor,
    [
      'flow.report-deadline',
      'flow.report-tolerance',
      'flow.exclusion-declaration-year',
      'flow.exclusion-past-years',
      'flow.exclusion-past-method',
    ],
    today,
  );
  const counting = settings['flow.report-deadline'];
  const tolerance = toleranceOf(settings['flow.report-tolerance']);
  const { lastDay } = reportDeadline({ year, counting, tolerance, sentOn: null, on: today }).result;
  const { from, until } = yearOfReport(year);
  const geography = inForce(priorityAreaGeography, from).value;
  const forecasts = await forecastsFor(
    tx,
    actor.organisationId,
    {
      year,
      declared: year + (settings['flow.exclusion-declaration-year'] === 'next-year' ? 2 : 1),
      years: settings['flow.exclusion-past-years'],
      method: settings['flow.exclusion-past-method'],
    },
    givenScopes(chosen),
  );
  const { rows: guarantees } = await tx.executeQuery(
    guaranteesOf(sql<boolean>`a.organisation_id = ${actor.organisationId}`, year, today),
  );
  const batchId = newId();
  await openBatch(tx, actor, {
    id: batchId,
    kind: productionKind,
    label: String(year),
    parameters: { year, recipients: chosen.map(({ key }) => key) },
  });
  const reports = chosen.map(({ key, kind, holder, codes, agreements, code, recipientId, name, edition }) => ({
    organisation_id: actor.organisationId,
    id: newId(),
    batch_id: batchId,
    year,
    recipient_kind: kind,
    recipient_code: code,
    recipient_id: recipientId,
    recipient_name: name,
    edition,
    last_day: lastDay,
    inputs: JSON.stringify({
      from,
      until,
      geography,
      counting,
      perimeters: codes,
      scope: { kind, holder, codes, agreements },
      guarantees: guarantees
        .filter(({ agreementId }) => agreements.some(({ id }) => id === agreementId))
        .flatMap((row) => measured(row, year, today) ?? []),
    } satisfies ReportInputs),
    forecast: JSON.stringify(forecasts.get(key)),
    frozen_by: actor.userId,
  }));
  await tx.insertInto('flow.reports').values(reports).execute();
  await tx.executeQuery(freezeFigures(actor.organisationId, year, batchId));
  for (const [state, to] of [
    ['preparing', 'previewed'],
    ['previewed', 'applying'],
    ['applying', 'applied'],
  ] as const)
    await moveBatch(tx, actor, batchId, { state }, to, to === 'applied' ? { counts: { reports: reports.length } } : {});
  await recordEvent(tx, {
    kind: 'flow.reports-produced',
    organisationId: actor.organisationId,
    subjects: [
      { kind: 'organisation', id: actor.organisationId },
      ...reports.map(({ id }) => ({ kind: 'report', id })),
    ],
    batchId,
    after: { year, reports: reports.length },
    journal: { year, batch: batchId, reports: reports.map(({ id, edition }) => ({ id, edition })) },
  });
  return { batchId, reports: reports.length };
}

async function recipientsOf(tx: Tx, landlordId: string, year: number): Promise<Recipient[]> {
  const { rows } = await sql<Recipient>`
    with present as (
      select r.recipient_kind || ':' || r.recipient_code as key, max(r.edition) filter (where r.withdrawn_at is null)::int as edition,
        (array_agg(case when r.sent_on is null then 'ready' else 'sent' end order by r.edition desc) filter (where r.withdrawn_at is null))[1] as present
      from flow.reports r where r.organisation_id = ${landlordId} and r.year = ${year} group by 1)
    select c.key, c.kind, c.code, c.recipient_id as "recipientId", c.name, c.holder, c.codes, c.agreements,
      coalesce(p.edition, 0) + 1 as edition, p.present
    from (${currentRecipients(landlordId, year, intermunicipalityNames())}) c
    left join present p on p.key = c.key
    order by c.kind, c.name`.execute(tx);
  return rows;
}

/**
 * Undoes a production as a whole. Its reports stay readable, as withdrawn.
 * @throws Problem E-NOT-FOUND-01; E-REPORT-05 something of it was sent; E-BATCH-01 already undone; E-BUSY-01
 */
export async function withdrawReports(tx: Tx, actor: Actor, batchId: string): Promise<{ reports: number }> {
  const held = await holdBatch(tx, actor.organisationId, batchId, productionKind, { wait: false });
  const reports = await tx
    .selectFrom('flow.reports')
    .select(['id', 'year', 'sent_on'])
    .where('organisation_id', '=', actor.organisationId)
    .where('batch_id', '=', batchId)
    .forUpdate()
    .execute();
  const sent = reports.filter(({ sent_on }) => sent_on !== null).length;
  if (sent > 0) throw refused('E-REPORT-05', { count: sent });
  await moveBatch(tx, actor, batchId, held, 'reverting');
  await moveBatch(tx, actor, batchId, { state: 'reverting' }, 'reverted');
  await sql`update flow.reports set withdrawn_at = now(), withdrawn_by = ${actor.userId}, version = version + 1
    where organisation_id = ${actor.organisationId} and batch_id = ${batchId}`.execute(tx);
  await recordEvent(tx, {
    kind: 'flow.reports-withdrawn',
    organisationId: actor.organisationId,
    subjects: [
      { kind: 'organisation', id: actor.organisationId },
      ...reports.map(({ id }) => ({ kind: 'report', id })),
    ],
    batchId,
    after: { year: reports[0]!.year, reports: reports.length },
    journal: { batch: batchId, reports: reports.map(({ id }) => id) },
  });
  return { reports: reports.length };
}
