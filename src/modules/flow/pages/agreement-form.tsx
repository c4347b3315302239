import { NumberInput, Select, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { call } from '../../../ui/api.ts';
import { DayField } from '../../../ui/fields.tsx';
import { FormDrawer } from '../../../ui/form.tsx';
import { useWords } from '../../../ui/words.tsx';
import { listMunicipalities, listPartners } from '../../organisations/contract.ts';
import { type Agreement, contingent, createAgreement } from '../contract.ts';

type Contingent = Agreement['contingent'];

/** The State and the municipalities count by municipality, the others by département (F-30). */
const scaleOf = (of: Contingent): Agreement['scale'] =>
  ['state-priority', 'state-staff', 'municipality'].includes(of) ? 'municipality' : 'department';

/** Records an agreement that was signed. */
export function AgreementForm({ opened, onClose, onDone }: { opened: boolean; onClose(): void; onDone(): void }) {
  const { t, word } = useWords();
  const partners = useQuery({ queryKey: ['partners'], queryFn: () => call(listPartners), enabled: opened });
  const municipalities = useQuery({
    queryKey: ['municipalities'],
    queryFn: () => call(listMunicipalities),
    enabled: opened,
  });
  const places = municipalities.data?.items ?? [];
  const departments = [...new Set(places.map(({ department }) => department))].filter((code) => code !== null).sort();
  return (
    <FormDrawer
      opened={opened}
      onClose={onClose}
      onDone={onDone}
      size={520}
      title={t('agreements.add')}
      submitLabel={t('agreements.save')}
      draft="flow.agreement"
      initial={{
        reference: '',
        holderId: null as string | null,
        contingent: 'municipality' as Contingent,
        perimeterCode: null as string | null,
        percent: '' as number | string,
        nominationDays: '' as number | string,
        startsOn: '',
        endsOn: '',
      }}
      submit={(values, key) =>
        call(createAgreement, {
          key,
          body: {
            reference: values.reference,
            holderId: values.holderId ?? '',
            contingent: values.contingent,
            scale: scaleOf(values.contingent),
            perimeterCode: values.perimeterCode ?? '',
            share: shareOf(values.percent),
            nominationDays: values.nominationDays === '' ? null : Number(values.nominationDays),
            startsOn: values.startsOn,
            endsOn: values.endsOn || null,
          },
        })
      }
    >
      {(form) => {
        // The State counts by municipality over a département it shares; a municipality has its own.
        const ofMunicipality = form.values.contingent === 'municipality';
        return (
          <Stack gap="sm">
            <p className="dim">{t('agreements.add-hint')}</p>
            <TextInput label={t('agreements.reference')} required data-autofocus {...form.getInputProps('reference')} />
            <Select
              label={t('agreements.holder')}
              data={partners.data?.items.map(({ id, name }) => ({ value: id, label: name })) ?? []}
              nothingFoundMessage={t('agreements.no-partner')}
              searchable
              required
              {...form.getInputProps('holderId')}
            />
            <Select
              label={t('agreements.contingent')}
              data={contingent.options.map((value) => ({ value, label: word('contingent', value) }))}
              allowDeselect={false}
              {...form.getInputProps('contingent')}
              onChange={(next) => form.setValues({ contingent: next as Contingent, perimeterCode: null })}
            />
            <Select
              key={String(ofMunicipality)}
              label={t(ofMunicipality ? 'agreements.perimeter-municipality' : 'agreements.perimeter-department')}
              data={
                ofMunicipality
                  ? places.map(({ code, nameFr, department }) => ({ value: code, label: `${nameFr} (${department})` }))
                  : departments
              }
              limit={60}
              searchable
              required
              {...form.getInputProps('perimeterCode')}
            />
            <NumberInput
              label={t('agreements.share')}
              description={t('agreements.share-hint')}
              suffix=" %"
              decimalSeparator=","
              min={0}
              max={100}
              decimalScale={4}
              hideControls
              required
              {...form.getInputProps('percent')}
              error={form.errors.share}
            />
            <NumberInput
              label={t('agreements.nomination-days')}
              description={t('agreements.nomination-days-hint')}
              min={1}
              max={90}
              hideControls
              {...form.getInputProps('nominationDays')}
            />
            <SimpleGrid cols={2}>
              <DayField label={t('agreements.starts')} required {...form.getInputProps('startsOn')} />
              <DayField label={t('agreements.ends')} {...form.getInputProps('endsOn')} />
            </SimpleGrid>
          </Stack>
        );
      }}
    </FormDrawer>
  );
}

/** 27 (per cent) → '0.27', exact to the four decimals one may type. */
const shareOf = (percent: number | string): string =>
  percent === '' ? '' : Number(percent) === 100 ? '1' : (Number(percent) / 100).toFixed(6).replace(/0+$/, '');
