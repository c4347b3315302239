import { Button, NumberInput, Select, Stack, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../../../../ui/api.ts';
import { FormDrawer } from '../../../../ui/form.tsx';
import { Empty, Panel, QuietButton } from '../../../../ui/parts.tsx';
import { PlainTable } from '../../../../ui/plain-table.tsx';
import { Tag } from '../../../../ui/tag.tsx';
import { useWords } from '../../../../ui/words.tsx';
import { listMunicipalities } from '../../../organisations/contract.ts';
import { type AgreementRecord, changeNeed, endNeed, targetCriterion, writeNeed } from '../contract.ts';
import { NeedValue } from './need-value.tsx';

type Need = AgreementRecord['years'][number]['indicative'][number] & { year: number };
type Act = { kind: 'write' } | { kind: 'change' | 'end'; need: Need };

/** The needs of a holder, this year and the next, with who wrote each: it writes, changes and ends its own (F-33). */
export function NeedsPanel({ record, onDone }: { record: AgreementRecord; onDone(): void }) {
  const { t, day, word } = useWords();
  const [act, setAct] = useState<Act | null>(null);
  const thisYear = Number(record.today.slice(0, 4));
  const needs = record.years
    .filter(({ year }) => year >= thisYear)
    .flatMap(({ year, indicative }) => indicative.map((need): Need => ({ ...need, year })));
  const done = () => {
    setAct(null);
    onDone();
  };
  const { holder } = record.agreement;
  return (
    <Panel
      title={t(record.party === 'holder' ? 'agreements.needs-mine' : 'agreements.needs-of', { holder })}
      aside={
        record.can.writeNeeds && (
          <Button size="compact-sm" onClick={() => setAct({ kind: 'write' })}>
            {t('agreements.need-write')}
          </Button>
        )
      }
      flush={needs.length > 0}
    >
      {needs.length === 0 ? (
        <Empty title={t('agreements.needs-none')}>{t(`agreements.needs-none-${record.party}`)}</Empty>
      ) : (
        <PlainTable
          caption={t('agreements.needs-of', { holder })}
          rows={needs}
          rowKey={(need) => need.id}
          columns={[
            { title: t('agreements.need-year'), render: (need) => String(need.year) },
            {
              title: t('agreements.need'),
              render: (need) => (
                <>
                  <span className="strong">{t(`targets.${need.criterion}`, { value: need.label ?? need.value })}</span>
                  <div>
                    <Tag tone={need.writtenBy === 'holder' ? 'blue' : 'neutral'}>{word('party', need.writtenBy)}</Tag>{' '}
                    <span className="dim">
                      {[need.writer, need.writtenOn && day(need.writtenOn)].filter(Boolean).join(', ')}
                    </span>
                  </div>
                  {record.can.writeNeeds && (
                    <div className="nowrap">
                      <QuietButton size="compact-xs" onClick={() => setAct({ kind: 'change', need })}>
                        {t(need.writtenBy === 'holder' ? 'agreements.need-change' : 'agreements.need-take-over')}
                      </QuietButton>{' '}
                      {need.writtenBy === 'holder' && (
                        <QuietButton size="compact-xs" onClick={() => setAct({ kind: 'end', need })}>
                          {t('agreements.need-end')}
                        </QuietButton>
                      )}
                    </div>
                  )}
                </>
              ),
            },
            { title: t('agreements.target-number'), align: 'right', render: (need) => need.target ?? '–' },
            {
              title: t('agreements.proposed'),
              align: 'right',
              render: (need) => (need.target === null ? '–' : need.served),
            },
          ]}
        />
      )}
      <NeedForm record={record} act={act?.kind === 'end' ? null : act} onClose={() => setAct(null)} onDone={done} />
      <EndForm
        agreementId={record.agreement.id}
        need={act?.kind === 'end' ? act.need : null}
        onClose={() => setAct(null)}
        onDone={done}
      />
    </Panel>
  );
}

function NeedForm({
  record,
  act,
  onClose,
  onDone,
}: {
  record: AgreementRecord;
  act: Exclude<Act, { kind: 'end' }> | Act | null;
  onClose(): void;
  onDone(): void;
}) {
  const { t, word } = useWords();
  const municipalities = useQuery({
    queryKey: ['municipalities'],
    queryFn: () => call(listMunicipalities),
    enabled: act !== null,
  });
  const thisYear = Number(record.today.slice(0, 4));
  const changed = act !== null && act.kind !== 'write' ? act.need : null;
  const { id } = record.agreement;
  return (
    <FormDrawer
      opened={act !== null}
      onClose={onClose}
      onDone={onDone}
      title={t(changed ? 'agreements.need-change-title' : 'agreements.need-write')}
      submitLabel={t(changed ? 'agreements.need-save-change' : 'agreements.need-save')}
      {...(changed ? { version: changed.version } : { draft: `flow.need.${id}` })}
      initial={{
        year: String(changed?.year ?? thisYear),
        criterion: changed?.criterion ?? ('rooms-min' as Need['criterion']),
        value: changed?.value ?? '',
        place: changed?.label ?? '',
        target: (changed?.target ?? '') as number | string,
      }}
      submit={({ year, criterion, value, place, target }, key, version): Promise<unknown> => {
        const words = {
          value,
          place: criterion === 'near' ? place || null : null,
          target: criterion === 'in-words' || target === '' ? null : Number(target),
        };
        return changed
          ? call(changeNeed, { key, params: { id, needId: changed.id }, body: { ...words, version } })
          : call(writeNeed, { key, params: { id }, body: { year: Number(year), criterion, ...words } });
      }}
    >
      {(form) => (
        <Stack gap="sm">
          <p className="dim">{t('agreements.need-hint')}</p>
          <Select
            label={t('agreements.need-year')}
            data={[thisYear, thisYear + 1].map(String)}
            allowDeselect={false}
            disabled={changed !== null}
            {...form.getInputProps('year')}
          />
          <Select
            label={t('agreements.target-criterion')}
            data={targetCriterion.options.map((value) => ({ value, label: word('target-criterion', value) }))}
            allowDeselect={false}
            disabled={changed !== null}
            {...form.getInputProps('criterion')}
            onChange={(criterion) => form.setValues({ criterion: criterion as Need['criterion'], value: '' })}
          />
          <NeedValue
            criterion={form.values.criterion}
            value={form.values.value}
            municipalities={municipalities.data?.items ?? []}
            fieldOf={(name) => form.getInputProps(name)}
            setValue={(value) => form.setFieldValue('value', value)}
          />
          {form.values.criterion !== 'in-words' && (
            <NumberInput
              label={t('agreements.target-number')}
              description={t('agreements.need-number-hint')}
              min={1}
              hideControls
              required
              {...form.getInputProps('target')}
            />
          )}
        </Stack>
      )}
    </FormDrawer>
  );
}

function EndForm({
  agreementId,
  need,
  onClose,
  onDone,
}: {
  agreementId: string;
  need: Need | null;
  onClose(): void;
  onDone(): void;
}) {
  const { t } = useWords();
  return (
    <FormDrawer
      opened={need !== null}
      onClose={onClose}
      onDone={onDone}
      title={t('agreements.need-end-title')}
      submitLabel={t('agreements.need-end')}
      danger
      version={need?.version ?? 1}
      initial={{ reason: '' }}
      submit={({ reason }, key, version) =>
        call(endNeed, { key, params: { id: agreementId, needId: need!.id }, body: { reason, version } })
      }
    >
      {(form) => (
        <Stack gap="sm">
          <p className="dim">{t('agreements.need-end-hint')}</p>
          <TextInput label={t('agreements.need-end-reason')} required {...form.getInputProps('reason')} />
        </Stack>
      )}
    </FormDrawer>
  );
}
