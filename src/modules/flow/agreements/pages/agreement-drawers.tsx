import { NumberInput, Select, Stack, Textarea, TextInput } from '@mantine/core';
import { call } from '../../../../ui/api.ts';
import { DayField, PercentField } from '../../../../ui/fields.tsx';
import { FormDrawer } from '../../../../ui/form.tsx';
import { Facts } from '../../../../ui/parts.tsx';
import { useWords } from '../../../../ui/words.tsx';
import {
  type AgreementRecord,
  abandonAmendment,
  addClause,
  closeClause,
  commentAgreement,
  endAgreement,
  endingKind,
  ifNoneProposed,
  moveAgreement,
  nominationMode,
  proposeAmendment,
  recordDerogation,
  signAgreement,
  signAmendment,
} from '../contract.ts';
import { shareOf } from './agreement-form.tsx';
import { CapsPanel } from './caps-panel.tsx';

export type Drawer =
  | { kind: 'move'; to: 'negotiation' | 'to-sign' | 'abandoned' }
  | { kind: 'comment' }
  | { kind: 'sign'; version: AgreementRecord['versions'][number] }
  | { kind: 'amend' }
  | { kind: 'abandon-amendment'; version: AgreementRecord['versions'][number] }
  | { kind: 'end' }
  | { kind: 'clause' }
  | { kind: 'clause-outcome'; clause: AgreementRecord['clauses'][number] }
  | { kind: 'derogation' };

type Given<Kind extends Drawer['kind']> = {
  record: AgreementRecord;
  drawer: Extract<Drawer, { kind: Kind }>;
  onClose(): void;
  onDone(): void;
};

/** What a move is called: the first one sends, that of a holder sends back. */
export const moveWords = ({ agreement, party }: AgreementRecord, to: string): string =>
  to === 'negotiation' ? (agreement.state === 'draft' ? 'send' : party === 'holder' ? 'back' : to) : to;

/** The drawer that is open, if one is. */
export function AgreementDrawer(props: {
  record: AgreementRecord;
  drawer: Drawer | null;
  onClose(): void;
  onDone(): void;
}) {
  const { drawer } = props;
  switch (drawer?.kind) {
    case 'move':
      return <MoveForm {...props} drawer={drawer} />;
    case 'comment':
      return <CommentForm {...props} drawer={drawer} />;
    case 'sign':
      return <SignForm {...props} drawer={drawer} />;
    case 'amend':
      return <AmendForm {...props} drawer={drawer} />;
    case 'abandon-amendment':
      return <AbandonAmendmentForm {...props} drawer={drawer} />;
    case 'end':
      return <EndForm {...props} drawer={drawer} />;
    case 'clause':
      return <ClauseForm {...props} drawer={drawer} />;
    case 'clause-outcome':
      return <OutcomeForm {...props} drawer={drawer} />;
    case 'derogation':
      return <DerogationForm {...props} drawer={drawer} />;
    default:
      return null;
  }
}

function MoveForm({ record, drawer, ...rest }: Given<'move'>) {
  const { t } = useWords();
  const title = t(`agreements.move-${moveWords(record, drawer.to)}`);
  return (
    <FormDrawer
      {...rest}
      opened
      title={title}
      submitLabel={title}
      danger={drawer.to === 'abandoned'}
      initial={{ words: '' }}
      version={record.version}
      submit={({ words }, key, version) =>
        call(moveAgreement, {
          key,
          params: { id: record.agreement.id },
          body: { to: drawer.to, words: words || null, version },
        })
      }
    >
      {(form) => (
        <Textarea
          label={t('agreements.words')}
          description={t('agreements.words-hint')}
          autosize
          minRows={3}
          data-autofocus
          {...form.getInputProps('words')}
        />
      )}
    </FormDrawer>
  );
}

function CommentForm({ record, drawer: _, ...rest }: Given<'comment'>) {
  const { t } = useWords();
  return (
    <FormDrawer
      {...rest}
      opened
      title={t('agreements.comment')}
      submitLabel={t('agreements.comment-send')}
      draft={`flow.agreement-comment.${record.agreement.id}`}
      initial={{ words: '' }}
      submit={({ words }, key) => call(commentAgreement, { key, params: { id: record.agreement.id }, body: { words } })}
    >
      {(form) => (
        <Textarea
          label={t('agreements.words')}
          description={t('agreements.words-hint')}
          required
          autosize
          minRows={4}
          data-autofocus
          {...form.getInputProps('words')}
        />
      )}
    </FormDrawer>
  );
}

