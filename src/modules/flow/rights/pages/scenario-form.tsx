import { MultiSelect, NumberInput, SegmentedControl, Select, SimpleGrid, Stack, TextInput } from '@mantine/core';
import type { ReplyOf } from '../../../../kernel/endpoint.ts';
import { call } from '../../../../ui/api.ts';
import { PercentField } from '../../../../ui/fields.tsx';
import { FormDrawer } from '../../../../ui/form.tsx';
import { useWords } from '../../../../ui/words.tsx';
import { type getConversion, shareMethod, tryScenario } from '../contract.ts';
import { exhaustionPolicies } from '../rules/run-off.ts';
import { smallHolderRoundings } from '../rules/small-holder.ts';
import { type SegmentCriterion, segmentCriteria, usualCriteria } from '../rules/turnover.ts';
import { shareOf } from './percent.ts';

type Conversion = ReplyOf<typeof getConversion>;
type Values = {
  name: string;
  department: string | null;
  turnover: 'observed' | 'given';
  criteria: SegmentCriterion[];
  ratePercent: number | string;
  share: (typeof shareMethod.options)[number];
  negotiated: Record<string, number | string>;
  spreadingYears: number | string;
  base: number | string;
  smallHolderBelow: number | string;
  smallHolderRounding: (typeof smallHolderRoundings)[number];
  onExhaustion: (typeof exhaustionPolicies)[number];
};

/** The choices of a scenario; each has as its first value what is set for the landlord or its region. */
export function ScenarioForm({
  conversion,
  opened,
  onClose,
  onDone,
}: {
  conversion: Conversion;
  opened: boolean;
  onClose(): void;
  onDone(): void;
}) {
  const { t, word } = useWords();
  const { defaults } = conversion;
  const number = conversion.scenarios.length + 1;
  return (
    <FormDrawer<Values, unknown>
      opened={opened}
      onClose={onClose}
      onDone={onDone}
      size={520}
      title={t('rights.try')}
      submitLabel={t('rights.compute')}
      initial={{
        name: t('rights.scenario-name', { number }),
        department: null,
        turnover: conversion.whole ? 'observed' : 'given',
        criteria: defaults.isSingleRate ? [] : [...usualCriteria],
        ratePercent: '',
        share: defaults.share,
        negotiated: {},
        spreadingYears: 15,
        base: '',
        smallHolderBelow: defaults.smallHolderBelow,
        smallHolderRounding: defaults.smallHolderRounding,
        onExhaustion: defaults.onExhaustion,
      }}
      submit={(values, key) =>
        call(tryScenario, {
          key,
          params: { id: conversion.inventory.id },
          body: {
            name: values.name,
            department: values.department,
            parameters: {
              turnover:
                values.turnover === 'given'
                  ? { method: 'given', rate: shareOf(values.ratePercent) }
                  : { method: 'observed', criteria: values.criteria },
              share: values.share,
              negotiated: Object.fromEntries(
                Object.entries(values.negotiated).map(([party, percent]) => [party, shareOf(percent)]),
              ),
              spreadingYears: Number(values.spreadingYears),
              base: values.base === '' ? null : Number(values.base),
              smallHolderBelow: String(values.smallHolderBelow),
              smallHolderRounding: values.smallHolderRounding,
              onExhaustion: values.onExhaustion,
            },
          },
        })
      }
    >
      {(form) => (
        <Stack gap="sm">
          <TextInput label={t('rights.name')} required data-autofocus {...form.getInputProps('name')} />
          <Select
            label={t('rights.department')}
            placeholder={t('rights.all-departments')}
            data={conversion.departments}
            clearable
            {...form.getInputProps('department')}
          />
          <SegmentedControl
            aria-label={t('rights.turnover')}
            data={(['observed', 'given'] as const).map((value) => ({ value, label: t(`rights.turnover-${value}`) }))}
            {...form.getInputProps('turnover')}
          />
          {form.values.turnover === 'observed' ? (
            <MultiSelect
              label={t('rights.criteria')}
              description={t('rights.criteria-hint')}
              data={segmentCriteria.map((value) => ({ value, label: word('segment-criterion', value) }))}
              maxValues={3}
              {...form.getInputProps('criteria')}
            />
          ) : (
            <PercentField label={t('rights.rate')} required {...form.getInputProps('ratePercent')} />
          )}
          <Select
            label={t('rights.share-method')}
            description={t(`rights.share-hint.${form.values.share}`)}
            data={shareMethod.options.map((value) => ({ value, label: word('share-method', value) }))}
            allowDeselect={false}
            {...form.getInputProps('share')}
          />
          {form.values.share === 'negotiated' &&
            conversion.parties.map((party) => (
              <PercentField
                key={party.id}
                label={`${party.name} · ${word('contingent', party.contingent)}`}
                value={form.values.negotiated[party.id] ?? ''}
                onChange={(percent) =>
                  form.setFieldValue('negotiated', { ...form.values.negotiated, [party.id]: percent })
                }
              />
            ))}
          {form.values.share === 'fixed' && (
            <NumberInput label={t('rights.spreading')} min={1} max={40} {...form.getInputProps('spreadingYears')} />
          )}
          <NumberInput
            label={t('rights.base')}
            description={t('rights.base-hint', { freed: conversion.freedInBase.join(', ') || '–' })}
            min={0}
            hideControls
            {...form.getInputProps('base')}
          />
          <SimpleGrid cols={2}>
            <NumberInput
              label={t('rights.small-below')}
              decimalSeparator=","
              decimalScale={2}
              min={0}
              max={100}
              hideControls
              {...form.getInputProps('smallHolderBelow')}
            />
            <Select
              label={t('rights.small-rounding')}
              data={smallHolderRoundings.map((value) => ({ value, label: word('small-holder-rounding', value) }))}
              allowDeselect={false}
              {...form.getInputProps('smallHolderRounding')}
            />
          </SimpleGrid>
          <Select
            label={t('rights.on-exhaustion')}
            data={exhaustionPolicies.map((value) => ({ value, label: word('on-exhaustion', value) }))}
            allowDeselect={false}
            {...form.getInputProps('onExhaustion')}
          />
        </Stack>
      )}
    </FormDrawer>
  );
}
