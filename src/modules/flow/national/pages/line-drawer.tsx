import { Button, Drawer, Stack, Textarea } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import type { LocalDate } from '../../../../kernel/local-date.ts';
import type { Step } from '../../../../kernel/steps.ts';
import { useActor } from '../../../../ui/actor.tsx';
import { call } from '../../../../ui/api.ts';
import { DayField } from '../../../../ui/fields.tsx';
import { FormDrawer } from '../../../../ui/form.tsx';
import { Facts, Panel } from '../../../../ui/parts.tsx';
import { Tag } from '../../../../ui/tag.tsx';
import { Steps } from '../../../../ui/why.tsx';
import { useWords } from '../../../../ui/words.tsx';
import { noteCorrection, type ReconciliationLine } from '../contract.ts';
import { EffectTag } from './effect.tsx';

/** One disagreement: what each register says, what a count would lose, what to do, and the correction noted. */
export function LineDrawer({ line, onClose }: { line: ReconciliationLine | null; onClose(): void }) {
  const { t } = useWords();
  const [noting, setNoting] = useState(false);
  return (
    <>
      <Drawer
        opened={line !== null && !noting}
        onClose={onClose}
        size={480}
        title={line?.reference ? t('national.drawer', { reference: line.reference }) : t('national.drawer-closure')}
        closeButtonProps={{ 'aria-label': t('ui.close') }}
      >
        {line && <Line line={line} onNote={() => setNoting(true)} />}
      </Drawer>
      {line && (
        <NoteForm
          line={line}
          opened={noting}
          onClose={() => setNoting(false)}
          onDone={() => {
            setNoting(false);
            onClose();
          }}
        />
      )}
    </>
  );
}

function Line({ line, onNote }: { line: ReconciliationLine; onNote(): void }) {
  const { t, word, day } = useWords();
  const isSettled = line.reason === 'matched' || line.reason === 'waiting';
  return (
    <Stack gap="sm">
      <Panel tone={isSettled ? undefined : 'accent'} title={word('reconciliation', line.reason)}>
        <p>{t(`national.todo.${line.reason}`)}</p>
      </Panel>
      <Facts
        facts={[
          !isSettled && [t('national.what-is-lost'), <EffectTag key="effect" line={line} />],
          [t('national.party'), line.party ?? t('national.own')],
          [t('national.contingent'), word('contingent', line.contingent)],
          [t('national.household'), line.household],
          [t('national.number'), line.uniqueNumber],
          [t('national.dwelling'), line.dwellingReference],
          !isSettled && [
            t('national.standing'),
            line.correctedOn ? (
              <Tag key="standing" tone="green">
                {t('national.corrected-on', { day: day(line.correctedOn) })}
              </Tag>
            ) : (
              <Tag key="standing" tone="amber">
                {t('national.not-corrected')}
              </Tag>
            ),
          ],
        ]}
      />
      <Panel title={t('national.facts')} flush>
        <Steps steps={line.steps as Step[]} />
      </Panel>
      {!isSettled && <Button onClick={onNote}>{t('national.note-correction')}</Button>}
      {line.tenancyId && (
        <Button variant="default" component={Link} to={`/baux/${line.tenancyId}`}>
          {t('national.open-lease')}
        </Button>
      )}
    </Stack>
  );
}

function NoteForm(props: { line: ReconciliationLine; opened: boolean; onClose(): void; onDone(): void }) {
  const { t } = useWords();
  const { today } = useActor();
  const client = useQueryClient();
  const { subjectId, reason } = props.line;
  return (
    <FormDrawer
      title={t('national.note-title')}
      opened={props.opened}
      onClose={props.onClose}
      submitLabel={t('national.note-submit')}
      initial={{ correctedOn: today as string, note: '' }}
      submit={({ correctedOn, note }) =>
        call(noteCorrection, { body: { subjectId, reason, correctedOn: correctedOn as LocalDate, note } })
      }
      onDone={() => {
        client.invalidateQueries();
        props.onDone();
      }}
    >
      {(form) => (
        <Stack gap="sm">
          <DayField
            label={t('national.note-day')}
            description={t('national.note-hint')}
            max={today}
            required
            {...form.getInputProps('correctedOn')}
          />
          <Textarea label={t('national.note-text')} autosize minRows={2} {...form.getInputProps('note')} />
        </Stack>
      )}
    </FormDrawer>
  );
}