function SignForm({ record, drawer, ...rest }: Given<'sign'>) {
  const { t, rate, day, word } = useWords();
  const { version } = drawer;
  const { agreement } = record;
  const id = record.agreement.id;
  return (
    <FormDrawer
      {...rest}
      opened
      title={
        version.amendmentId ? t('agreements.sign-amendment', { number: version.number }) : t('agreements.sign-title')
      }
      submitLabel={t('agreements.sign')}
      initial={{ title: '' }}
      submit={async ({ title }, key) => {
        const body = { title: title || null, termsSha256: version.termsSha256 };
        if (version.amendmentId)
          await call(signAmendment, { key, params: { id, amendmentId: version.amendmentId }, body });
        else await call(signAgreement, { key, params: { id }, body });
      }}
    >
      {(form) => (
        <Stack gap="sm">
          <Facts
            facts={[
              [t('agreements.reference'), agreement.reference],
              [t('agreements.perimeter'), agreement.perimeterName],
              [t('agreements.share'), rate(version.share)],
              [
                t('agreements.term'),
                `${day(version.from)} – ${agreement.endsOn ? day(agreement.endsOn) : t('agreements.open-ended')}`,
              ],
              [
                t('agreements.delay'),
                version.nominationDays === null
                  ? t('agreements.one-month')
                  : t('units.days', { count: version.nominationDays }),
              ],
              [t('agreements.nomination-mode'), word('nomination-mode', version.nominationMode)],
              [t('agreements.if-none'), word('if-none-proposed', version.ifNoneProposed)],
              version.amendmentId === null && [
                t('agreements.basis'),
                record.basis ? word('agreement-basis', record.basis) : t('agreements.basis-unknown'),
              ],
              version.amendmentId === null && [t('agreements.proposal-terms'), record.proposalTerms],
              version.reason !== null && [t('agreements.reason'), version.reason],
            ]}
          />
          <p className="dim">{t('agreements.sign-hint')}</p>
          <TextInput
            label={t('agreements.sign-as')}
            description={t('agreements.sign-as-hint')}
            data-autofocus
            {...form.getInputProps('title')}
          />
        </Stack>
      )}
    </FormDrawer>
  );
}

function AmendForm({ record, drawer: _, ...rest }: Given<'amend'>) {
  const { t, word } = useWords();
  const { agreement } = record;
  const running = record.versions.find(({ state }) => state === 'running') ?? record.versions[0]!;
  return (
    <FormDrawer
      {...rest}
      opened
      size={620}
      title={t('agreements.amend')}
      submitLabel={t('agreements.amend-save')}
      version={record.version}
      initial={{
        from: '',
        percent: (Number(running.share) * 100) as number | string,
        nominationDays: (running.nominationDays ?? '') as number | string,
        nominationMode: running.nominationMode,
        ifNoneProposed: running.ifNoneProposed,
        reason: '',
      }}
      submit={(values, key, version) =>
        call(proposeAmendment, {
          key,
          params: { id: agreement.id },
          body: {
            from: values.from,
            share: shareOf(values.percent),
            nominationDays: values.nominationDays === '' ? null : Number(values.nominationDays),
            nominationMode: values.nominationMode,
            ifNoneProposed: values.ifNoneProposed,
            reason: values.reason,
            version,
          },
        })
      }
    >
      {(form) => (
        <Stack gap="sm">
          <p className="dim">{t('agreements.amend-hint')}</p>
          <DayField label={t('agreements.amend-from')} required data-autofocus {...form.getInputProps('from')} />
          <PercentField
            label={t('agreements.share')}
            description={t('agreements.share-hint')}
            required
            {...form.getInputProps('percent')}
            error={form.errors.share}
          />
          <CapsPanel
            typed={{
              id: agreement.id,
              holder: agreement.holder,
              contingent: agreement.contingent,
              basis: record.basis,
              perimeterCode: agreement.perimeterCode,
              agreedOtherwise: record.agreedOtherwise,
              share: shareOf(form.values.percent),
              from: form.values.from,
              until: agreement.endsOn ?? '',
            }}
          />
          <NumberInput
            label={t('agreements.nomination-days')}
            description={t('agreements.nomination-days-hint')}
            min={1}
            max={90}
            hideControls
            {...form.getInputProps('nominationDays')}
          />
          <Select
            label={t('agreements.nomination-mode')}
            description={t('agreements.nomination-mode-hint')}
            data={nominationMode.options.map((value) => ({ value, label: word('nomination-mode', value) }))}
            allowDeselect={false}
            {...form.getInputProps('nominationMode')}
          />
          <Select
            label={t('agreements.if-none')}
            data={ifNoneProposed.options.map((value) => ({ value, label: word('if-none-proposed', value) }))}
            allowDeselect={false}
            {...form.getInputProps('ifNoneProposed')}
          />
          <Textarea label={t('agreements.reason')} required autosize minRows={2} {...form.getInputProps('reason')} />
        </Stack>
      )}
    </FormDrawer>
  );
}

