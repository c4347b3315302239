import { formatDay, formatRate } from '../../../../kernel/format.ts';
import type { LocalDate } from '../../../../kernel/local-date.ts';
import type { Tx } from '../../../../platform/database/connection.ts';
import type { Actor } from '../../../../platform/http/actor.ts';
import { translate } from '../../../../platform/messages.ts';
import { makeDocument } from '../../../knowledge/index.ts';
import { fingerprintOf, recordMove, signedTerms, takeAgreement } from './agreement-in-hand.ts';

/**
 * Makes the agreement as a PDF: its terms, its amendments, who signed, and its targets in an annex. Each party makes its
 * own copy.
 * @throws Problem E-NOT-FOUND-01
 */
export async function makeAgreementDocument(
  tx: Tx,
  actor: Actor,
  id: string,
  today: LocalDate,
): Promise<{ fileId: string; sha256: string }> {
  const agreement = await takeAgreement(tx, actor, id, today);
  const language = 'fr';
  const t = translate(language);
  const day = (date: string | null) => (date ? formatDay(date, language) : '–');
  const rate = (share: string) => formatRate(share, language);
  const delay = (days: number | null) => (days === null ? t('agreements.one-month') : t('units.days', { count: days }));
  const fingerprint = fingerprintOf(signedTerms(agreement));
  const made = await makeDocument(tx, actor, {
    template: 'agreement',
    language,
    title: `${t('documents.agreement')} ${agreement.reference}`,
    subject: { kind: 'agreement', id },
    facts: {
      reference: agreement.reference,
      signed: agreement.keptState === 'signed',
      state: t(`values.agreement-state.${agreement.state}`),
      landlord: agreement.landlord,
      holder: agreement.holder,
      terms: [
        [t('agreements.contingent'), t(`values.contingent.${agreement.contingent}`)],
        [t('agreements.basis'), agreement.basis ? t(`values.agreement-basis.${agreement.basis}`) : '–'],
        [t('agreements.perimeter'), `${agreement.perimeterName} (${t(`values.scale.${agreement.scale}`)})`],
        [t('agreements.share'), rate(agreement.firstShare)],
        [
          t('agreements.term'),
          `${day(agreement.startsOn)} – ${agreement.endsOn ? day(agreement.endsOn) : t('agreements.open-ended')}`,
        ],
        [t('agreements.nomination-mode'), t(`values.nomination-mode.${agreement.nominationMode}`)],
        [t('agreements.delay'), delay(agreement.nominationDays)],
        [t('agreements.if-none'), t(`values.if-none-proposed.${agreement.ifNoneProposed}`)],
      ],
      proposalTerms: agreement.proposalTerms,
      amendments: agreement.amendments
        .filter(({ state }) => state === 'signed')
        .map((amendment) => [
          String(amendment.number),
          day(amendment.effectiveOn),
          rate(amendment.share),
          delay(amendment.nominationDays),
          amendment.reason,
        ]),
      clauses: agreement.clauses.map((clause) => [day(clause.dueOn), clause.subject, clause.outcome ?? '']),
      ending: agreement.endingReason,
      signatures: agreement.signatures
        .filter((one) => one.amendmentId === null && one.termsSha256 === fingerprint)
        .map((one) => [
          t(`values.party.${one.party}`),
          [one.signatory, one.title].filter(Boolean).join(', '),
          day(one.signedOn),
          t(`values.signature-channel.${one.channel}`),
        ]),
      fingerprint,
      years: agreement.years.map((year) => ({
        year: String(year.year),
        contractual: year.contractual.map((target) => [target.name, rate(target.share)]),
        indicative: year.indicative.map((target) => [
          t(`targets.${target.criterion}`, { value: target.label ?? target.value }),
          target.target === null ? '' : String(target.target),
        ]),
      })),
    },
  });
  await recordMove(tx, actor, agreement, { kind: 'document', facts: { sha256: made.sha256 } });
  return { fileId: made.fileId, sha256: made.sha256 };
}
