import { NumberInput, Select, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { call } from '../../../../ui/api.ts';
import { DayField, PercentField } from '../../../../ui/fields.tsx';
import { FormDrawer } from '../../../../ui/form.tsx';
import { useWords } from '../../../../ui/words.tsx';
import { listMunicipalities } from '../../../organisations/contract.ts';
import { addProgramme, changeProgramme, type Programme } from '../contract.ts';
import { shareOf } from './percent.ts';

type Drawer = { opened: boolean; onClose(): void; onDone(): void };

const sizesAsked = [1, 2, 3, 4, 5] as const;

/** Records a new programme; its shares are those of the agreements of the place. */
export function AddProgramme({ opened, onClose, onDone }: Drawer) {
  const { t } = useWords();
  const municipalities = useQuery({
    queryKey: ['municipalities'],
    queryFn: () => call(listMunicipalities),
    enabled: opened,
  });
  return (
    <FormDrawer
      opened={opened}
      onClose={onClose}
      onDone={onDone}
      size={520}
      draft="flow.programme"
      title={t('rights.add-programme')}
      submitLabel={t('rights.save-programme')}
      initial={{
        name: '',
        municipalityCode: null as string | null,
        deliveredOn: '',
        meetingOn: '',
        buildingReference: '',
        dwellings: {} as Record<string, number | string>,
        setAside: '' as number | string,
      }}
      submit={(values, key) =>
        call(addProgramme, {
          key,
          body: {
            name: values.name,
            municipalityCode: values.municipalityCode ?? '',
            deliveredOn: values.deliveredOn,
            meetingOn: values.meetingOn || null,
            buildingReference: values.buildingReference,
            sizes: sizesAsked
              .map((rooms) => ({ rooms, dwellings: Number(values.dwellings[rooms] ?? 0) }))
              .filter(
                ({ dwellings }, index, all) =>
                  dwellings > 0 || (index === 0 && all.every((one) => one.dwellings === 0)),
              ),
            setAside: values.setAside === '' ? null : Number(values.setAside),
          },
        })
      }
    >
      {(form) => (
        <Stack gap="sm">
          <p className="dim">{t('rights.programme-hint')}</p>
          <TextInput label={t('rights.programme-name')} required data-autofocus {...form.getInputProps('name')} />
          <Select
            label={t('rights.municipality')}
            data={(municipalities.data?.items ?? []).map(({ code, nameFr, department }) => ({
              value: code,
              label: `${nameFr} (${department})`,
            }))}
            limit={60}
            searchable
            required
            {...form.getInputProps('municipalityCode')}
          />
          <SimpleGrid cols={2}>
            <DayField label={t('rights.delivery')} required {...form.getInputProps('deliveredOn')} />
            <DayField label={t('rights.meeting')} {...form.getInputProps('meetingOn')} />
          </SimpleGrid>
          <TextInput
            label={t('rights.residence')}
            description={t('rights.residence-hint')}
            {...form.getInputProps('buildingReference')}
          />
          <SimpleGrid cols={5} spacing="xs">
            {sizesAsked.map((rooms) => (
              <NumberInput
                key={rooms}
                label={`T${rooms}`}
                min={0}
                max={2_000}
                hideControls
                value={form.values.dwellings[rooms] ?? ''}
                onChange={(count) => form.setFieldValue('dwellings', { ...form.values.dwellings, [rooms]: count })}
              />
            ))}
          </SimpleGrid>
          <NumberInput
            label={t('rights.set-aside-count')}
            description={t('rights.set-aside-default')}
            min={0}
            hideControls
            {...form.getInputProps('setAside')}
          />
        </Stack>
      )}
    </FormDrawer>
  );
}

/** What the meeting decides: the share of each party, the part kept for rehousing. */
export function ChangeProgramme({ programme, ...drawer }: Drawer & { programme: Programme }) {
  const { t, word } = useWords();
  return (
    <FormDrawer
      {...drawer}
      title={t('rights.change-of', { name: programme.name })}
      submitLabel={t('rights.share-anew')}
      version={programme.version}
      initial={{
        meetingOn: programme.meetingOn ?? '',
        setAside: programme.setAside as number | string,
        percents: Object.fromEntries(programme.shares.map(({ id, share }) => [id, Number(share) * 100])) as Record<
          string,
          number | string
        >,
      }}
      submit={(values, key, version) =>
        call(changeProgramme, {
          key,
          params: { id: programme.id },
          body: {
            meetingOn: values.meetingOn || null,
            setAside: Number(values.setAside),
            shares: Object.fromEntries(
              Object.entries(values.percents).map(([party, percent]) => [party, shareOf(percent)]),
            ),
            version,
          },
        })
      }
    >
      {(form) => (
        <Stack gap="sm">
          <DayField label={t('rights.meeting')} {...form.getInputProps('meetingOn')} />
          <NumberInput
            label={t('rights.set-aside-count')}
            description={t('rights.set-aside-hint')}
            min={0}
            hideControls
            {...form.getInputProps('setAside')}
          />
          {programme.shares.map((party) => (
            <PercentField
              key={party.id}
              label={`${party.name} · ${word('contingent', party.contingent)}`}
              value={form.values.percents[party.id] ?? ''}
              onChange={(percent) => form.setFieldValue('percents', { ...form.values.percents, [party.id]: percent })}
            />
          ))}
        </Stack>
      )}
    </FormDrawer>
  );
}
