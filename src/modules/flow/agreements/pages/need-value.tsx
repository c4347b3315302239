import { MultiSelect, Select, TextInput } from '@mantine/core';
import type { Form } from '../../../../ui/form.tsx';
import { useWords } from '../../../../ui/words.tsx';
import classes from './targets-form.module.css';

type Field = ReturnType<Form<{ value: string }>['getInputProps']>;

type Municipality = { code: string; nameFr: string; territory: string | null; territoryName: string | null };

const plain = (values: readonly string[]) => values.map((value) => ({ value, name: value }));

/** The values of a criterion that has few; null where it is typed. */
function choicesOf(criterion: string, municipalities: readonly Municipality[]) {
  if (criterion === 'rooms' || criterion === 'rooms-min') return plain(['1', '2', '3', '4', '5', '6']);
  if (criterion === 'funding') return plain(['PLAI', 'PLUS', 'PLS', 'PLI']);
  if (criterion === 'priority-area') return plain(['in', 'out']);
  if (criterion !== 'territory') return null;
  const names = new Map(municipalities.map(({ territory, territoryName }) => [territory, territoryName]));
  return [...names]
    .flatMap(([value, name]) => (value ? { value, name: name ?? value } : []))
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** What a need compares with, as its criterion wants it: a choice, communes near a place, a number or words. */
export function NeedValue({
  criterion,
  value,
  municipalities,
  fieldOf,
  setValue,
}: {
  criterion: string;
  value: string;
  municipalities: readonly Municipality[];
  fieldOf(name: 'value' | 'place'): Field;
  setValue(value: string): void;
}) {
  const { t } = useWords();
  const choices = choicesOf(criterion, municipalities);
  if (choices)
    return (
      <Select
        label={t('agreements.target-value')}
        data={choices.map(({ value: choice, name }) => ({
          value: choice,
          label: t(`targets.${criterion}`, { value: name }),
        }))}
        searchable={choices.length > 6}
        {...fieldOf('value')}
      />
    );
  if (criterion === 'near')
    return (
      <div className={classes.near}>
        <TextInput
          label={t('agreements.target-near')}
          description={t('agreements.target-near-hint')}
          {...fieldOf('place')}
        />
        <MultiSelect
          label={t('agreements.target-near-municipalities')}
          data={municipalities.map(({ code, nameFr }) => ({ value: code, label: nameFr }))}
          searchable
          limit={60}
          maxValues={20}
          value={value.split(' ').filter((code) => /^\d{5}$/.test(code))}
          onChange={(codes) => setValue(codes.join(' '))}
          error={fieldOf('value').error}
        />
      </div>
    );
  return (
    <TextInput
      label={t(criterion === 'in-words' ? 'agreements.target-text' : 'agreements.target-value')}
      {...fieldOf('value')}
    />
  );
}
