import { Checkbox, Group, NumberInput, Select, Stack, TextInput } from '@mantine/core';
import type { BodyInputOf, ReplyOf } from '../../../kernel/endpoint.ts';
import { useActor } from '../../../ui/actor.tsx';
import { call } from '../../../ui/api.ts';
import { EuroField } from '../../../ui/fields.tsx';
import { FormDrawer } from '../../../ui/form.tsx';
import { useWords } from '../../../ui/words.tsx';
import {
  dwellingKind,
  energyLabel,
  funding,
  type getDwelling,
  management,
  programme,
  updateDwelling,
} from '../contract.ts';
import { addressOf } from './dwelling-words.ts';

export type Dwelling = ReplyOf<typeof getDwelling>;
type Body = BodyInputOf<typeof updateDwelling>;

const numberOrNull = (typed: number | string): number | null => (typed === '' ? null : Number(typed));

/** Changes what is known of a dwelling; whoever was slower is told, and keeps what was typed. */
export function EditDwelling({
  dwelling,
  ...props
}: {
  dwelling: Dwelling;
  opened: boolean;
  onClose(): void;
  onDone(): void;
}) {
  const words = useWords();
  const { t, word } = words;
  const { jurisdiction } = useActor();
  const french = jurisdiction === 'fr-idf';
  const choices = (list: string, values: readonly string[]) =>
    values.map((value) => ({ value, label: word(list, value) }));
  return (
    <FormDrawer
      {...props}
      title={t('dwellings.edit-of', { address: addressOf(dwelling, words) })}
      submitLabel={t('dwellings.save')}
      draft={`portfolio.dwelling.${dwelling.id}`}
      version={dwelling.version}
      initial={{
        kind: dwelling.kind as string,
        box: dwelling.box ?? '',
        floor: (dwelling.floor ?? '') as number | string,
        bedrooms: dwelling.bedrooms as number | string,
        rooms: (dwelling.rooms ?? '') as number | string,
        areaM2: (dwelling.areaM2 === null ? '' : Number(dwelling.areaM2)) as number | string,
        rentCents: dwelling.rentCents as number | null,
        chargesCents: dwelling.chargesCents as number | null,
        energyLabel: dwelling.energyLabel as string | null,
        programme: dwelling.programme as string,
        funding: dwelling.funding as string | null,
        management: dwelling.management as string,
        accessible: dwelling.accessible,
      }}
      submit={(values, _, version) => {
        const body = {
          ...values,
          floor: numberOrNull(values.floor),
          bedrooms: numberOrNull(values.bedrooms),
          rooms: numberOrNull(values.rooms),
          areaM2: numberOrNull(values.areaM2),
          version,
        };
        return call(updateDwelling, { params: { id: dwelling.id }, body: body as Body });
      }}
    >
      {(form) => (
        <Stack gap="sm">
          <Select
            label={t('dwellings.kind')}
            data={choices('dwelling-kind', dwellingKind.options)}
            allowDeselect={false}
            {...form.getInputProps('kind')}
          />
          <Group grow gap="sm" align="start">
            <TextInput label={t('dwellings.box')} autoComplete="off" {...form.getInputProps('box')} />
            <NumberInput
              label={t('dwellings.floor')}
              min={-5}
              max={100}
              allowDecimal={false}
              {...form.getInputProps('floor')}
            />
          </Group>
          <Group grow gap="sm" align="start">
            <NumberInput
              label={t('dwellings.bedrooms')}
              min={0}
              max={20}
              allowDecimal={false}
              required
              {...form.getInputProps('bedrooms')}
            />
            {french && (
              <NumberInput
                label={t('dwellings.rooms')}
                min={1}
                max={20}
                allowDecimal={false}
                {...form.getInputProps('rooms')}
              />
            )}
            <NumberInput
              label={t('dwellings.area-field')}
              min={0}
              max={2_000}
              decimalScale={2}
              decimalSeparator=","
              {...form.getInputProps('areaM2')}
            />
          </Group>
          <Group grow gap="sm" align="start">
            <EuroField label={t('dwellings.monthly-rent')} required {...form.getInputProps('rentCents')} />
            <EuroField label={t('dwellings.monthly-charges')} required {...form.getInputProps('chargesCents')} />
          </Group>
          <Select
            label={t(french ? 'dwellings.energy-fr' : 'dwellings.energy-long')}
            data={[...energyLabel.options]}
            clearable
            {...form.getInputProps('energyLabel')}
          />
          <Select
            label={t('dwellings.programme')}
            data={choices('programme', programme.options)}
            allowDeselect={false}
            {...form.getInputProps('programme')}
          />
          {french && (
            <Select
              label={t('dwellings.funding')}
              data={choices('funding', funding.options)}
              clearable
              {...form.getInputProps('funding')}
            />
          )}
          {french && (
            <Select
              label={t('dwellings.management')}
              data={choices('management', management.options)}
              allowDeselect={false}
              {...form.getInputProps('management')}
            />
          )}
          <Checkbox label={t('dwellings.accessible')} {...form.getInputProps('accessible', { type: 'checkbox' })} />
        </Stack>
      )}
    </FormDrawer>
  );
}
