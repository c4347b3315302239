import { Button } from '@mantine/core';
import { type LocalDate, latest } from '../../../../kernel/local-date.ts';
import type { Step } from '../../../../kernel/steps.ts';
import { useActor } from '../../../../ui/actor.tsx';
import { AsideLayout, Facts, Panel, QuietButton } from '../../../../ui/parts.tsx';
import { PlainTable } from '../../../../ui/plain-table.tsx';
import { Tag, type Tone } from '../../../../ui/tag.tsx';
import { Why } from '../../../../ui/why.tsx';
import { useWords } from '../../../../ui/words.tsx';
import type { AgreementRecord } from '../contract.ts';
import type { Drawer } from './agreement-drawers.tsx';
import { CapsPanel } from './caps-panel.tsx';

type Version = AgreementRecord['versions'][number];

const tones: Record<Version['state'], Tone> = {
  running: 'green',
  planned: 'blue',
  past: 'neutral',
  draft: 'neutral',
  'to-sign': 'amber',
  abandoned: 'neutral',
};

/** The terms in force, every version of them, what the law leaves, reviews and derogations. */
export function AgreementTerms({ record, open }: { record: AgreementRecord; open(drawer: Drawer): void }) {
  const { t, word, rate, day, number } = useWords();
  const { may } = useActor();
  const { agreement, versions } = record;
  const current = versions.find(({ state }) => state === 'running') ?? versions[0]!;
  const year = record.today.slice(0, 4);
  const runs = agreement.state === 'signed' || agreement.state === 'amended';
  const gives = ['signed', 'amended', 'ended'].includes(agreement.state);
  const delay = (days: number | null) => (days === null ? t('agreements.one-month') : t('units.days', { count: days }));
  const consent = (party: 'landlord' | 'holder') =>
    current.signatures.find((signature) => signature.party === party)?.signedOn;
  return (
    <AsideLayout
      aside={
        <>
          <Panel title={t('agreements.next')} tone="accent">
            <p>{t(`agreements.next.${record.next}`)}</p>
          </Panel>
          <Panel
            title={t('agreements.clauses')}
            aside={
              record.can.review && (
                <QuietButton size="compact-sm" onClick={() => open({ kind: 'clause' })}>
                  {t('agreements.clause-add')}
                </QuietButton>
              )
            }
          >
            {record.clauses.length === 0 ? (
              <p className="dim">{t('agreements.clauses-none')}</p>
            ) : (
              <Facts
                facts={record.clauses.map((clause) => [
                  day(clause.dueOn),
                  <div key={clause.id}>
                    {clause.subject}{' '}
                    {clause.outcome ? (
                      <span className="dim">{clause.outcome}</span>
                    ) : (
                      <>
                        {clause.dueOn < record.today && <Tag tone="red">{t('agreements.clause-late')}</Tag>}{' '}
                        {record.can.review && (
                          <QuietButton size="compact-xs" onClick={() => open({ kind: 'clause-outcome', clause })}>
                            {t('agreements.clause-close')}
                          </QuietButton>
                        )}
                      </>
                    )}
                  </div>,
                ])}
              />
            )}
          </Panel>
          {(record.can.derogate || record.derogations.length > 0) && (
            <Panel
              title={t('agreements.derogations')}
              aside={
                record.can.derogate && (
                  <QuietButton size="compact-sm" onClick={() => open({ kind: 'derogation' })}>
                    {t('agreements.derogation-add')}
                  </QuietButton>
                )
              }
            >
              {record.derogations.length === 0 && <p className="dim">{t('agreements.derogation-hint')}</p>}
              {record.derogations.map((one) => (
                <p key={one.id}>
                  {t('agreements.derogation-line', {
                    reference: one.reference,
                    cap: rate(one.cap),
                    from: day(one.from),
                    until: day(one.until),
                  })}
                </p>
              ))}
            </Panel>
          )}
        </>
      }
    >
      <Panel title={t(gives ? 'agreements.terms' : 'agreements.terms-proposed')}>
        <Facts
          facts={[
            [t('agreements.holder'), agreement.holder],
            [t('agreements.landlord'), agreement.landlord],
            [t('agreements.contingent'), word('contingent', agreement.contingent)],
            [t('agreements.perimeter'), `${agreement.perimeterName} · ${word('scale', agreement.scale)}`],
            [
              t('agreements.share'),
              <span key="share">
                <strong>{rate(current.share)}</strong>
                {record.versions.length > 0 && agreement.figures.freed > 0 && (
                  <>
                    {' '}
                    · {t('agreements.due')} {number(agreement.figures.due)} <Why steps={record.dueSteps as Step[]} />
                  </>
                )}
              </span>,
            ],
            [
              t('agreements.basis'),
              record.basis ? word('agreement-basis', record.basis) : t('agreements.basis-unknown'),
            ],
            [
              t('agreements.term'),
              `${day(agreement.startsOn)} – ${agreement.endsOn ? day(agreement.endsOn) : t('agreements.open-ended')}`,
            ],
            [t('agreements.delay'), delay(current.nominationDays)],
            [t('agreements.if-none'), word('if-none-proposed', current.ifNoneProposed)],
            [
              t('agreements.nomination-mode'),
              <span key="mode">
                {word('nomination-mode', current.nominationMode)}
                {current.nominationMode === 'delegated' && (
                  <span className="dim">
                    {' '}
                    {t('agreements.consents', {
                      landlord: day(consent('landlord')),
                      holder: day(consent('holder')),
                    })}
                  </span>
                )}
              </span>,
            ],
            current.nominationMode === 'delegated' &&
              runs && [
                t('agreements.delegation-point'),
                record.delegationPointOn?.startsWith(year)
                  ? t('agreements.delegation-point-held', { on: day(record.delegationPointOn) })
                  : t('agreements.delegation-point-due', {
                      year,
                      on: record.delegationPointOn ? day(record.delegationPointOn) : '–',
                    }),
              ],
            record.proposalTerms !== null && [t('agreements.proposal-terms'), record.proposalTerms],
            record.endingKind !== null && [
              t('agreements.end-kind'),
              `${word('ending-kind', record.endingKind)} – ${record.endingReason}`,
            ],
          ]}
        />
      </Panel>
      <Panel title={t('agreements.versions')} aside={t('agreements.versions-hint')} flush>
        <PlainTable
          caption={t('agreements.versions')}
          rows={versions}
          rowKey={(version) => String(version.number)}
          highlight={(version) => version.state === 'running'}
          columns={[
            {
              title: t('agreements.version'),
              render: (version) =>
                version.amendmentId
                  ? t('agreements.version-number', { number: version.number })
                  : t('agreements.version-first'),
            },
            {
              title: t('agreements.state'),
              render: (version) => <Tag tone={tones[version.state]}>{word('version-state', version.state)}</Tag>,
            },
            { title: t('agreements.version-from'), render: (version) => day(version.from) },
            { title: t('agreements.share'), align: 'right', render: (version) => rate(version.share) },
            { title: t('agreements.delay'), render: (version) => delay(version.nominationDays) },
            { title: t('agreements.reason'), render: (version) => version.reason ?? '–' },
            {
              title: t('agreements.signatures'),
              render: (version) =>
                version.amendmentId && version.state === 'to-sign' ? (
                  <VersionActs record={record} version={version} open={open} />
                ) : (
                  version.signatures
                    .map(({ party, signedOn }) => `${word('party', party)} ${day(signedOn)}`)
                    .join(', ') || '–'
                ),
            },
          ]}
        />
      </Panel>
      {may('flow.manage-agreements') &&
      record.party === 'landlord' &&
      !['ended', 'abandoned'].includes(agreement.state) ? (
        <Panel>
          <CapsPanel
            typed={{
              id: agreement.id,
              holder: agreement.holder,
              contingent: agreement.contingent,
              basis: record.basis,
              perimeterCode: agreement.perimeterCode,
              agreedOtherwise: record.agreedOtherwise,
              share: shortest(agreement.share),
              from: latest(agreement.startsOn as LocalDate, record.today as LocalDate),
              until: agreement.endsOn ?? '',
            }}
          />
        </Panel>
      ) : null}
    </AsideLayout>
  );
}

function VersionActs({
  record,
  version,
  open,
}: {
  record: AgreementRecord;
  version: Version;
  open(drawer: Drawer): void;
}) {
  const { t, word } = useWords();
  const { may } = useActor();
  const signed = version.signatures.some(({ party }) => party === record.party);
  if (!may('flow.sign-agreements')) return version.signatures.map(({ party }) => word('party', party)).join(', ');
  return (
    <span style={{ display: 'flex', gap: 6, flexWrap: 'wrap' }}>
      {signed ? (
        <span className="dim">{word('party', record.party)}</span>
      ) : (
        <Button size="compact-xs" onClick={() => open({ kind: 'sign', version })}>
          {t('agreements.sign')}
        </Button>
      )}
      <QuietButton size="compact-xs" onClick={() => open({ kind: 'abandon-amendment', version })}>
        {t('agreements.move-abandoned')}
      </QuietButton>
    </span>
  );
}

/** '0.270000' → '0.27' */
const shortest = (share: string): string => share.replace(/\.?0+$/, '') || '0';
