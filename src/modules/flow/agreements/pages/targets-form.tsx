import { ActionIcon, Button, Group, NumberInput, Select, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { call } from '../../../../ui/api.ts';
import { PercentField } from '../../../../ui/fields.tsx';
import { FormDrawer } from '../../../../ui/form.tsx';
import { QuietButton } from '../../../../ui/parts.tsx';
import { useWords } from '../../../../ui/words.tsx';
import { listMunicipalities } from '../../../organisations/contract.ts';
import { type AgreementRecord, setTargets, targetCriterion } from '../contract.ts';
import { shareOf } from './agreement-form.tsx';
import { NeedValue } from './need-value.tsx';
import classes from './targets-form.module.css';

type Criterion = (typeof targetCriterion.options)[number];
type Values = {
  contractual: { scale: 'municipality' | 'department' | 'territory'; code: string; percent: number | string }[];
  indicative: { criterion: Criterion; value: string; place: string; target: number | string }[];
};

/** The targets of a year, written anew or taken from another year; contractual ■ and indicative □ apart. */
export function TargetsForm({
  record,
  year,
  onClose,
  onDone,
}: {
  record: AgreementRecord;
  year: number | null;
  onClose(): void;
  onDone(): void;
}) {
  const { t, word } = useWords();
  const municipalities = useQuery({
    queryKey: ['municipalities'],
    queryFn: () => call(listMunicipalities),
    enabled: year !== null,
  });
  const { agreement } = record;
  const places = isWhole(agreement)
    ? [{ value: agreement.perimeterCode, label: agreement.perimeterName }]
    : (municipalities.data?.items ?? [])
        .filter(({ department }) => department === agreement.perimeterCode)
        .map(({ code, nameFr }) => ({ value: code, label: nameFr }));
  return (
    <FormDrawer
      opened={year !== null}
      onClose={onClose}
      onDone={onDone}
      size={620}
      title={t('agreements.targets-of', { year: String(year) })}
      submitLabel={t('agreements.targets-save', { year: String(year) })}
      version={record.version}
      initial={valuesOf(record, year)}
      submit={(values, key, version) =>
        call(setTargets, {
          key,
          params: { id: agreement.id, year: year! },
          body: {
            contractual: values.contractual.map(({ scale, code, percent }) => ({
              scale,
              code,
              share: Number(percent) === 0 ? '0' : shareOf(percent),
            })),
            indicative: values.indicative.map(({ criterion, value, place, target }) => ({
              criterion,
              value,
              place: criterion === 'near' ? place : null,
              target: criterion === 'in-words' || target === '' ? null : Number(target),
            })),
            version,
          },
        })
      }
    >
      {(form) => (
        <Stack gap="sm">
          <p className="dim">{t('agreements.targets-hint')}</p>
          <Group gap={8}>
            {record.years
              .filter((other) => other.year !== year)
              .map((other) => (
                <Button
                  key={other.year}
                  size="compact-sm"
                  variant="default"
                  onClick={() => form.setValues(valuesOf(record, other.year))}
                >
                  {t('agreements.targets-copy', { year: String(other.year) })}
                </Button>
              ))}
          </Group>
          <h3 className={classes.heading}>
            <span aria-hidden>■</span> {t('agreements.targets-contractual')}
          </h3>
          {form.values.contractual.map((target, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines are written in place
            <div key={index} className={classes.line}>
              <Select
                label={t('agreements.target-place')}
                data={places}
                searchable
                limit={60}
                {...form.getInputProps(`contractual.${index}.code`)}
              />
              <PercentField
                label={t('agreements.target-share')}
                {...form.getInputProps(`contractual.${index}.percent`)}
                error={form.errors[`contractual.${index}.share`]}
              />
              <Remove
                what={places.find(({ value }) => value === target.code)?.label ?? ''}
                onClick={() => form.removeListItem('contractual', index)}
              />
            </div>
          ))}
          <div>
            <QuietButton
              size="compact-sm"
              onClick={() =>
                form.insertListItem('contractual', {
                  scale: agreement.scale,
                  code: places.length === 1 ? places[0]!.value : '',
                  percent: Number(agreement.share) * 100,
                })
              }
            >
              {t('agreements.target-add-place')}
            </QuietButton>
          </div>
          <h3 className={classes.heading}>
            <span aria-hidden>□</span> {t('agreements.targets-indicative')}
          </h3>
          {form.values.indicative.map((target, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines are written in place
            <div key={index} className={classes.need}>
              <Select
                label={t('agreements.target-criterion')}
                data={targetCriterion.options.map((value) => ({ value, label: word('target-criterion', value) }))}
                allowDeselect={false}
                {...form.getInputProps(`indicative.${index}.criterion`)}
              />
              <NeedValue
                criterion={target.criterion}
                value={target.value}
                municipalities={municipalities.data?.items ?? []}
                fieldOf={(name) => form.getInputProps(`indicative.${index}.${name}`)}
                setValue={(value) => form.setFieldValue(`indicative.${index}.value`, value)}
              />
              {target.criterion !== 'in-words' && (
                <NumberInput
                  label={t('agreements.target-number')}
                  min={1}
                  hideControls
                  {...form.getInputProps(`indicative.${index}.target`)}
                />
              )}
              <Remove what={target.value} onClick={() => form.removeListItem('indicative', index)} />
            </div>
          ))}
          <div>
            <QuietButton
              size="compact-sm"
              onClick={() =>
                form.insertListItem('indicative', { criterion: 'rooms-min', value: '3', place: '', target: '' })
              }
            >
              {t('agreements.target-add-need')}
            </QuietButton>
          </div>
        </Stack>
      )}
    </FormDrawer>
  );
}

function Remove({ what, onClick }: { what: string; onClick(): void }) {
  const { t } = useWords();
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      c="var(--ink-2)"
      mb={4}
      aria-label={t('agreements.target-remove', { what })}
      onClick={onClick}
    >
      ×
    </ActionIcon>
  );
}

/** Counted over its whole perimeter: only the State is counted commune by commune. */
const isWhole = ({ scale, perimeterCode }: AgreementRecord['agreement']) =>
  scale !== 'municipality' || perimeterCode.length === 5;

/** The targets of a year; without any, those the agreement implies. */
function valuesOf({ years, agreement }: AgreementRecord, year: number | null): Values {
  const found = years.find((one) => one.year === year);
  const percent = (share: string) => Math.round(Number(share) * 1_000_000) / 10_000;
  return {
    contractual: found
      ? found.contractual.map(({ scale, code, share }) => ({ scale, code, percent: percent(share) }))
      : isWhole(agreement)
        ? [{ scale: agreement.scale, code: agreement.perimeterCode, percent: percent(agreement.share) }]
        : [],
    // What the holder wrote itself is not rewritten here.
    indicative: (found?.indicative ?? [])
      .filter(({ writtenBy }) => writtenBy === 'landlord')
      .map(({ criterion, value, label, target }) => ({
        criterion,
        value,
        place: label ?? '',
        target: target ?? '',
      })),
  };
}
