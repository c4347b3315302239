import { Autocomplete, Button, Select, SimpleGrid, Stack, Textarea, TextInput } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { call } from '../../../../ui/api.ts';
import { DayField } from '../../../../ui/fields.tsx';
import { FormDrawer } from '../../../../ui/form.tsx';
import { QuietButton } from '../../../../ui/parts.tsx';
import { Tag } from '../../../../ui/tag.tsx';
import { useWords } from '../../../../ui/words.tsx';
import { listPartners } from '../../../organisations/contract.ts';
import { listAgreements } from '../../contract.ts';
import { changeMeeting, listActions, meetingKind } from '../contract.ts';
import classes from './meeting-page.module.css';
import type { Meeting } from './meeting-page.tsx';

const presences = ['unknown', 'present', 'absent'] as const;
type Presence = (typeof presences)[number];
const presenceOf = (present: boolean | null): Presence =>
  present === null ? 'unknown' : present ? 'present' : 'absent';

const newPoint = { kind: 'point' as const, title: '', agreementId: null, actionId: null, notes: '' };

/** The whole of a meeting in one form: its day, who comes, the points with what was said, the decisions. */
export function MeetingForm({ meeting, opened, onClose }: { meeting: Meeting; opened: boolean; onClose(): void }) {
  const { t, word } = useWords();
  const client = useQueryClient();
  const partners = useQuery({ queryKey: ['partners'], queryFn: () => call(listPartners), enabled: opened });
  const agreements = useQuery({ queryKey: ['agreements'], queryFn: () => call(listAgreements), enabled: opened });
  const actions = useQuery({
    queryKey: ['actions-to-link'],
    queryFn: () => call(listActions, { query: { limit: 200, order: 'desc' } }),
    enabled: opened,
  });
  const known = partners.data?.items ?? [];
  return (
    <FormDrawer
      opened={opened}
      onClose={onClose}
      onDone={() => {
        client.invalidateQueries();
        onClose();
      }}
      size={640}
      title={t('meetings.change')}
      submitLabel={t('meetings.save')}
      version={meeting.version}
      draft={`flow.meeting.${meeting.id}`}
      initial={{
        kind: meeting.kind,
        title: meeting.title,
        heldOn: meeting.heldOn,
        heldAt: meeting.heldAt ?? '',
        place: meeting.place ?? '',
        participants: meeting.participants.map((one) => ({
          name: one.name,
          representedBy: one.representedBy ?? '',
          presence: presenceOf(one.present),
        })),
        items: meeting.items.map((one) => ({
          kind: one.kind,
          title: one.title,
          agreementId: one.agreementId,
          actionId: one.actionId,
          notes: one.notes ?? '',
        })),
        decisions: meeting.decisions.map((one) => ({ ...one, dueOn: one.dueOn ?? '' })),
      }}
      submit={(values, key, version) =>
        call(changeMeeting, {
          key,
          params: { id: meeting.id },
          body: {
            ...values,
            participants: values.participants.map(({ name, representedBy, presence }) => ({
              name,
              representedBy,
              partnerId:
                known.find((partner) => partner.name === name)?.id ??
                meeting.participants.find((one) => one.name === name)?.partnerId ??
                null,
              present: presence === 'unknown' ? null : presence === 'present',
            })),
            decisions: values.decisions.map((one) => ({ ...one, dueOn: one.dueOn || null })),
            version,
          },
        })
      }
    >
      {(form) => (
        <Stack gap="sm">
          <Select
            label={t('meetings.kind')}
            data={meetingKind.options.map((value) => ({ value, label: word('meeting-kind', value) }))}
            allowDeselect={false}
            {...form.getInputProps('kind')}
          />
          <TextInput label={t('meetings.subject')} required {...form.getInputProps('title')} />
          <SimpleGrid cols={3}>
            <DayField label={t('meetings.held-on')} required {...form.getInputProps('heldOn')} />
            <TextInput type="time" label={t('meetings.held-at')} {...form.getInputProps('heldAt')} />
            <TextInput label={t('meetings.place')} {...form.getInputProps('place')} />
          </SimpleGrid>

          <h3 className={classes.group}>{t('meetings.participants')}</h3>
          <div className={classes.lines}>
            {form.values.participants.map((_, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: lines are known by their place
              <div key={index} className={classes.line}>
                <Autocomplete
                  label={t('meetings.organisation')}
                  data={known.map(({ name }) => name)}
                  required
                  {...form.getInputProps(`participants.${index}.name`)}
                />
                <div className={classes.pair}>
                  <TextInput
                    label={t('meetings.represented-by')}
                    {...form.getInputProps(`participants.${index}.representedBy`)}
                  />
                  <Select
                    label={t('meetings.presence')}
                    allowDeselect={false}
                    data={presences.map((value) => ({ value, label: t(`meetings.presence-${value}`) }))}
                    {...form.getInputProps(`participants.${index}.presence`)}
                  />
                </div>
                <QuietButton size="compact-xs" onClick={() => form.removeListItem('participants', index)}>
                  {t('meetings.remove')}
                </QuietButton>
              </div>
            ))}
            <Button
              variant="default"
              onClick={() => form.insertListItem('participants', { name: '', representedBy: '', presence: 'unknown' })}
            >
              {t('meetings.add-participant')}
            </Button>
          </div>

          <h3 className={classes.group}>{t('meetings.agenda')}</h3>
          <div className={classes.lines}>
            {form.values.items.map((item, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: lines are known by their place
              <div key={index} className={classes.line}>
                {item.kind === 'delegation' && <Tag tone="violet">{t('meetings.delegation-yearly')}</Tag>}
                <TextInput label={t('meetings.point')} required {...form.getInputProps(`items.${index}.title`)} />
                <div className={classes.pair}>
                  <Select
                    label={t('meetings.agreement')}
                    clearable
                    searchable
                    data={
                      agreements.data?.items.map((one) => ({
                        value: one.id,
                        label: `${one.reference} · ${one.holder}`,
                      })) ?? []
                    }
                    {...form.getInputProps(`items.${index}.agreementId`)}
                  />
                  <Select
                    label={t('meetings.action')}
                    clearable
                    searchable
                    data={actions.data?.items.map((one) => ({ value: one.id, label: one.title })) ?? []}
                    {...form.getInputProps(`items.${index}.actionId`)}
                  />
                </div>
                <Textarea
                  label={t('meetings.notes')}
                  autosize
                  minRows={2}
                  {...form.getInputProps(`items.${index}.notes`)}
                />
                <QuietButton size="compact-xs" onClick={() => form.removeListItem('items', index)}>
                  {t('meetings.remove')}
                </QuietButton>
              </div>
            ))}
            <Button variant="default" onClick={() => form.insertListItem('items', newPoint)}>
              {t('meetings.add-point')}
            </Button>
            {meeting.delegated.length > 0 && !form.values.items.some(({ kind }) => kind === 'delegation') && (
              <Button
                variant="default"
                onClick={() =>
                  form.insertListItem('items', { ...newPoint, kind: 'delegation', title: t('meetings.delegation') })
                }
              >
                {t('meetings.add-delegation')}
              </Button>
            )}
          </div>

          <h3 className={classes.group}>{t('meetings.decisions')}</h3>
          <div className={classes.lines}>
            {form.values.decisions.map((_, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: lines are known by their place
              <div key={index} className={classes.line}>
                <Textarea
                  label={t('meetings.decided')}
                  autosize
                  minRows={2}
                  required
                  {...form.getInputProps(`decisions.${index}.decided`)}
                />
                <div className={classes.pair}>
                  <TextInput label={t('meetings.owner')} required {...form.getInputProps(`decisions.${index}.owner`)} />
                  <DayField label={t('meetings.due')} {...form.getInputProps(`decisions.${index}.dueOn`)} />
                </div>
                <QuietButton size="compact-xs" onClick={() => form.removeListItem('decisions', index)}>
                  {t('meetings.remove')}
                </QuietButton>
              </div>
            ))}
            <Button
              variant="default"
              onClick={() => form.insertListItem('decisions', { decided: '', owner: '', dueOn: '' })}
            >
              {t('meetings.add-decision')}
            </Button>
          </div>
        </Stack>
      )}
    </FormDrawer>
  );
}
