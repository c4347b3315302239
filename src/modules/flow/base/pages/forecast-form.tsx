import { NumberInput, SegmentedControl, Select, SimpleGrid, Stack, Textarea, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { BodyInputOf } from '../../../../kernel/endpoint.ts';
import { yearOf } from '../../../../kernel/local-date.ts';
import { useActor } from '../../../../ui/actor.tsx';
import { call } from '../../../../ui/api.ts';
import { PercentField } from '../../../../ui/fields.tsx';
import { type Form, FormDrawer } from '../../../../ui/form.tsx';
import { ProblemAlert } from '../../../../ui/parts.tsx';
import { useWords } from '../../../../ui/words.tsx';
import { createForecast, draftForecast, type ForecastFigures, reviseForecast } from '../contract.ts';
import { legalCategories } from '../rules/categories.ts';
import classes from './base-page.module.css';
import { ForecastLines } from './forecast-lines.tsx';

type Typed = { category: string; volume: number | string; reason: string };
type Values = {
  year: number;
  department: string | null;
  origin: 'past-years' | 'rotation' | 'typed';
  percent: number | string;
  count: number | string;
  reason: string;
  cap: number | string;
  typed: Typed[];
};

const choicesOf = (values: Values) => ({
  expected:
    values.origin === 'rotation'
      ? { origin: 'rotation' as const, rotation: rateOf(values.percent), reason: values.reason }
      : values.origin === 'typed'
        ? { origin: 'typed' as const, count: Number(values.count), reason: values.reason }
        : { origin: 'past-years' as const },
  capPercent: values.cap === '' ? null : String(values.cap),
  typed: values.typed
    .filter(({ volume }) => volume !== '')
    .map(({ category, volume, reason }) => ({ category: category as 'sale', volume: Number(volume), reason })),
});

/** 6 (per cent) → '0.06' */
const rateOf = (percent: number | string): string =>
  percent === '' ? '' : Number(percent) === 100 ? '1' : (Number(percent) / 100).toFixed(6).replace(/0+$/, '');

/** Writes the forecast of a year, or a new revision of one: what it will say is computed while one types. */
export function ForecastForm({
  places,
  revising,
  ...props
}: {
  places: readonly { department: string; dwellings: number }[];
  revising?: {
    id: string;
    year: number;
    department: string;
    territory: string | null;
    version: number;
    figures: ForecastFigures;
  };
  opened: boolean;
  onClose(): void;
  onDone(id: string): void;
}) {
  const { t } = useWords();
  const { today } = useActor();
  const [kept] = useState(() => (revising ? valuesOf(revising.figures) : null));
  return (
    <FormDrawer<Values, { id: string } | { revision: number }>
      opened={props.opened}
      onClose={props.onClose}
      size={620}
      title={t(revising ? 'base.revise-forecast' : 'base.new-forecast')}
      submitLabel={t(revising ? 'base.save-revision' : 'base.save-forecast')}
      {...(revising ? { version: revising.version } : {})}
      initial={{
        year: revising?.year ?? yearOf(today) + 1,
        department: revising?.department ?? places[0]?.department ?? null,
        origin: 'past-years',
        percent: '',
        count: '',
        reason: '',
        cap: '',
        typed: legalCategories.map((category) => ({ category, volume: '', reason: '' })),
        ...kept,
      }}
      submit={(values, key, version) =>
        revising
          ? call(reviseForecast, { params: { id: revising.id }, key, body: { ...choicesOf(values), version } })
          : call(createForecast, {
              key,
              body: { ...choicesOf(values), year: values.year, department: values.department ?? '', territory: null },
            })
      }
      onDone={(result) => props.onDone('id' in result ? result.id : revising!.id)}
    >
      {(form) => (
        <ForecastFields
          form={form}
          places={places}
          territory={revising?.territory ?? null}
          fixed={revising !== undefined}
        />
      )}
    </FormDrawer>
  );
}

const valuesOf = (figures: ForecastFigures): Partial<Values> => ({
  origin: figures.expectedOrigin,
  percent: figures.rotation ? Number(figures.rotation) * 100 : '',
  count: figures.expectedOrigin === 'typed' ? figures.expected : '',
  reason: figures.expectedReason ?? '',
  cap: figures.capPercent ?? '',
  typed: figures.lines.map(({ category, origin, volume, reason }) => ({
    category,
    volume: origin === 'typed' ? volume : '',
    reason: reason ?? '',
  })),
});

function ForecastFields({
  form,
  places,
  territory,
  fixed,
}: {
  form: Form<Values>;
  places: readonly { department: string; dwellings: number }[];
  territory: string | null;
  fixed: boolean;
}) {
  const { t, word, number } = useWords();
  const { today } = useActor();
  const { values } = form;
  const isReady =
    values.department !== null &&
    (values.origin !== 'rotation' || values.percent !== '') &&
    (values.origin !== 'typed' || values.count !== '');
  const body: BodyInputOf<typeof draftForecast> = {
    ...choicesOf({
      ...values,
      reason: values.reason || '–',
      typed: values.typed.map((line) => ({ ...line, reason: line.reason || '–' })),
    }),
    year: values.year,
    department: values.department ?? '',
    territory,
  };
  const [asked] = useDebouncedValue(JSON.stringify(body), 350);
  const draft = useQuery({
    queryKey: ['forecast-draft', asked],
    queryFn: () => call(draftForecast, { body: JSON.parse(asked) }),
    enabled: isReady,
    placeholderData: (previous) => previous,
    retry: false,
  });
  const year = yearOf(today);
  return (
    <Stack gap="sm">
      <p className="dim">{t('base.forecast-hint')}</p>
      <SimpleGrid cols={2}>
        <Select
          label={t('base.year')}
          data={[year, year + 1].map((value) => ({ value: String(value), label: String(value) }))}
          value={String(values.year)}
          onChange={(next) => form.setFieldValue('year', Number(next))}
          allowDeselect={false}
          disabled={fixed}
        />
        <Select
          label={t('base.department')}
          data={places.map(({ department, dwellings }) => ({
            value: department,
            label: `${department} · ${number(dwellings)}`,
          }))}
          allowDeselect={false}
          disabled={fixed}
          {...form.getInputProps('department')}
        />
      </SimpleGrid>
      <div>
        <div className="strong">{t('base.expected-vacancies')}</div>
        <SegmentedControl
          fullWidth
          mt={4}
          data={(['past-years', 'rotation', 'typed'] as const).map((value) => ({
            value,
            label: word('volume-origin', value),
          }))}
          aria-label={t('base.expected-vacancies')}
          {...form.getInputProps('origin')}
        />
      </div>
      {values.origin === 'rotation' && (
        <PercentField label={t('base.rotation')} required {...form.getInputProps('percent')} />
      )}
      {values.origin === 'typed' && (
        <NumberInput label={t('base.expected-count')} min={0} hideControls required {...form.getInputProps('count')} />
      )}
      {values.origin !== 'past-years' && (
        <Textarea label={t('base.reason')} required autosize minRows={1} {...form.getInputProps('reason')} />
      )}
      <fieldset className={classes.preview}>
        <legend>{t('base.typed-volumes')}</legend>
        <p className="dim">{t('base.typed-hint')}</p>
        {values.typed.map((line, index) => (
          <SimpleGrid key={line.category} cols={3} spacing="xs" style={{ gridTemplateColumns: '150px 80px 1fr' }}>
            <span>{word('base-class', line.category)}</span>
            <NumberInput
              size="xs"
              aria-label={t('base.volume-of', { category: word('base-class', line.category) })}
              placeholder={String(draft.data?.lines.find(({ category }) => category === line.category)?.volume ?? '')}
              min={0}
              hideControls
              {...form.getInputProps(`typed.${index}.volume`)}
            />
            <TextInput
              size="xs"
              aria-label={t('base.reason-of', { category: word('base-class', line.category) })}
              placeholder={line.volume === '' ? '' : t('base.reason')}
              disabled={line.volume === ''}
              {...form.getInputProps(`typed.${index}.reason`)}
            />
          </SimpleGrid>
        ))}
      </fieldset>
      <PercentField
        label={t('base.cap')}
        description={t('base.cap-hint')}
        decimalScale={2}
        {...form.getInputProps('cap')}
      />
      <ProblemAlert problem={isReady ? draft.error : null} />
      {draft.data && (
        <section className={classes.preview} aria-live="polite">
          <ForecastLines figures={draft.data} />
        </section>
      )}
    </Stack>
  );
}
