import { Button, SegmentedControl, Stack } from '@mantine/core';
import { useState } from 'react';
import { Empty, Panel } from '../../../../ui/parts.tsx';
import { PlainTable } from '../../../../ui/plain-table.tsx';
import { Tag } from '../../../../ui/tag.tsx';
import { useWords } from '../../../../ui/words.tsx';
import type { AgreementRecord } from '../contract.ts';
import { NextTargets } from './next-targets.tsx';
import { TargetsForm } from './targets-form.tsx';
import classes from './targets-panel.module.css';

/** The targets of an agreement, a year at a time: those that bind, and those that guide. */
export function TargetsPanel({ record, onDone }: { record: AgreementRecord; onDone(): void }) {
  const { t, rate, number } = useWords();
  const thisYear = Number(record.today.slice(0, 4));
  const years = [...new Set([thisYear + 1, thisYear, ...record.years.map(({ year }) => year)])].sort((a, b) => b - a);
  const [year, setYear] = useState(thisYear);
  const [editing, setEditing] = useState(false);
  const found = record.years.find((one) => one.year === year);
  const indicative = found?.indicative ?? [];
  return (
    <Stack gap={14}>
      <Panel
        title={
          <>
            {t('agreements.targets-of', { year: String(year) })}{' '}
            {found && found.revision > 0 && (
              <span className="dim">{t('agreements.targets-revision', { revision: found.revision })}</span>
            )}
          </>
        }
        aside={
          <span style={{ display: 'flex', gap: 10, alignItems: 'center', flexWrap: 'wrap' }}>
            <SegmentedControl
              size="xs"
              aria-label={t('agreements.targets-year')}
              data={years.map(String)}
              value={String(year)}
              onChange={(next) => setYear(Number(next))}
            />
            {record.can.setTargets && year >= thisYear && (
              <Button size="compact-sm" variant="default" onClick={() => setEditing(true)}>
                {t('agreements.targets-set')}
              </Button>
            )}
          </span>
        }
        flush
      >
        {(found?.contractual.length ?? 0) + indicative.length === 0 ? (
          <Empty title={t('agreements.targets-none')}>{t('agreements.targets-none-hint')}</Empty>
        ) : (
          <>
            {found && found.contractual.length > 0 && (
              <PlainTable
                caption={t('agreements.targets-contractual')}
                rows={found.contractual}
                rowKey={(target) => target.code}
                columns={[
                  {
                    title: (
                      <>
                        <span aria-hidden>■</span> {t('agreements.targets-contractual')}
                      </>
                    ),
                    render: (target) => target.name,
                  },
                  { title: t('agreements.target-share'), align: 'right', render: (target) => rate(target.share) },
                  { title: t('agreements.target-freed'), align: 'right', render: (target) => target.freed },
                  { title: t('agreements.due'), align: 'right', render: (target) => number(target.due) },
                  { title: t('agreements.proposed'), align: 'right', render: (target) => target.proposed },
                  { title: t('agreements.basis-observed'), render: ({ basis }) => <Basis basis={basis} /> },
                ]}
              />
            )}
            {indicative.length > 0 && (
              <PlainTable
                caption={t('agreements.targets-indicative')}
                rows={indicative}
                rowKey={(target) => target.criterion + target.value}
                columns={[
                  {
                    title: (
                      <>
                        <span aria-hidden>□</span> {t('agreements.targets-indicative')}
                      </>
                    ),
                    render: (target) => (
                      <>
                        {t(`targets.${target.criterion}`, { value: target.label ?? target.value })}{' '}
                        {target.writtenBy === 'holder' && <Tag tone="blue">{t('agreements.written-by-holder')}</Tag>}
                      </>
                    ),
                  },
                  {
                    title: t('agreements.target-number'),
                    align: 'right',
                    render: (target) => target.target ?? '–',
                  },
                  ...(year <= thisYear
                    ? [
                        {
                          title: t('agreements.proposed'),
                          align: 'right' as const,
                          render: (target: (typeof indicative)[number]) =>
                            target.target === null ? '–' : target.served,
                        },
                      ]
                    : []),
                  { title: t('agreements.basis-observed'), render: ({ basis }) => <Basis basis={basis} /> },
                ]}
              />
            )}
          </>
        )}
      </Panel>
      <NextTargets agreementIds={[record.agreement.id]} year={thisYear - 1} />
      <TargetsForm
        record={record}
        year={editing ? year : null}
        onClose={() => setEditing(false)}
        onDone={() => {
          setEditing(false);
          onDone();
        }}
      />
    </Stack>
  );
}

type TargetBasis = AgreementRecord['years'][number]['indicative'][number]['basis'];

/** What was observed of a target, with its day and its sources; a target on which nothing rests is told (F-35). */
function Basis({ basis }: { basis: TargetBasis }) {
  const { t, day, number } = useWords();
  if (!basis) return <span className="dim">–</span>;
  return (
    <div className={classes.observed}>
      {!basis.founded && <Tag tone="amber">{t('agreements.basis-none')}</Tag>}{' '}
      <span>
        {t('agreements.basis-stock', { dwellings: basis.dwellings })}
        {basis.mean !== null && ` · ${t('agreements.basis-freed', { mean: number(basis.mean) })}`}
        {basis.rightsOn !== null && ` · ${t('agreements.basis-rights', { rights: basis.rights })}`}
      </span>
      <div className="dim">
        {[
          t('agreements.basis-on', { on: day(basis.on) }),
          ...basis.freed.map(({ year, freed }) => `${year} : ${freed}`),
          basis.rightsOn && t('agreements.basis-inventory', { on: day(basis.rightsOn) }),
        ]
          .filter(Boolean)
          .join(' · ')}
      </div>
    </div>
  );
}
