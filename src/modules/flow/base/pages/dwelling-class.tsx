import { Button, Drawer, Select, SimpleGrid, Skeleton, Stack, Textarea } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useActor } from '../../../../ui/actor.tsx';
import { call } from '../../../../ui/api.ts';
import { DayField } from '../../../../ui/fields.tsx';
import { FormDrawer } from '../../../../ui/form.tsx';
import { Panel, ProblemAlert } from '../../../../ui/parts.tsx';
import { PlainTable } from '../../../../ui/plain-table.tsx';
import { Steps } from '../../../../ui/why.tsx';
import { useWords } from '../../../../ui/words.tsx';
import { baseClass, classDwelling, getDwellingClass, listBaseDocuments } from '../contract.ts';
import classes from './base-page.module.css';
import { ClassTag } from './class-tag.tsx';

const toRules = 'rules';

/** One dwelling: what it is today, why, all it was; and the act of classing it by hand. */
export function DwellingClass({ dwellingId, onClose }: { dwellingId: string | null; onClose(): void }) {
  const { t, day, word } = useWords();
  const [classing, setClassing] = useState(false);
  const query = useQuery({
    queryKey: ['dwelling-class', dwellingId],
    queryFn: () => call(getDwellingClass, { params: { id: dwellingId! } }),
    enabled: dwellingId !== null,
  });
  const dwelling = query.data;
  return (
    <>
      <Drawer
        opened={dwellingId !== null && !classing}
        onClose={onClose}
        size={520}
        title={dwelling ? dwelling.address : t('base.dwelling')}
        closeButtonProps={{ 'aria-label': t('ui.close') }}
      >
        <ProblemAlert problem={query.error} onRetry={() => query.refetch()} />
        {query.isPending && dwellingId && <Skeleton height={220} radius={9} />}
        {dwelling && (
          <Stack gap="md">
            <div>
              <ClassTag baseClass={dwelling.baseClass} />{' '}
              <span className="dim">
                {dwelling.municipality} ·{' '}
                <Link to="/biens/$id" params={{ id: dwelling.id } as never}>
                  {dwelling.reference}
                </Link>
              </span>
            </div>
            <Panel title={t('ui.why')} flush>
              <Steps steps={dwelling.steps as never} />
            </Panel>
            {dwelling.can.class && <Button onClick={() => setClassing(true)}>{t('base.class-dwelling')}</Button>}
            <Panel title={t('base.history')} flush={dwelling.changes.length > 0}>
              {dwelling.changes.length === 0 ? (
                <p className="dim">{t('base.no-history')}</p>
              ) : (
                <PlainTable
                  caption={t('base.history')}
                  rows={dwelling.changes}
                  rowKey={(row) => row.at}
                  columns={[
                    { title: t('base.on'), width: 90, render: (row) => day(row.on) },
                    {
                      title: t('base.class'),
                      render: (row) =>
                        t('base.from-to', {
                          before: word('base-class', row.before),
                          after: word('base-class', row.after),
                        }),
                    },
                    {
                      title: t('base.because'),
                      render: (row) => (
                        <>
                          {word('class-change', row.cause)}
                          {row.why && <div className="dim">{row.why}</div>}
                        </>
                      ),
                    },
                  ]}
                />
              )}
            </Panel>
            {dwelling.links.map((link) => (
              <p key={link.usedVacancyId} className={classes.lines}>
                <span>
                  {t('base.freed-by-mutation', { on: day(link.on) })}{' '}
                  <Link to="/liberations/$id" params={{ id: link.usedVacancyId } as never}>
                    {t('base.vacancy-used')}
                  </Link>
                </span>
              </p>
            ))}
          </Stack>
        )}
      </Drawer>
      {dwelling && (
        <ClassForm
          dwellingId={dwelling.id}
          address={dwelling.address}
          current={dwelling.baseClass}
          opened={classing}
          onClose={() => setClassing(false)}
        />
      )}
    </>
  );
}

function ClassForm({
  dwellingId,
  address,
  current,
  ...props
}: {
  dwellingId: string;
  address: string;
  current: string;
  opened: boolean;
  onClose(): void;
}) {
  const { t, word } = useWords();
  const { today } = useActor();
  const client = useQueryClient();
  const documents = useQuery({
    queryKey: ['base-documents'],
    queryFn: () => call(listBaseDocuments),
    enabled: props.opened,
  });
  return (
    <FormDrawer
      {...props}
      title={t('base.class-of', { address })}
      submitLabel={t('base.save-class')}
      initial={{
        baseClass: current,
        documentId: null as string | null,
        reason: '',
        startsOn: today as string,
        endsOn: '',
      }}
      submit={(values, key) =>
        call(classDwelling, {
          params: { id: dwellingId },
          key,
          body: {
            baseClass: values.baseClass === toRules ? null : (values.baseClass as never),
            documentId: values.documentId,
            reason: values.reason,
            startsOn: values.startsOn,
            endsOn: values.endsOn || null,
          },
        })
      }
      onDone={() => {
        client.invalidateQueries();
        props.onClose();
      }}
    >
      {(form) => (
        <Stack gap="sm">
          <p className="dim">{t('base.class-hint')}</p>
          <Select
            label={t('base.class')}
            data={[
              ...baseClass.options.map((value) => ({ value: value as string, label: word('base-class', value) })),
              { value: toRules, label: t('base.back-to-rules') },
            ]}
            allowDeselect={false}
            {...form.getInputProps('baseClass')}
          />
          <Textarea label={t('base.reason')} required autosize minRows={2} {...form.getInputProps('reason')} />
          <DocumentSelect documents={documents.data?.items ?? []} {...form.getInputProps('documentId')} />
          <SimpleGrid cols={2}>
            <DayField label={t('base.from')} required {...form.getInputProps('startsOn')} />
            <DayField label={t('base.until')} {...form.getInputProps('endsOn')} />
          </SimpleGrid>
        </Stack>
      )}
    </FormDrawer>
  );
}

/** The document an exclusion rests on, if any. */
export function DocumentSelect({
  documents,
  ...input
}: {
  documents: readonly { id: string; title: string; number: string }[];
  value?: string | null;
  onChange?(value: string | null): void;
}) {
  const { t } = useWords();
  return (
    <Select
      label={t('base.document')}
      description={t('base.document-hint')}
      data={documents.map(({ id, title, number }) => ({ value: id, label: `${title} (${number})` }))}
      nothingFoundMessage={t('base.no-document')}
      clearable
      searchable
      {...input}
    />
  );
}
