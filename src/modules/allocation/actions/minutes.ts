import { formatDay } from '../../../kernel/format.ts';
import type { LocalDate } from '../../../kernel/local-date.ts';
import { forbidden, notFound, refused } from '../../../kernel/problem.ts';
import { recordEvent } from '../../../platform/audit/events.ts';
import type { Tx } from '../../../platform/database/connection.ts';
import type { Actor } from '../../../platform/http/actor.ts';
import { translate } from '../../../platform/messages.ts';
import { makeDocument } from '../../knowledge/index.ts';
import { type SessionRow, sessionRecord } from '../queries.ts';
import { requireSession } from './sessions.ts';

/**
 * Closes a sitting. Its minutes are made from what was decided and sealed: their fingerprint enters the journal, and
 * nothing of the sitting can be changed any more. Items not decided are postponed.
 */
export async function closeSession(
  tx: Tx,
  actor: Actor,
  sessionId: string,
  body: { language: 'fr' | 'nl'; version: number },
  _today: LocalDate,
): Promise<{ version: number; minutesFileId: string; sha256: string }> {
  const session = await requireSession(tx, actor, sessionId, ['open'], body.version);
  const pending = await tx
    .selectFrom('allocation.agenda_items')
    .select('id')
    .where('organisation_id', '=', actor.organisationId)
    .where('session_id', '=', sessionId)
    .where('state', '=', 'pending')
    .limit(1)
    .executeTakeFirst();
  if (pending) throw refused('E-SESSION-05');
  const { rows } = await tx.executeQuery(sessionRecord(actor.organisationId, sessionId));
  const record = rows[0]!;
  const minutes = await makeDocument(tx, actor, {
    template: 'minutes',
    language: body.language,
    title: `${translate(body.language)('documents.minutes')} ${session.reference}`,
    facts: minutesFacts(record, body.language),
    subject: { kind: 'session', id: sessionId },
  });
  await tx
    .updateTable('allocation.sessions')
    .set({
      state: 'closed',
      closed_at: new Date(),
      minutes_file_id: minutes.fileId,
      minutes_sha256: minutes.sha256,
      version: body.version + 1,
    })
    .where('organisation_id', '=', actor.organisationId)
    .where('id', '=', sessionId)
    .execute();
  await recordEvent(tx, {
    kind: 'allocation.session-closed',
    organisationId: actor.organisationId,
    subjects: [{ kind: 'session', id: sessionId }],
    after: { minutes: minutes.sha256 },
    journal: { session: session.reference, minutes: minutes.sha256 },
  });
  return { version: body.version + 1, minutesFileId: minutes.fileId, sha256: minutes.sha256 };
}

/** What the minutes print, in the words of their language. */
export function minutesFacts(record: SessionRow, language: 'fr' | 'nl'): Record<string, unknown> {
  const t = translate(language);
  const day = (date: string | null) => (date ? formatDay(date, language) : '');
  return {
    reference: record.reference,
    caleol: record.kind === 'caleol',
    heldOn: [day(record.heldOn), record.heldAt].filter(Boolean).join(', '),
    place: record.place,
    quorum: record.quorum,
    presentVoting: record.presentVoting,
    members: record.members.map((member) => ({ ...member, capacity: t(`values.capacity.${member.capacity}`) })),
    signatories: record.members
      .filter((member) => member.present && (member.chair || member.capacity === ('secretary' as string)))
      .map(({ name }) => name),
    items: record.agenda.map((item) => ({
      address: `${item.address}, ${item.municipality}`,
      details: [
        item.rooms ? `T${item.rooms}` : t('units.bedrooms', { count: item.bedrooms }),
        item.funding,
        item.holder,
        day(item.freeOn),
      ]
        .filter(Boolean)
        .join(' · '),
      postponed: item.state !== 'decided',
      exception: item.fewerThanThree ? t(`values.fewer-than-three.${item.fewerThanThree}`) : null,
      candidates: item.candidates
        .filter((candidate) => candidate.decision)
        .map((candidate) => ({
          name: `${candidate.familyName} ${candidate.givenName}`,
          file: [candidate.fileNumber, candidate.uniqueNumber].filter(Boolean).join(' · '),
          registerRank: candidate.registerRank ?? '–',
          decision:
            t(`values.decision.${candidate.decision!.kind}`) +
            (candidate.decision!.rank ? ` (${t('units.rank', { rank: candidate.decision!.rank })})` : ''),
          reason: candidate.decision!.condition ?? candidate.decision!.reason ?? '',
        })),
      derogations: item.derogations.map((derogation) => {
        const passed = item.candidates.find((candidate) => candidate.id === derogation.passedCandidateId);
        return t('sessions.derogation-line', {
          who: passed?.fileNumber ?? '',
          rank: passed?.registerRank ?? 0,
          kind: t(`values.derogation.${derogation.kind}`),
          reason: derogation.reason,
        });
      }),
    })),
  };
}

/**
 * Signs the minutes one sat in. The fingerprint shown is the one signed: minutes that are not these are refused. Once
 * the chair and the secretaries have signed, the sitting is signed.
 */
export async function signMinutes(
  tx: Tx,
  actor: Actor,
  sessionId: string,
  sha256: string,
): Promise<{ state: 'closed' | 'signed' }> {
  await requireSession(tx, actor, sessionId, ['closed']);
  const { rows } = await tx.executeQuery(sessionRecord(actor.organisationId, sessionId));
  const record = rows[0];
  if (!record) throw notFound();
  if (record.minutesSha256 !== sha256) throw refused('E-MINUTES-01');
  const member = record.members.find((candidate) => candidate.userId === actor.userId && candidate.present);
  if (!member) throw forbidden('E-MINUTES-02');
  if (member.signedAt) throw refused('E-MINUTES-03');
  await tx
    .updateTable('allocation.session_members')
    .set({ signed_at: new Date(), signed_sha256: sha256 })
    .where('organisation_id', '=', actor.organisationId)
    .where('id', '=', member.id)
    .execute();
  const signatories = record.members.filter(
    (candidate) => candidate.present && (candidate.chair || candidate.capacity === ('secretary' as string)),
  );
  const complete = signatories.every((candidate) => candidate.signedAt || candidate.id === member.id);
  if (complete) {
    await tx
      .updateTable('allocation.sessions')
      .set({ state: 'signed', version: record.version + 1 })
      .where('organisation_id', '=', actor.organisationId)
      .where('id', '=', sessionId)
      .execute();
  }
  await recordEvent(tx, {
    kind: 'allocation.minutes-signed',
    organisationId: actor.organisationId,
    subjects: [{ kind: 'session', id: sessionId }],
    after: { member: member.name },
    journal: { session: record.reference, minutes: sha256, signatory: actor.userId },
  });
  return { state: complete ? 'signed' : 'closed' };
}
