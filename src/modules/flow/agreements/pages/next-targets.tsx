import { Button, NumberInput, Stack, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { Step } from '../../../../kernel/steps.ts';
import { call } from '../../../../ui/api.ts';
import { FormDrawer } from '../../../../ui/form.tsx';
import { Panel } from '../../../../ui/parts.tsx';
import { PlainTable } from '../../../../ui/plain-table.tsx';
import { Tag } from '../../../../ui/tag.tsx';
import { Why } from '../../../../ui/why.tsx';
import { useWords } from '../../../../ui/words.tsx';
import { type Adaptation, adaptTargets, listAdaptations } from '../contract.ts';
import classes from './targets-panel.module.css';

/**
 * What the result of a year proposes for the targets of the next (F-36), agreement by agreement: the landlord takes them
 * over or changes them with a reason, the holder and the meeting of the report read both. Nothing where no target had a
 * result.
 */
export function NextTargets({ agreementIds, year }: { agreementIds: readonly string[]; year: number }) {
  const { t } = useWords();
  const found = useQuery({
    queryKey: ['adaptations', year, ...agreementIds],
    queryFn: () => call(listAdaptations, { query: { year, agreements: agreementIds.join(',') } }),
    enabled: agreementIds.length > 0,
  });
  const items = found.data?.items.filter(({ lines }) => lines.length > 0) ?? [];
  if (items.length === 0) return null;
  return (
    <Panel
      title={t('agreements.next-targets', { year: String(year + 1) })}
      aside={<span className="dim">{t('agreements.next-targets-hint', { year: String(year) })}</span>}
      flush
    >
      {items.map((item) => (
        <OfAgreement key={item.agreementId} item={item} year={year} named={agreementIds.length > 1} />
      ))}
    </Panel>
  );
}

function OfAgreement({ item, year, named }: { item: Adaptation; year: number; named: boolean }) {
  const { t, day } = useWords();
  const client = useQueryClient();
  const [adapting, setAdapting] = useState(false);
  const waits = item.lines.some(({ target, adapted, ownTarget }) => target !== null && !adapted && ownTarget === null);
  return (
    <>
      {(named || item.can.adapt) && (
        <div className={classes.head}>
          {named && (
            <Link to="/conventions/$id" params={{ id: item.agreementId }} className="strong">
              {item.reference}
            </Link>
          )}
          {item.can.adapt && (
            <Button size="compact-sm" variant={waits ? 'filled' : 'default'} onClick={() => setAdapting(true)}>
              {t(waits ? 'agreements.next-targets-take' : 'agreements.next-targets-again')}
            </Button>
          )}
        </div>
      )}
      <PlainTable
        caption={`${t('agreements.next-targets', { year: String(year + 1) })}, ${item.reference}`}
        rows={item.lines}
        rowKey={(line) => `${line.criterion} ${line.value}`}
        columns={[
          {
            title: (
              <>
                <span aria-hidden>□</span> {t('agreements.targets-indicative')}
              </>
            ),
            render: (line) => t(`targets.${line.criterion}`, { value: line.label ?? line.value }),
          },
          {
            title: t('agreements.next-target-asked', { year: String(year) }),
            align: 'right',
            render: (line) => line.target ?? '–',
          },
          {
            title: t('agreements.next-target-served', { year: String(year) }),
            align: 'right',
            render: (line) => (line.target === null ? '–' : line.served),
          },
          {
            title: t('agreements.next-target-proposed', { year: String(year + 1) }),
            align: 'right',
            render: (line) =>
              line.proposed === null ? (
                '–'
              ) : (
                <span className="nowrap">
                  {line.proposed} <Why steps={line.steps as Step[]} />
                </span>
              ),
          },
          {
            title: t('agreements.next-target-adopted'),
            render: ({ target, ownTarget, adapted }) => {
              if (target === null) return <span className="dim">{t('agreements.next-target-words')}</span>;
              if (ownTarget !== null)
                return (
                  <>
                    {ownTarget} <Tag tone="blue">{t('agreements.next-target-own')}</Tag>
                  </>
                );
              if (!adapted) return <span className="dim">{t('agreements.next-target-waits')}</span>;
              return (
                <>
                  <strong>{adapted.adopted}</strong> {adapted.reason && `« ${adapted.reason} » `}
                  <span className="dim">
                    {adapted.by}, {day(adapted.on)}
                  </span>
                </>
              );
            },
          },
        ]}
      />
      {adapting && (
        <AdaptForm
          item={item}
          year={year}
          onClose={() => setAdapting(false)}
          onDone={() => {
            setAdapting(false);
            client.invalidateQueries();
          }}
        />
      )}
    </>
  );
}

/** Each target as it is proposed; another number asks why. */
function AdaptForm({
  item,
  year,
  onClose,
  onDone,
}: {
  item: Adaptation;
  year: number;
  onClose(): void;
  onDone(): void;
}) {
  const { t } = useWords();
  const lines = item.lines.filter(({ proposed, ownTarget }) => proposed !== null && ownTarget === null);
  return (
    <FormDrawer
      opened
      onClose={onClose}
      onDone={onDone}
      size={560}
      title={t('agreements.next-targets', { year: String(year + 1) })}
      submitLabel={t('agreements.next-targets-adopt', { year: String(year + 1) })}
      version={item.version}
      initial={{
        lines: lines.map(({ proposed, adapted }) => ({
          adopted: (adapted?.adopted ?? proposed) as number | string,
          reason: adapted?.reason ?? '',
        })),
      }}
      submit={(values, key, version) =>
        call(adaptTargets, {
          key,
          params: { id: item.agreementId, year },
          body: {
            lines: values.lines.map(({ adopted, reason }, index) => ({
              criterion: lines[index]!.criterion,
              value: lines[index]!.value,
              adopted: Number(adopted),
              reason: reason || null,
            })),
            version,
          },
        })
      }
    >
      {(form) => (
        <Stack gap="md">
          <p className="dim">{t('agreements.next-targets-form-hint')}</p>
          {lines.map((line, index) => (
            <Stack key={`${line.criterion} ${line.value}`} gap={6}>
              <NumberInput
                label={t(`targets.${line.criterion}`, { value: line.label ?? line.value })}
                description={t('agreements.next-target-proposal', {
                  target: line.target!,
                  served: line.served,
                  proposed: line.proposed!,
                })}
                min={0}
                hideControls
                required
                {...form.getInputProps(`lines.${index}.adopted`)}
              />
              {Number(form.values.lines[index]!.adopted) !== line.proposed && (
                <TextInput
                  label={t('agreements.next-target-reason')}
                  required
                  {...form.getInputProps(`lines.${index}.reason`)}
                />
              )}
            </Stack>
          ))}
        </Stack>
      )}
    </FormDrawer>
  );
}
