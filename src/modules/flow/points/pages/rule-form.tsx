import { NumberInput, Select, Stack, Textarea } from '@mantine/core';
import { useActor } from '../../../../ui/actor.tsx';
import { call } from '../../../../ui/api.ts';
import { DayField } from '../../../../ui/fields.tsx';
import { FormDrawer } from '../../../../ui/form.tsx';
import { useWords } from '../../../../ui/words.tsx';
import { type PhaseOut, proposeCountingRule } from '../contract.ts';

type Named = { agreementId: string; landlord: string; holder: string; perimeterName: string };

const modes = ['mixed', 'attributions', 'proposals'] as const;
const scopes = ['agreement', 'department', 'municipality'] as const;
const bases = ['lease-signed', 'committee-decision'] as const;

/** Proposes how points are counted from a day on: the whole of a phase in one look. */
export function RuleForm({
  agreements,
  opened,
  onClose,
  onDone,
}: {
  agreements: readonly Named[];
  opened: boolean;
  onClose(): void;
  onDone(): void;
}) {
  const { t, word } = useWords();
  const { organisationKind, today } = useActor();
  const isLandlord = organisationKind === 'landlord';
  const nextYear = `${Number(today.slice(0, 4)) + 1}-01-01`;
  const choices = (list: string, values: readonly string[]) =>
    values.map((value) => ({ value, label: word(list, value) }));
  return (
    <FormDrawer
      opened={opened}
      onClose={onClose}
      onDone={onDone}
      title={t('points.propose')}
      submitLabel={t('points.save')}
      draft="flow.counting-rule"
      initial={{
        agreementId: isLandlord ? 'all' : (agreements[0]?.agreementId ?? ''),
        from: nextYear,
        mode: 'mixed' as PhaseOut['mode'],
        wp: 30 as number | string,
        cap: 100 as number | string,
        capScope: 'agreement' as PhaseOut['capScope'],
        basis: 'lease-signed' as PhaseOut['basis'],
        reviewOn: '',
        note: '',
      }}
      submit={(values, key) => {
        const wp = Number(values.wp);
        return call(proposeCountingRule, {
          key,
          body: {
            agreementId: values.agreementId === 'all' ? null : values.agreementId,
            note: values.note,
            phases: [
              {
                from: values.from,
                to: null,
                mode: values.mode,
                wp: hundredths(wp),
                wa: hundredths(100 - wp),
                capRatio: hundredths(Number(values.cap)),
                capScope: values.capScope,
                basis: values.basis,
                reviewOn: values.reviewOn || null,
              },
            ],
          },
        });
      }}
    >
      {(form) => (
        <Stack gap="sm">
          <p className="dim">{t('points.propose-hint')}</p>
          <Select
            label={t('points.for')}
            data={[
              ...(isLandlord ? [{ value: 'all', label: t('points.all-agreements') }] : []),
              ...agreements.map((row) => ({
                value: row.agreementId,
                label: `${isLandlord ? row.holder : row.landlord} · ${row.perimeterName}`,
              })),
            ]}
            allowDeselect={false}
            searchable
            {...form.getInputProps('agreementId')}
          />
          <DayField label={t('points.from')} required {...form.getInputProps('from')} />
          <Select
            label={t('points.mode')}
            data={choices('counting-mode', modes)}
            allowDeselect={false}
            {...form.getInputProps('mode')}
          />
          {form.values.mode === 'mixed' && (
            <>
              <NumberInput
                label={t('points.wp')}
                description={Number(form.values.wp) >= 50 ? t('points.warning-cap') : undefined}
                suffix=" %"
                min={0}
                max={100}
                {...form.getInputProps('wp')}
              />
              <NumberInput label={t('points.cap')} suffix=" %" min={0} max={100} {...form.getInputProps('cap')} />
              <Select
                label={t('points.cap-scope')}
                data={choices('cap-scope', scopes)}
                allowDeselect={false}
                {...form.getInputProps('capScope')}
              />
            </>
          )}
          {form.values.mode !== 'proposals' && (
            <Select
              label={t('points.basis')}
              data={choices('counting-basis', bases)}
              allowDeselect={false}
              {...form.getInputProps('basis')}
            />
          )}
          <DayField label={t('points.reviewed')} {...form.getInputProps('reviewOn')} />
          <Textarea
            label={t('points.note')}
            description={t('points.note-hint')}
            required
            autosize
            minRows={2}
            maxLength={500}
            {...form.getInputProps('note')}
          />
        </Stack>
      )}
    </FormDrawer>
  );
}

/** 30 → '0.30'. */
const hundredths = (percent: number): string =>
  percent === 100 ? '1' : `0.${String(Math.round(percent)).padStart(2, '0')}`;
