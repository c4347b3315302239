import { Button, Fieldset, Select, Stack, Textarea } from '@mantine/core';
import { useActor } from '../../../../ui/actor.tsx';
import { call } from '../../../../ui/api.ts';
import { FormDrawer } from '../../../../ui/form.tsx';
import { useWords } from '../../../../ui/words.tsx';
import { proposeCountingRule } from '../contract.ts';
import { dayAfter, newPhase, PhaseFields, phaseOf } from './phase-fields.tsx';

type Named = { agreementId: string; landlord: string; holder: string; perimeterName: string };

/** Proposes how points are counted from a day on: one phase, or several that follow each other. */
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
  const { t } = useWords();
  const { organisationKind, today } = useActor();
  const isLandlord = organisationKind === 'landlord';
  const nextYear = `${Number(today.slice(0, 4)) + 1}-01-01`;
  return (
    <FormDrawer
      opened={opened}
      onClose={onClose}
      onDone={onDone}
      title={t('points.propose')}
      submitLabel={t('points.save')}
      draft="flow.counting-phases"
      initial={{
        agreementId: isLandlord ? 'all' : (agreements[0]?.agreementId ?? ''),
        phases: [newPhase(nextYear)],
        note: '',
      }}
      submit={(values, key) =>
        call(proposeCountingRule, {
          key,
          body: {
            agreementId: values.agreementId === 'all' ? null : values.agreementId,
            note: values.note,
            phases: values.phases.map(phaseOf),
          },
        })
      }
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
          {form.values.phases.map((_, index, { length }) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: phases are added and taken away at the end alone
            <Fieldset key={index} legend={t('points.phase-number', { number: index + 1 })}>
              <PhaseFields form={form} index={index} isLast={index === length - 1} />
              {index > 0 && index === length - 1 && (
                <Button size="xs" variant="subtle" mt="xs" onClick={() => form.removeListItem('phases', index)}>
                  {t('points.phase-remove')}
                </Button>
              )}
            </Fieldset>
          ))}
          {form.values.phases.length < 4 && (
            <Button
              variant="default"
              onClick={() => form.insertListItem('phases', newPhase(dayAfter(form.values.phases.at(-1)!)))}
            >
              {t('points.phase-add')}
            </Button>
          )}
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