function AbandonAmendmentForm({ record, drawer, ...rest }: Given<'abandon-amendment'>) {
  const { t } = useWords();
  const title = t('agreements.amend-abandon', { number: drawer.version.number });
  return (
    <FormDrawer
      {...rest}
      opened
      danger
      title={title}
      submitLabel={title}
      initial={{ words: '' }}
      submit={({ words }, key) =>
        call(abandonAmendment, {
          key,
          params: { id: record.agreement.id, amendmentId: drawer.version.amendmentId ?? '' },
          body: { words },
        })
      }
    >
      {(form) => (
        <Textarea
          label={t('agreements.reason')}
          required
          autosize
          minRows={2}
          data-autofocus
          {...form.getInputProps('words')}
        />
      )}
    </FormDrawer>
  );
}

function EndForm({ record, drawer: _, ...rest }: Given<'end'>) {
  const { t, word } = useWords();
  return (
    <FormDrawer
      {...rest}
      opened
      danger
      title={t('agreements.end-title')}
      submitLabel={t('agreements.end-save')}
      version={record.version}
      initial={{ endsOn: '', kind: 'both' as (typeof endingKind.options)[number], reason: '' }}
      submit={(values, key, version) =>
        call(endAgreement, { key, params: { id: record.agreement.id }, body: { ...values, version } })
      }
    >
      {(form) => (
        <Stack gap="sm">
          <p className="dim">{t('agreements.end-hint')}</p>
          <DayField label={t('agreements.end-day')} required data-autofocus {...form.getInputProps('endsOn')} />
          <Select
            label={t('agreements.end-kind')}
            data={endingKind.options.map((value) => ({ value, label: word('ending-kind', value) }))}
            allowDeselect={false}
            {...form.getInputProps('kind')}
          />
          <Textarea label={t('agreements.reason')} required autosize minRows={2} {...form.getInputProps('reason')} />
        </Stack>
      )}
    </FormDrawer>
  );
}

function ClauseForm({ record, drawer: _, ...rest }: Given<'clause'>) {
  const { t } = useWords();
  return (
    <FormDrawer
      {...rest}
      opened
      title={t('agreements.clause-add')}
      submitLabel={t('agreements.clause-add')}
      initial={{ dueOn: '', subject: '' }}
      submit={(body, key) => call(addClause, { key, params: { id: record.agreement.id }, body })}
    >
      {(form) => (
        <Stack gap="sm">
          <p className="dim">{t('agreements.clause-hint')}</p>
          <DayField label={t('agreements.clause-day')} required data-autofocus {...form.getInputProps('dueOn')} />
          <TextInput label={t('agreements.clause-subject')} required {...form.getInputProps('subject')} />
        </Stack>
      )}
    </FormDrawer>
  );
}

function OutcomeForm({ record, drawer, ...rest }: Given<'clause-outcome'>) {
  const { t } = useWords();
  return (
    <FormDrawer
      {...rest}
      opened
      title={drawer.clause.subject}
      submitLabel={t('agreements.clause-close')}
      initial={{ outcome: '' }}
      submit={(body, key) =>
        call(closeClause, { key, params: { id: record.agreement.id, clauseId: drawer.clause.id }, body })
      }
    >
      {(form) => (
        <Textarea
          label={t('agreements.clause-outcome')}
          required
          autosize
          minRows={3}
          data-autofocus
          {...form.getInputProps('outcome')}
        />
      )}
    </FormDrawer>
  );
}

function DerogationForm({ record, drawer: _, ...rest }: Given<'derogation'>) {
  const { t } = useWords();
  return (
    <FormDrawer
      {...rest}
      opened
      title={t('agreements.derogation-add')}
      submitLabel={t('agreements.derogation-add')}
      initial={{ reference: '', percent: '' as number | string, from: '', until: '', reason: '' }}
      submit={({ percent, ...body }, key) =>
        call(recordDerogation, {
          key,
          params: { id: record.agreement.id },
          body: { ...body, cap: shareOf(percent) },
        })
      }
    >
      {(form) => (
        <Stack gap="sm">
          <p className="dim">{t('agreements.derogation-hint')}</p>
          <TextInput
            label={t('agreements.derogation-reference')}
            required
            data-autofocus
            {...form.getInputProps('reference')}
          />
          <PercentField
            label={t('agreements.derogation-cap')}
            required
            {...form.getInputProps('percent')}
            error={form.errors.cap}
          />
          <DayField label={t('agreements.starts')} required {...form.getInputProps('from')} />
          <DayField label={t('agreements.ends')} required {...form.getInputProps('until')} />
          <Textarea label={t('agreements.reason')} required autosize minRows={2} {...form.getInputProps('reason')} />
        </Stack>
      )}
    </FormDrawer>
  );
}
