import { Autocomplete, Checkbox, Stack, Textarea, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { BodyInputOf } from '../../../../kernel/endpoint.ts';
import { useActor } from '../../../../ui/actor.tsx';
import { call } from '../../../../ui/api.ts';
import { DayField } from '../../../../ui/fields.tsx';
import { FormDrawer } from '../../../../ui/form.tsx';
import { Facts, Panel } from '../../../../ui/parts.tsx';
import { useWords } from '../../../../ui/words.tsx';
import { listPeople } from '../../../organisations/contract.ts';
import { decideAction } from '../contract.ts';
import { signed } from './agreement-standing.tsx';

/** A drift an action answers, as the cockpit shows it. */
export type Drift = {
  agreementId: string | null;
  drift: NonNullable<BodyInputOf<typeof decideAction>['drift']> | null;
};

/** Records what is decided, who does it, before when. It may start from a drift, or from nothing counted. */
export function ActionForm({ drift, onClose }: { drift: Drift | null; onClose(): void }) {
  const { t, fixed, day, word } = useWords();
  const { name, may } = useActor();
  const client = useQueryClient();
  const people = useQuery({
    queryKey: ['people'],
    queryFn: () => call(listPeople),
    enabled: drift !== null && may('organisations.read'),
  });
  const figures = drift?.drift;
  return (
    <FormDrawer
      opened={drift !== null}
      onClose={onClose}
      onDone={() => {
        client.invalidateQueries();
        onClose();
      }}
      title={t('actions.decide')}
      submitLabel={t('actions.save')}
      initial={{
        title: figures
          ? t(Number(figures.gap) > 0 ? 'actions.title-ahead' : 'actions.title-of', {
              holder: figures.holder,
              place: figures.place,
            })
          : '',
        decided: '',
        owner: name,
        dueOn: '',
        shared: true,
      }}
      submit={(values, key) =>
        call(decideAction, {
          key,
          body: { ...values, agreementId: drift?.agreementId ?? null, drift: figures ?? null },
        })
      }
    >
      {(form) => (
        <Stack gap="sm">
          {figures && (
            <Panel title={t('actions.drift')}>
              <Facts
                facts={[
                  [t('actions.holder'), figures.holder],
                  figures.contingent ? [t('actions.contingent'), word('contingent', figures.contingent)] : null,
                  [t('actions.place'), figures.place],
                  [t('actions.figures'), t('cockpit.of-due', { proposed: figures.proposed, due: fixed(figures.due) })],
                  [t('actions.gap'), signed(fixed, Number(figures.gap))],
                  [t('actions.on'), day(figures.on as string)],
                ]}
              />
            </Panel>
          )}
          <TextInput label={t('actions.action')} required maxLength={120} {...form.getInputProps('title')} />
          <Textarea
            label={t('actions.decided')}
            description={t('actions.decided-hint')}
            autosize
            minRows={3}
            required
            data-autofocus
            {...form.getInputProps('decided')}
          />
          <Autocomplete
            label={t('actions.owner')}
            description={t('actions.owner-hint')}
            data={people.data?.members.map((member) => `${member.givenName} ${member.familyName}`) ?? []}
            required
            {...form.getInputProps('owner')}
          />
          <DayField label={t('actions.due')} required {...form.getInputProps('dueOn')} />
          {drift?.agreementId && (
            <Checkbox label={t('actions.shared')} {...form.getInputProps('shared', { type: 'checkbox' })} />
          )}
        </Stack>
      )}
    </FormDrawer>
  );
}
